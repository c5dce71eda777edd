package org.omniscribe.app.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Main;
import org.omniscribe.asr.testing.TestResources;
import org.omniscribe.asr.testing.WavFile;

/**
 * A batch that is killed, by SIGKILL where there is one, at random moments, and started again each time.
 *
 * <p>Three times here; {@code -Domniscribe.kills=100} makes it a hundred.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("omniscribe.kills", 3);
    private static final int RECORDINGS = 16;
    private static final String MODEL = TestResources.tinyModel().toString();

    @TempDir
    Path folder;

    private Process start(Path in, Path out) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dai.djl.offline=true",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "transcribe",
                        in.toString(),
                        "-o",
                        out.toString(),
                        "-f",
                        "txt,json,srt",
                        "-m",
                        MODEL,
                        "--jobs",
                        "2",
                        "--threads",
                        "1",
                        "--progress",
                        "json")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** What the program said until its end; it must have ended well. */
    private static String finish(Process process) throws IOException, InterruptedException {
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    private static Map<String, String> outputs(Path out) throws IOException {
        return BatchTest.content(out).entrySet().stream()
                .filter(file -> !file.getKey().startsWith(".") && !file.getKey().startsWith("results"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Test
    void everyRecordingIsDoneOnceAndNoOutputIsEverThereByHalf() throws IOException, InterruptedException {
        Path in = folder.resolve("in");
        for (int i = 0; i < RECORDINGS; i++) {
            WavFile.noise(in.resolve(i + ".wav"), 0.6 + 0.1 * i);
        }
        Path reference = folder.resolve("reference");
        finish(start(in, reference));
        Map<String, String> wanted = outputs(reference);
        assertEquals(3 * RECORDINGS, wanted.size());

        long seed = System.nanoTime();
        Random random = new Random(seed);
        int round = 0;
        int interrupted = 0;
        Path out = folder.resolve("out0");
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = start(in, out);
            // By what the program says of itself, and some time more, which is about what a recording takes.
            int lines = 1 + random.nextInt(3 * RECORDINGS / 2);
            String first;
            try (BufferedReader said = process.errorReader(StandardCharsets.UTF_8)) {
                first = said.readLine();
                for (int line = 1; line < lines && said.readLine() != null; line++) {}
                process.waitFor(random.nextInt(20_000), TimeUnit.MICROSECONDS);
                interrupted += process.isAlive() ? 1 : 0;
                process.destroyForcibly();
            }
            process.waitFor();
            for (Map.Entry<String, String> file : outputs(out).entrySet()) {
                assertEquals(wanted.get(file.getKey()), file.getValue(), file.getKey() + ", seed " + seed);
            }
            if (first.contains("\"files\":0")) {
                check(out, reference, seed);
                round++;
                out = folder.resolve("out" + round);
            }
        }
        finish(start(in, out));
        check(out, reference, seed);
        System.out.println("KillTest: " + KILLS + " kills, " + interrupted + " of them before the end, " + (round + 1)
                + " batches completed");
        assertTrue(interrupted > KILLS / 2, interrupted + " kills before the end");
    }

    private void check(Path out, Path reference, long seed) throws IOException, InterruptedException {
        assertEquals(outputs(reference), outputs(out), "seed " + seed);
        finish(start(folder.resolve("in"), out));
        List<String> results = Files.readAllLines(out.resolve(Results.LINES));
        List<String> wanted = Files.readAllLines(reference.resolve(Results.LINES));
        assertEquals(
                wanted.stream()
                        .map(line -> line.replace(reference.toString(), out.toString()))
                        .toList(),
                results,
                "seed " + seed);
        // A line for the format, and exactly one for every recording.
        assertEquals(
                1 + RECORDINGS, Files.readAllLines(out.resolve(Journal.NAME)).size(), "seed " + seed);
    }
}
