package org.omniscribe.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.AudioRecording;

/**
 * TERM while the network works: what has begun comes to its end, nothing is left over, and the exit code tells of the signal.
 * {@code src/test/scripts/signals.py} sends many, at random moments.
 */
@Timeout(300)
class SignalTest {
    private static final int TERMINATED = 128 + 15;
    private static final String MODEL = Path.of("..", "asr-core", "src", "test", "resources", "tiny-model.omni")
            .toString();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private Path talk;

    /** Some minutes of speech. */
    @BeforeEach
    void record() {
        talk = folder.resolve("talk.wav");
        float[] river = AudioReader.readAll(Path.of("..", "docs", "sample", "river.wav"))
                .samples();
        float[] pause = new float[AudioClip.SAMPLE_RATE];
        try (AudioRecording recording = AudioRecording.create(talk)) {
            for (int i = 0; i < 60; i++) {
                recording.write(river, 0, river.length);
                recording.write(pause, 0, pause.length);
            }
        }
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dai.djl.offline=true",
                "-Djava.io.tmpdir=" + folder,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-m", MODEL, "--threads", "1"));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assumeTrue(process.supportsNormalTermination(), "this system has no signal that asks a program to end");
        return process;
    }

    private List<Path> inside(Path parent, String pattern) throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .toList();
        }
    }

    @Test
    void aServerAnswersWhatHasComeIn() throws Exception {
        Process process = start("serve", "--port", "0", "--jobs", "1");
        BufferedReader said = process.errorReader(StandardCharsets.UTF_8);
        Matcher address = Pattern.compile("http://127\\.0\\.0\\.1:\\d+").matcher("");
        for (String line;
                (line = said.readLine()) != null && !address.reset(line).find(); ) {}
        String server = address.group();
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        form.writeBytes(Files.readAllBytes(talk));
        form.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + "/v1/audio/transcriptions"))
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofByteArray(form.toByteArray()))
                .build();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            answers.add(CLIENT.sendAsync(request, BodyHandlers.ofString()));
        }
        HttpRequest metrics =
                HttpRequest.newBuilder(URI.create(server + "/metrics")).build();
        Pattern there = Pattern.compile("omniscribe_requests_(open|total\\S*) ([1-9])");
        int count;
        do {
            count = there.matcher(CLIENT.send(metrics, BodyHandlers.ofString()).body())
                    .results()
                    .mapToInt(found -> Integer.parseInt(found.group(2)))
                    .sum();
        } while (count < 3);
        process.toHandle().destroy();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertEquals(200, answer.get().statusCode(), answer.get().body());
        }
        assertEquals(TERMINATED, process.waitFor());
        assertEquals(List.of(), inside(folder, "omniscribe-uploads.*"));
    }

    @Test
    void aBatchKeepsWhatIsDoneAndLeavesNothingByHalf() throws Exception {
        Path in = Files.createDirectory(folder.resolve("in"));
        for (int i = 0; i < 40; i++) {
            Files.copy(talk, in.resolve(i + ".wav"));
        }
        Path out = folder.resolve("out");
        Process process = start("transcribe", in.toString(), "-o", out.toString(), "--jobs", "2");
        while (!Files.exists(out) || inside(out, ".*\\.txt").isEmpty()) {
            assertTrue(process.isAlive());
            Thread.onSpinWait();
        }
        process.toHandle().destroy();
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(TERMINATED, process.waitFor(), said);
        assertTrue(said.contains("no more recordings are begun"), said);
        int done = inside(out, ".*\\.txt").size();
        assertTrue(done < 40, "it did not end by itself");
        assertEquals(List.of(), inside(out, ".*\\.part"));
        long results = Files.readAllLines(out.resolve("results.jsonl")).stream()
                .filter(line -> line.contains("\"words\""))
                .count();
        assertEquals(done, results, "every transcript is in the results, and no other");
    }
}
