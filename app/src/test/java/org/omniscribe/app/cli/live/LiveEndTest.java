package org.omniscribe.app.cli.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Main;
import org.omniscribe.app.desktop.document.TranscriptFile;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.AudioRecording;
import org.omniscribe.asr.testing.TestResources;
import org.omniscribe.asr.transcript.Transcript;

/** A live session that is interrupted as Ctrl-C does, and one that is killed. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LiveEndTest {
    private static final Path RIVER = Path.of("..", "docs", "sample", "river.wav");
    private static final Path MODEL = TestResources.tinyModel();

    @TempDir
    private Path folder;

    /** Ten times the sample, with pauses: no session here lives to its end. */
    private Path talk;

    private Path json;
    private Path kept;

    @BeforeEach
    void record() {
        talk = folder.resolve("talk.wav");
        json = folder.resolve("out.json");
        kept = folder.resolve("kept.wav");
        float[] river = AudioReader.readAll(RIVER).samples();
        float[] pause = new float[2 * AudioClip.SAMPLE_RATE];
        try (AudioRecording recording = AudioRecording.create(talk)) {
            for (int i = 0; i < 10; i++) {
                recording.write(river, 0, river.length);
                recording.write(pause, 0, pause.length);
            }
        }
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dai.djl.offline=true",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "live",
                        "--file",
                        talk.toString(),
                        "--speed",
                        "5",
                        "-f",
                        "txt,json",
                        "-o",
                        folder.resolve("out").toString(),
                        "--record",
                        kept.toString(),
                        "-m",
                        MODEL.toString(),
                        "--threads",
                        "1")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void anInterruptKeepsAllThatWasSaid() throws IOException, InterruptedException {
        Process process = start();
        assumeTrue(process.supportsNormalTermination(), "this system has no signal that asks a program to end");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String first = out.readLine();
            // The process's own way to end it would also close the stream that its last words come by.
            process.toHandle().destroy();
            List<String> rest = out.lines().toList();
            assertEquals(143, process.waitFor());
            List<String> written = Files.readAllLines(folder.resolve("out.txt"));
            assertEquals(first, written.get(0));
            assertEquals(rest, written.subList(1, written.size()));
            Transcript transcript = TranscriptFile.read(json);
            assertEquals(String.join("\n", written), lines(transcript));
            double seconds = AudioReader.readAll(kept).seconds();
            assertEquals(seconds, transcript.duration(), 0.1, "the sound is as long as what was heard");
            assertTrue(seconds < AudioReader.readAll(talk).seconds(), "the session did not end by itself");
        }
    }

    private static String lines(Transcript transcript) {
        return String.join(
                "\n", transcript.segments().stream().map(s -> s.text()).toList());
    }

    @Test
    void aKilledSessionLeavesWholeFiles() throws IOException, InterruptedException {
        Process process = start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String first = out.readLine();
            // The files are brought up to date every second; the last segment may be one that is still being spoken.
            while (!Files.exists(json) || TranscriptFile.read(json).segments().size() < 2) {
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
            process.destroyForcibly();
            process.waitFor();
            assertEquals(first, TranscriptFile.read(json).segments().get(0).text());
            assertTrue(AudioReader.readAll(kept).seconds() > 4, "the sound that was said by then");
        }
    }
}
