package org.omniscribe.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.RequestOptions;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.decode.Hotwords;
import org.omniscribe.asr.stream.RecognitionEvent;
import org.omniscribe.asr.stream.StreamOptions;
import org.omniscribe.asr.stream.StreamingRecognizer;
import org.omniscribe.asr.testing.TestResources;

/** The server, called over loopback as other programs call it, with a tiny network of random weights. */
// A fault may well be an answer that never comes.
@Timeout(120)
class TranscriptionServerTest {
    private static final Path RIVER = Path.of("..", "docs", "sample", "river.wav");
    private static final String BOUNDARY = "the-boundary";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LIVE = 1;
    private static Recognizer recognizer;

    private TranscriptionServer server;

    @BeforeAll
    static void open() {
        recognizer = Recognizer.open(RecognizerOptions.builder()
                .model(TestResources.tinyModel())
                .threads(1)
                .routing(true)
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

    private void start(Optional<String> token, int jobs, int queue, double longest, boolean routing)
            throws IOException {
        start(token, jobs, queue, longest, routing, Duration.ofSeconds(120));
    }

    private void start(Optional<String> token, int jobs, int queue, double longest, boolean routing, Duration timeout)
            throws IOException {
        server = TranscriptionServer.start(
                recognizer, options(token, jobs, queue, longest, routing, timeout, Duration.ofSeconds(60)));
    }

    static ServerOptions options(
            Optional<String> token,
            int jobs,
            int queue,
            double longest,
            boolean routing,
            Duration timeout,
            Duration idle) {
        return new ServerOptions(
                "127.0.0.1",
                0,
                List.of("speech.example"),
                token,
                jobs,
                queue,
                LIVE,
                1_000_000,
                longest,
                timeout,
                idle,
                Duration.ofSeconds(30),
                routing,
                new Channel.Mix());
    }

    private void start() throws IOException {
        start(Optional.empty(), 2, 4, 1000, false);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static byte[] form(byte[] file, String... fields) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        for (String field : fields) {
            String[] pair = field.split("=", 2);
            form.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + pair[0] + "\"\r\n\r\n"
                            + pair[1] + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        if (file != null) {
            form.writeBytes(("--" + BOUNDARY
                            + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"talk.wav\"\r\n"
                            + "Content-Type: audio/wav\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            form.writeBytes(file);
            form.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        form.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return form.toByteArray();
    }

    private HttpRequest.Builder request(byte[] form) {
        return HttpRequest.newBuilder(uri(TranscriptionServer.PATH))
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(form));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(byte[] file, String... fields) throws IOException, InterruptedException {
        return send(request(form(file, fields)));
    }

    private String get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path))).body();
    }

    @Test
    void everyFormatIsAnswered() throws IOException, InterruptedException {
        start();
        byte[] sound = Files.readAllBytes(RIVER);
        String text = recognizer.transcribe(RIVER).text();
        assertEquals(
                Map.of("text", text, "usage", Map.of("type", "duration", "seconds", 5)),
                JSON.readValue(post(sound, "model=whisper-1", "temperature=0").body(), Map.class));
        assertEquals(text + "\n", post(sound, "response_format=text").body());
        assertTrue(post(sound, "response_format=srt").body().startsWith("1\n00:00:0"));
        assertTrue(post(sound, "response_format=vtt").body().startsWith("WEBVTT\n"));

        JsonNode plain = JSON.readTree(
                post(sound, "response_format=verbose_json", "language=en").body());
        assertEquals(text, plain.get("text").asText());
        assertEquals(4.895, plain.get("duration").asDouble());
        assertTrue(plain.get("segments").size() > 0);
        assertFalse(plain.has("words"));
        assertFalse(plain.has("routing"));

        JsonNode words = JSON.readTree(post(sound, "response_format=verbose_json", "timestamp_granularities[]=word")
                .body());
        assertFalse(words.has("segments"));
        List<String> said = new ArrayList<>();
        words.get("words").forEach(word -> said.add(word.get("word").asText()));
        assertEquals(text, String.join(" ", said));

        assertTrue(get("/metrics").contains("omniscribe_requests_total{status=\"200\"} 6\n"), get("/metrics"));
        assertTrue(get("/v1/models").contains("\"tiny-random\""));
    }

    @Test
    void whatCannotBeAnsweredIsToldWhy() throws IOException, InterruptedException {
        start(Optional.empty(), 2, 4, 2, false);
        byte[] sound = Files.readAllBytes(RIVER);
        refused(400, "the field \\\"file\\\" is missing", post(null, "model=x"));
        refused(
                400,
                "talk.wav: this is no kind of sound file",
                post("hello".repeat(100).getBytes(StandardCharsets.UTF_8)));
        refused(400, "only English", post(sound, "language=de"));
        refused(400, "use json, text, srt, vtt or verbose_json", post(sound, "response_format=pdf"));
        refused(400, "need response_format verbose_json", post(sound, "timestamp_granularities[]=word"));
        refused(400, "does not tell the routing", post(sound, "response_format=verbose_json", "include[]=routing"));
        refused(400, "stream is for", post(sound, "stream=true", "response_format=srt"));
        refused(400, "stream is true or false", post(sound, "stream=maybe"));
        refused(400, "include \\\"logprobs\\\" is not done here", post(sound, "include[]=logprobs"));
        refused(400, "not done here: chunking_strategy", post(sound, "chunking_strategy=auto"));
        refused(400, "not done here: known_speaker_names[]", post(sound, "known_speaker_names[]=Ann"));
        refused(400, "from 0 to 1", post(sound, "temperature=77"));
        refused(400, "from 0 to 1", post(sound, "temperature=warm"));
        refused(400, "more than 65536 bytes", post(sound, "prompt=" + "word ".repeat(20_000)));
        refused(413, "longer than the 2 s", post(sound));
        refused(413, "more than 1000000 bytes", post(new byte[1_100_000]));
        refused(413, "more than 1000000 bytes", post(new byte[30_000_000]));
        for (int size : new int[] {1_100_000, 30_000_000}) {
            refused(
                    413,
                    "more than 1000000 bytes",
                    send(request(new byte[0])
                            .POST(HttpRequest.BodyPublishers.fromPublisher(
                                    HttpRequest.BodyPublishers.ofByteArray(form(new byte[size]))))));
        }
        refused(400, "multipart/form-data", send(request(sound).setHeader("Content-Type", "audio/wav")));
        refused(
                400,
                "cannot be read as multipart",
                send(request(sound).setHeader("Content-Type", "multipart/form-data")));
        refused(404, "there is nothing at /v2", send(HttpRequest.newBuilder(uri("/v2"))));
        refused(405, "POST", send(HttpRequest.newBuilder(uri(TranscriptionServer.PATH))));
    }

    @Test
    void aStreamedAnswerHasTheEventsOfOpenAi() throws IOException, InterruptedException {
        start();
        byte[] sound = Files.readAllBytes(RIVER);
        String text = recognizer.transcribe(RIVER).text();
        HttpResponse<String> answer = post(sound, "stream=true");
        assertEquals(
                "text/event-stream; charset=utf-8",
                answer.headers().firstValue("Content-Type").orElse(""));
        List<String> events = new ArrayList<>(List.of(answer.body().split("\n\n")));
        assertEquals("data: [DONE]", events.remove(events.size() - 1));
        StringBuilder deltas = new StringBuilder();
        JsonNode last = null;
        for (String event : events) {
            assertTrue(event.startsWith("data: {"), event);
            last = JSON.readTree(event.substring("data: ".length()));
            if (last.get("type").asText().equals("transcript.text.delta")) {
                deltas.append(last.get("delta").asText());
            }
        }
        assertEquals(text, deltas.toString());
        assertEquals("transcript.text.done", last.get("type").asText());
        assertEquals(text, last.get("text").asText());
        assertFalse(last.has("usage"), "OpenAI's library for Java takes one in tokens only");
        // What is refused before the first event is refused as ever.
        refused(
                400,
                "no kind of sound file",
                post("hello".repeat(100).getBytes(StandardCharsets.UTF_8), "stream=true"));
    }

    @Test
    void aPromptMakesItsWordsLikelier() throws IOException, InterruptedException {
        start();
        byte[] sound = Files.readAllBytes(RIVER);
        String plain = post(sound, "response_format=text").body();
        Hotwords hot = Prompt.hotwords("We met Grzegorz.").orElseThrow();
        String hotter;
        try (AudioReader reader = AudioReader.open(RIVER, new Channel.Mix())) {
            hotter = recognizer
                    .transcribe(reader, "talk.wav", RequestOptions.standard().withHotwords(hot))
                    .text();
        }
        assertEquals(
                hotter + "\n",
                post(sound, "response_format=text", "prompt=We met Grzegorz.").body());
        assertNotEquals(plain, hotter + "\n");
        assertEquals(plain, post(sound, "response_format=text").body(), "of one request only");
    }

    @Test
    void theSameSpeechEndsAtTheSameTimeInAllFormats() throws IOException, InterruptedException {
        start();
        byte[] sound = Files.readAllBytes(RIVER);
        JsonNode segments = JSON.readTree(
                        post(sound, "response_format=verbose_json").body())
                .get("segments");
        double end = segments.get(segments.size() - 1).get("end").asDouble();
        String clock = String.format(Locale.ROOT, "%02d%s%03d", (int) end, "%s", Math.round(end * 1000) % 1000);
        String srt = post(sound, "response_format=srt").body();
        String vtt = post(sound, "response_format=vtt").body();
        assertTrue(srt.contains(" --> 00:00:" + String.format(clock, ",") + "\n"), srt + segments);
        assertTrue(vtt.contains(" --> 00:00:" + String.format(clock, ".") + "\n"), vtt + segments);
    }

    @Test
    void theModelIsFoundByItsName() throws IOException, InterruptedException {
        start();
        JsonNode all = JSON.readTree(get("/v1/models"));
        JsonNode one = JSON.readTree(get("/v1/models/tiny-random"));
        assertEquals(all.get("data").get(0), one);
        refused(404, "there is no model", send(HttpRequest.newBuilder(uri("/v1/models/whisper-1"))));
    }

    private static void refused(int status, String message, HttpResponse<String> response) throws IOException {
        assertEquals(status, response.statusCode(), response.body());
        assertTrue(response.body().contains(message), response.body());
        isError(response.body());
    }

    /** The form of OpenAI's errors. */
    private static void isError(String body) throws IOException {
        JsonNode error = JSON.readTree(body).get("error");
        assertFalse(error.get("message").asText().isBlank(), body);
        assertTrue(error.get("type").isTextual(), body);
        assertTrue(error.get("param").isNull() || error.get("param").isTextual(), body);
        assertTrue(error.get("code").isNull() || error.get("code").isTextual(), body);
    }

    @Test
    void routingIsToldWhereTheServerAllowsItAndTheCallerAsks() throws IOException, InterruptedException {
        start(Optional.empty(), 1, 1, 1000, true);
        byte[] sound = Files.readAllBytes(RIVER);
        assertFalse(post(sound, "response_format=verbose_json").body().contains("experts"));
        JsonNode asked = JSON.readTree(
                post(sound, "response_format=verbose_json", "include[]=routing").body());
        assertTrue(asked.get("routing").get("experts").get(0).size() > 0);
    }

    @Test
    void onlyWhoHasTheTokenIsServedAndNoWebPageOfAnotherSite() throws IOException, InterruptedException {
        start(Optional.of("secret"), 1, 1, 1000, false);
        byte[] form = form(Files.readAllBytes(RIVER));
        refused(401, "token", send(request(form)));
        refused(401, "token", send(request(form).header("Authorization", "Bearer secre")));
        refused(401, "token", send(HttpRequest.newBuilder(uri("/metrics"))));
        assertEquals(
                200,
                send(request(form).header("Authorization", "Bearer secret")).statusCode());
        assertEquals(200, send(HttpRequest.newBuilder(uri("/health"))).statusCode());
        refused(
                403,
                "other sites",
                send(request(form).header("Authorization", "Bearer secret").header("Origin", "https://example.org")));
    }

    @Test
    void manyAtOnceAreAnsweredRightOrToldToComeAgain() throws Exception {
        start(Optional.empty(), 2, 2, 1000, false);
        byte[] sound = Files.readAllBytes(RIVER);
        String expected = post(sound, "response_format=text").body();
        int clients = 12;
        int requests = 5;
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        Map<Integer, Integer> answers = new TreeMap<>();
        try {
            List<Future<List<HttpResponse<String>>>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                all.add(threads.submit(() -> {
                    List<HttpResponse<String>> heard = new ArrayList<>();
                    for (int j = 0; j < requests; j++) {
                        heard.add(post(sound, "response_format=text"));
                    }
                    return heard;
                }));
            }
            for (Future<List<HttpResponse<String>>> one : all) {
                for (HttpResponse<String> answer : one.get()) {
                    answers.merge(answer.statusCode(), 1, Integer::sum);
                    if (answer.statusCode() == 200) {
                        assertEquals(expected, answer.body());
                    } else {
                        refused(429, "try again", answer);
                    }
                }
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(
                clients * requests,
                answers.values().stream().mapToInt(Integer::intValue).sum());
        assertEquals(expected, post(sound, "response_format=text").body());
        String metrics = get("/metrics");
        assertTrue(
                metrics.contains("omniscribe_requests_total{status=\"200\"} " + (answers.get(200) + 2) + "\n"),
                metrics);
    }

    /** Gathers what a live session tells. */
    private static final class Heard implements WebSocket.Listener {
        final LinkedBlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    events.add(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    closed.completeExceptionally(e);
                }
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }

    private WebSocket socket(Heard heard) {
        return CLIENT.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + TranscriptionServer.LIVE_PATH), heard)
                .join();
    }

    @Test
    void aLiveSessionIsToldWhatItSaysAndOthersAreRefusedMeanwhile() throws Exception {
        start();
        byte[] wav = Files.readAllBytes(RIVER);
        byte[] samples = Arrays.copyOfRange(wav, 44, wav.length);
        Heard heard = new Heard();
        WebSocket socket = socket(heard);
        CompletionException e = assertThrows(CompletionException.class, () -> socket(new Heard()));
        assertEquals(
                429, ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode());

        // Pieces of odd lengths, so that samples are cut in two.
        for (int at = 0; at < samples.length; at += 9999) {
            int length = Math.min(9999, samples.length - at);
            socket.sendBinary(ByteBuffer.wrap(samples, at, length), true).join();
        }
        socket.sendText("end", true).join();
        assertEquals(WebSocket.NORMAL_CLOSURE, heard.closed.get(60, TimeUnit.SECONDS));
        List<String> finals = new ArrayList<>();
        JsonNode last = null;
        for (JsonNode event : heard.events) {
            last = event;
            if (event.get("type").asText().equals("final")) {
                finals.add(event.get("text").asText());
            }
        }
        assertEquals("done", last.get("type").asText());
        assertEquals(4.895, last.get("seconds").asDouble(), 0.002);
        List<String> wanted = new ArrayList<>();
        StreamingRecognizer stream = recognizer.stream(StreamOptions.standard(), event -> {
            if (event instanceof RecognitionEvent.Final said) {
                wanted.add(said.segment().text());
            }
        });
        float[] floats = new float[samples.length / 2];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (short) (samples[2 * i] & 0xff | samples[2 * i + 1] << 8) / 32768f;
        }
        stream.push(floats, 0, floats.length);
        stream.finish();
        assertEquals(wanted, finals);
        assertTrue(get("/metrics").contains("omniscribe_live_seconds_total 4.89"), get("/metrics"));
    }

    @Test
    void unknownTextsEndALiveSession() throws Exception {
        start();
        Heard heard = new Heard();
        WebSocket socket = socket(heard);
        socket.sendText("hello", true).join();
        assertEquals(1008, heard.closed.get(60, TimeUnit.SECONDS));
        assertEquals("error", heard.events.take().get("type").asText());
    }
}
