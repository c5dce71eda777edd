package org.omniscribe.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.testing.TestResources;

/** Callers that are slow, leave, lie or attack, over plain sockets. */
@Timeout(120)
class HostileCallersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path RIVER = Path.of("..", "docs", "sample", "river.wav");
    private static final String FORM = "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: multipart/form-data; boundary=b\r\n";
    private static Recognizer recognizer;

    private TranscriptionServer server;

    @BeforeAll
    static void open() {
        recognizer = Recognizer.open(RecognizerOptions.builder()
                .model(TestResources.tinyModel())
                .threads(1)
                .build());
    }

    @AfterAll
    static void close() {
        recognizer.close();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void start(int jobs, int queue, Duration timeout, Duration idle, Duration grace) throws IOException {
        server = TranscriptionServer.start(
                recognizer,
                new ServerOptions(
                        "127.0.0.1",
                        0,
                        List.of("speech.example"),
                        Optional.empty(),
                        jobs,
                        queue,
                        1,
                        200_000_000,
                        350 * 60,
                        timeout,
                        idle,
                        grace,
                        false,
                        new Channel.Mix()));
    }

    private void start() throws IOException {
        start(1, 0, Duration.ofSeconds(100), Duration.ofSeconds(60), Duration.ofSeconds(60));
    }

    private static byte[] form(byte[] sound) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        form.writeBytes(sound);
        form.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        return form.toByteArray();
    }

    private static byte[] request(byte[] sound) {
        byte[] form = form(sound);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes((FORM + "Content-Length: " + form.length + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(form);
        return request.toByteArray();
    }

    /** Noise for minutes, at 8 bits and 8 kHz. */
    private static byte[] minutes(int minutes) {
        byte[] noise = new byte[minutes * 60 * 8000];
        new Random(7).nextBytes(noise);
        ByteArrayOutputStream wav = new ByteArrayOutputStream();
        wav.writeBytes("RIFF".getBytes(StandardCharsets.US_ASCII));
        little(wav, 36 + noise.length, 4);
        wav.writeBytes("WAVEfmt ".getBytes(StandardCharsets.US_ASCII));
        little(wav, 16, 4);
        little(wav, 1, 2);
        little(wav, 1, 2);
        little(wav, 8000, 4);
        little(wav, 8000, 4);
        little(wav, 1, 2);
        little(wav, 8, 2);
        wav.writeBytes("data".getBytes(StandardCharsets.US_ASCII));
        little(wav, noise.length, 4);
        wav.writeBytes(noise);
        return wav.toByteArray();
    }

    private static void little(ByteArrayOutputStream out, int value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write(value >> 8 * i);
        }
    }

    private Socket connect() throws IOException {
        return new Socket("127.0.0.1", server.port());
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Sends something and takes all that comes until the connection is closed. */
    private String exchange(byte[] request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request);
            return rest(socket);
        }
    }

    private String exchange(String request) throws IOException {
        return exchange(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String metrics() throws IOException {
        return exchange("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    private static void refused(int status, String answer) throws IOException {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertTrue(answer.contains("Content-Type: application/json"), answer);
        JsonNode error =
                JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4)).get("error");
        assertFalse(error.get("message").asText().isBlank(), answer);
        assertTrue(error.get("type").isTextual(), answer);
        assertTrue(error.get("code").isNull() || error.get("code").isTextual(), answer);
    }

    @Test
    void slowSendersHoldNoPlaceAndAreDroppedWith408() throws IOException {
        start(1, 0, Duration.ofSeconds(8), Duration.ofSeconds(60), Duration.ofSeconds(60));
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 6; i++) {
                Socket socket = connect();
                slow.add(socket);
                socket.getOutputStream()
                        .write((FORM + "Content-Length: 100000\r\n\r\n--b\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            while (!metrics().contains("omniscribe_requests_coming 6.000\n")) {
                Thread.onSpinWait();
            }
            assertTrue(exchange(request(Files.readAllBytes(RIVER))).startsWith("HTTP/1.1 200"), "there is a place");
            for (Socket socket : slow) {
                refused(408, rest(socket));
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        assertTrue(metrics().contains("omniscribe_requests_total{status=\"408\"} 6\n"), metrics());
        assertTrue(metrics().contains("omniscribe_requests_open 0.000\n"), metrics());
    }

    @Test
    void whoSendsNothingForTooLongIsDroppedWith408() throws IOException {
        start(1, 0, Duration.ofSeconds(100), Duration.ofMillis(300), Duration.ofSeconds(60));
        refused(408, exchange(FORM + "Content-Length: 100000\r\n\r\n--b\r\n"));
    }

    @Test
    void aRefusalAfterLongWorkReachesItsCaller() throws IOException {
        // Longer than allowed, which its header does not tell; so it is found after some seconds of work.
        start(1, 0, Duration.ofSeconds(100), Duration.ofSeconds(1), Duration.ofSeconds(60));
        byte[] sound = minutes(400);
        Arrays.fill(sound, 40, 44, (byte) 0xff);
        refused(413, exchange(request(sound)));
    }

    @Test
    void workForWhoeverLeftEnds() throws IOException {
        start();
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request(minutes(300)));
            while (!metrics().contains("omniscribe_requests_working 1.000\n")) {
                Thread.onSpinWait();
            }
        }
        while (!metrics().contains("omniscribe_requests_working 0.000\n")) {
            Thread.onSpinWait();
        }
        assertTrue(metrics().contains("omniscribe_requests_total{status=\"499\"} 1\n"), metrics());
        assertFalse(metrics().contains("status=\"200\""), "it was not worked on to its end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nLONG\r\n--b--\r\n",
                "LONG",
                "no form"
            })
    void theConnectionOfAFormThatCannotBeReadIsUsedAgain(String form) throws IOException {
        start();
        String body = form.replace("LONG", "word ".repeat(20_000));
        String answers = exchange(FORM + "Content-Length: " + body.length() + "\r\n\r\n" + body
                + "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertTrue(answers.startsWith("HTTP/1.1 400"), answers);
        assertTrue(answers.endsWith("{\"status\":\"ok\"}"), answers);
    }

    @Test
    void whatComesWhileARequestIsWorkedOnIsAnsweredAfterIt() throws IOException {
        start();
        byte[] form = form(minutes(20));
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes((FORM + "Content-Length: " + form.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        both.writeBytes(form);
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(both.toByteArray());
            while (!metrics().contains("omniscribe_requests_working 1.000\n")) {
                Thread.onSpinWait();
            }
            out.write("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            String answers = rest(socket);
            assertTrue(answers.startsWith("HTTP/1.1 200"), answers);
            assertTrue(answers.endsWith("{\"status\":\"ok\"}"), answers);
        }
    }

    @Test
    void onlyNamesThatItWasToldAreAnswered() throws IOException {
        start();
        for (String path : List.of("/v1/models", "/metrics", "/health", "/v1/audio/live")) {
            for (String host :
                    List.of("evil.example", "evil.example:" + server.port(), "localhost.evil.example", "10.1.2.3")) {
                refused(
                        403,
                        exchange("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host
                                + "\r\nConnection: close\r\n\r\n"));
            }
        }
        refused(
                403,
                exchange(
                        "GET http://evil.example/v1/models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"));
        for (String host :
                List.of("localhost", "LocalHost:" + server.port(), "127.0.0.1", "[::1]:80", "speech.example:443")) {
            String answer = exchange("GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200"), host + ": " + answer);
        }
    }

    @Test
    void refusalsOfTheHttpServerItselfHaveTheFormOfOpenAi() throws IOException {
        start();
        refused(400, exchange("nonsense\r\n\r\n"));
        refused(400, exchange("GET /health HTTP/1.1\r\n\r\n"));
        refused(400, exchange("GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        refused(431, exchange("GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + "y".repeat(20_000) + "\r\n\r\n"));
        refused(505, exchange("GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n"));
    }

    @Test
    void aChunkThatIsNoneIsAnsweredOnceAndNothingIsTakenForAnotherRequest() throws IOException {
        start();
        String answer = exchange(FORM + "Transfer-Encoding: chunked\r\n\r\n1;ext=\"val\r\nX\r\n0\r\n\r\n"
                + "GET /health HTTP/1.1\r\nHost: localhost\r\nX: y\"\r\n\r\n");
        assertEquals(1, answer.split("HTTP/1\\.1 ", -1).length - 1, answer);
        refused(400, answer);
    }

    @Test
    void aFrameOfAnUnknownKindTakesNoMemoryAndEndsTheSession() throws IOException {
        start();
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(("GET /v1/audio/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            StringBuilder head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                head.append((char) in.readByte());
            }
            assertTrue(head.toString().startsWith("HTTP/1.1 101"), head.toString());
            // Opcode 3, 1.8 GB, which is more than this virtual machine has left; and 20 bytes of them.
            out.write(new byte[] {(byte) 0x83, (byte) 0xff, 0, 0, 0, 0, 0x6b, 0x49, (byte) 0xd2, 0, 1, 2, 3, 4});
            out.write(new byte[20]);
            assertEquals((byte) 0x88, in.readByte(), "a frame that closes");
            in.readByte();
            assertEquals(1002, in.readUnsignedShort());
        }
    }

    @Test
    void whatHasComeInIsAnsweredWhenTheServerIsClosedAndNoUploadIsLeft() throws Exception {
        start(1, 2, Duration.ofSeconds(100), Duration.ofSeconds(60), Duration.ofSeconds(60));
        List<CompletableFuture<String>> answers = inWork(3, request(minutes(20)));
        server.close();
        for (CompletableFuture<String> answer : answers) {
            assertTrue(answer.get().startsWith("HTTP/1.1 200"), answer.get());
        }
    }

    @Test
    void whatIsNotDoneInTheGraceTimeIsRefusedWith503() throws Exception {
        start(1, 2, Duration.ofSeconds(100), Duration.ofSeconds(60), Duration.ZERO);
        List<CompletableFuture<String>> answers = inWork(3, request(minutes(300)));
        server.close();
        for (CompletableFuture<String> answer : answers) {
            refused(503, answer.get());
        }
    }

    /** Requests that have come in, of which the first is worked on. */
    private List<CompletableFuture<String>> inWork(int count, byte[] request) throws IOException {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return exchange(request);
                        } catch (IOException e) {
                            return e.toString();
                        }
                    },
                    command -> new Thread(command).start()));
        }
        while (!metrics().contains("omniscribe_requests_open " + count + ".000\n")) {
            Thread.onSpinWait();
        }
        return answers;
    }
}
