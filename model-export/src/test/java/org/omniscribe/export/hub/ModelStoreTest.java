package org.omniscribe.export.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.datasets.download.Checksum;
import org.omniscribe.datasets.download.DownloadException;
import org.omniscribe.datasets.download.DownloadListener;
import org.omniscribe.datasets.download.DownloadSettings;
import org.omniscribe.datasets.download.Downloader;

/** A server on this machine stands in for the hub; it cuts connections, asks for a token, and sends wrong bytes. */
class ModelStoreTest {
    private static final int MAX_AT_ONCE = 60_000;

    @TempDir
    private Path folder;

    private HttpServer server;
    private byte[] content = new byte[200_000];
    private int requests;
    private final Downloader downloader = new Downloader(
            new DownloadSettings(
                    Duration.ofSeconds(20), Duration.ofSeconds(20), 3, Duration.ZERO, UnaryOperator.identity()),
            DownloadListener.NONE);

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(content);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests++;
            try (exchange) {
                if (!"Bearer secret".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                    exchange.sendResponseHeaders(401, -1);
                    return;
                }
                String range = exchange.getRequestHeaders().getFirst("Range");
                int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
                exchange.getResponseHeaders().set("ETag", "\"" + content[0] + "\"");
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
                exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
                exchange.getResponseBody()
                        .write(Arrays.copyOfRange(content, from, Math.min(content.length, from + MAX_AT_ONCE)));
            } catch (IOException e) {
                // Less was sent than promised: the connection is cut, as it is meant to be.
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Path fetch(Optional<Checksum> given, String token) throws InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/some/model/model.pth");
        return new ModelStore(folder).fetch(downloader, "some", address, given, Optional.ofNullable(token));
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void aCutDownloadGoesOnAndItsChecksumIsPinned() throws Exception {
        Path file = fetch(Optional.empty(), "secret");
        assertArrayEquals(content, Files.readAllBytes(file));
        assertTrue(requests >= 4, "connections were cut");
        assertEquals(sha256(content) + "  model.pth\n", Files.readString(file.resolveSibling("model.pth.sha256")));
        int before = requests;
        assertEquals(file, fetch(Optional.empty(), "secret"));
        assertEquals(before, requests);

        // Published anew under the same name: not what it was.
        Files.delete(file);
        content[5]++;
        assertTrue(assertThrows(DownloadException.class, () -> fetch(Optional.empty(), "secret"))
                .getMessage()
                .contains("not what was published"));
        assertFalse(Files.exists(file));
        // Unless the user says that this is the right one.
        fetch(Optional.of(Checksum.sha256(sha256(content))), "secret");
        assertTrue(Files.readString(file.resolveSibling("model.pth.sha256")).startsWith(sha256(content)));
    }

    @Test
    void withoutATokenThereIsNothing() {
        String message = assertThrows(DownloadException.class, () -> fetch(Optional.empty(), null))
                .getMessage();
        assertTrue(message.contains("401"), message);
    }

    @Test
    void theStoreIsWhereTheUserSays() {
        assertEquals(
                Path.of("/m"),
                ModelStore.ofUser(Map.of("OMNISCRIBE_MODELS", "/m")::get).folder());
        assertEquals(
                Path.of("/d/omniscribe/models"),
                ModelStore.ofUser(Map.of("XDG_DATA_HOME", "/d")::get).folder());
        assertTrue(ModelStore.ofUser(name -> null).folder().startsWith(System.getProperty("user.home")));
    }

    @Test
    void aLicenceIsAcceptedOnce() throws IOException {
        ModelStore store = new ModelStore(folder);
        assertFalse(store.accepted(PublishedModel.LICENCE));
        store.accept(PublishedModel.LICENCE, PublishedModel.HUB);
        assertTrue(new ModelStore(folder).accepted(PublishedModel.LICENCE));
    }

    @Test
    void publishedModelsHaveAddressesOnTheHub() {
        PublishedModel model = PublishedModel.named("streaming-0.6b").orElseThrow();
        assertEquals(
                "https://huggingface.co/lelegu/omni-router-speechcrawl-streaming-asr-0.6b-v1/resolve/main/model.pth",
                model.address().toString());
        assertEquals(model, PublishedModel.named(model.repository()).orElseThrow());
    }
}
