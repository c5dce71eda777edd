package org.omniscribe.datasets.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DownloaderTest {
    private static final DownloadSettings QUICK = new DownloadSettings(
            Duration.ofSeconds(20), Duration.ofSeconds(20), 3, Duration.ZERO, UnaryOperator.identity());
    private static final byte[] CONTENT = new byte[300_000];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    @TempDir
    Path folder;

    private TestServer server;
    private Path target;
    private Path part;
    private final List<String> again = new ArrayList<>();
    private long last;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
        target = folder.resolve("deep/down/a.bin");
        part = folder.resolve("deep/down/a.bin.part");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Downloader downloader(DownloadSettings settings) {
        return new Downloader(settings, new DownloadListener() {
            @Override
            public void at(String name, long bytes, long total) {
                last = bytes;
            }

            @Override
            public void again(String name, String reason, Duration wait) {
                again.add(reason);
            }
        });
    }

    private static Checksum sha256(byte[] bytes) {
        try {
            return Checksum.sha256(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private RemoteFile known() {
        return new RemoteFile(server.uri("/a.bin").toString(), CONTENT.length, sha256(CONTENT));
    }

    private RemoteFile unknown() {
        return new RemoteFile(server.uri("/a.bin").toString());
    }

    private void assertDownloaded() throws IOException {
        assertArrayEquals(CONTENT, Files.readAllBytes(target));
        try (var files = Files.list(target.getParent())) {
            assertEquals(List.of(target), files.toList(), "nothing is left over");
        }
    }

    private String failure(RemoteFile file) {
        return assertThrows(DownloadException.class, () -> downloader(QUICK).download(file, target))
                .getMessage();
    }

    @Test
    void aFileIsFetchedOnceAndThenLeftAlone() throws Exception {
        server.on("/a.bin", TestServer.file(CONTENT, "\"1\""));
        downloader(QUICK).download(known(), target);
        downloader(QUICK).download(known(), target);
        assertDownloaded();
        assertEquals(List.of("all"), server.asked);
        assertEquals(CONTENT.length, last);
        Files.write(target, new byte[CONTENT.length]);
        downloader(QUICK).download(known(), target);
        assertDownloaded();
    }

    @Test
    void aConnectionThatIsCutAgainAndAgainIsTakenUpWhereItBroke() throws Exception {
        server.on("/a.bin", TestServer.cutting(CONTENT, "\"1\"", 70_000));
        downloader(QUICK).download(known(), target);
        assertDownloaded();
        assertEquals("all", server.asked.get(0));
        assertTrue(server.asked.get(1).startsWith("bytes="), server.asked.toString());
        assertEquals(server.asked.size() - 1, again.size(), again.toString());
    }

    @Test
    void anotherProgramRunGoesOnWhereTheLastOneWasKilled() throws Exception {
        server.on("/a.bin", TestServer.file(CONTENT, "\"1\""));
        Files.createDirectories(part.getParent());
        Files.write(part, Arrays.copyOf(CONTENT, 123_456));
        Files.writeString(folder.resolve("deep/down/a.bin.part.mark"), "\"1\"");
        downloader(QUICK).download(unknown(), target);
        assertDownloaded();
        assertEquals(List.of("bytes=123456-"), server.asked);
    }

    @Test
    void onlyTheLastStepIsDoneIfTheLastRunWasKilledBeforeIt() throws Exception {
        server.on("/a.bin", TestServer.file(CONTENT, "\"1\""));
        Files.createDirectories(part.getParent());
        Files.write(part, CONTENT);
        Files.writeString(folder.resolve("deep/down/a.bin.part.mark"), "\"1\"");
        downloader(QUICK).download(unknown(), target);
        assertDownloaded();
        assertEquals(List.of("bytes=300000-"), server.asked);
    }

    @Test
    void aFileThatChangedInBetweenIsFetchedAnew() throws Exception {
        server.on("/a.bin", TestServer.file(CONTENT, "\"2\""));
        Files.createDirectories(part.getParent());
        Files.write(part, new byte[123_456]);
        Files.writeString(folder.resolve("deep/down/a.bin.part.mark"), "\"1\"");
        downloader(QUICK).download(unknown(), target);
        assertDownloaded();
    }

    @Test
    void whatIsHereAndWrongIsFetchedAnewOnce() throws Exception {
        server.on("/a.bin", TestServer.file(CONTENT, "\"1\""));
        Files.createDirectories(part.getParent());
        Files.write(part, new byte[123_456]);
        downloader(QUICK).download(known(), target);
        assertDownloaded();
        assertEquals(List.of("bytes=123456-", "all"), server.asked);
    }

    @Test
    void moreThanAllOfItIsHereIsFetchedAnew() throws Exception {
        server.on("/a.bin", TestServer.file(CONTENT, "\"1\""));
        Files.createDirectories(part.getParent());
        Files.write(part, Arrays.copyOf(CONTENT, CONTENT.length + 5));
        downloader(QUICK).download(known(), target);
        assertDownloaded();
    }

    @Test
    void aServerWithoutRangesIsAskedForAllOfIt() throws Exception {
        server.on("/a.bin", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
        });
        Files.createDirectories(part.getParent());
        Files.write(part, Arrays.copyOf(CONTENT, 123_456));
        downloader(QUICK).download(known(), target);
        assertDownloaded();
    }

    @Test
    void anotherRangeThanAskedForIsNotTaken() throws Exception {
        AtomicInteger count = new AtomicInteger();
        server.on("/a.bin", exchange -> {
            if (count.getAndIncrement() == 0) {
                exchange.getResponseHeaders().set("Content-Range", "bytes 5-299999/300000");
                exchange.sendResponseHeaders(206, CONTENT.length - 5);
                exchange.getResponseBody().write(CONTENT, 5, CONTENT.length - 5);
            } else {
                TestServer.part(exchange, CONTENT, "\"1\"", CONTENT.length);
            }
        });
        Files.createDirectories(part.getParent());
        Files.write(part, Arrays.copyOf(CONTENT, 123_456));
        downloader(QUICK).download(known(), target);
        assertDownloaded();
        assertEquals(List.of("the server sent another part than was asked for"), again);
    }

    @Test
    void wrongBytesAreThrownAway() throws Exception {
        byte[] wrong = CONTENT.clone();
        wrong[200_000] ^= 1;
        server.on("/a.bin", TestServer.file(wrong, "\"1\""));
        String message = failure(known());
        assertTrue(message.contains("is not what was published: its checksum is not SHA-256 "), message);
        assertFalse(Files.exists(target));
        assertEquals(0, Files.size(part));
        assertEquals(1, server.asked.size());
    }

    @ParameterizedTest
    @CsvSource({"299999", "300001", "5000000000"})
    void aLengthOtherThanPublishedIsRefusedBeforeAnythingIsFetched(long told) throws Exception {
        server.on("/a.bin", exchange -> {
            exchange.sendResponseHeaders(200, told);
            exchange.getResponseBody().write(CONTENT, 0, 1000);
            // Java 25 sends the headers with the first bytes, and closes what is too short without sending either.
            exchange.getResponseBody().flush();
        });
        String message = failure(known());
        assertTrue(message.contains("the server has " + told + " bytes of it instead of 300000"), message);
        assertFalse(Files.exists(target));
    }

    @Test
    void aServerThatPromisesMoreThanItSendsIsGivenUpAndNothingIsTakenForWhole() throws Exception {
        server.on("/a.bin", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length + 1000);
            exchange.getResponseBody().write(CONTENT);
        });
        String message = failure(unknown());
        assertTrue(message.contains("3 times in a row"), message);
        assertFalse(Files.exists(target));
    }

    @Test
    void moreThanPublishedIsCutOffAndChecked() throws Exception {
        byte[] more = Arrays.copyOf(CONTENT, CONTENT.length + 100_000);
        server.on("/a.bin", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(more);
        });
        downloader(QUICK).download(known(), target);
        assertDownloaded();
    }

    @Test
    void anEndlessFileIsStoppedAtItsPublishedLength() throws Exception {
        server.on("/a.bin", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(CONTENT);
            }
        });
        downloader(QUICK).download(known(), target);
        assertDownloaded();
    }

    @Test
    void silenceIsEndedAndTheRestIsAskedForAnew() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger count = new AtomicInteger();
        server.on("/a.bin", exchange -> {
            if (count.getAndIncrement() == 0) {
                TestServer.part(exchange, CONTENT, "\"1\"", 100_000);
                try {
                    done.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            } else {
                TestServer.part(exchange, CONTENT, "\"1\"", CONTENT.length);
            }
        });
        DownloadSettings impatient = new DownloadSettings(
                Duration.ofSeconds(20), Duration.ofMillis(300), 50, Duration.ZERO, UnaryOperator.identity());
        downloader(impatient).download(known(), target);
        done.countDown();
        assertDownloaded();
        assertTrue(again.get(0).contains("nothing came for"), again.toString());
    }

    @Test
    void aBusyServerIsAskedAgain() throws Exception {
        AtomicInteger count = new AtomicInteger();
        server.on("/a.bin", exchange -> {
            if (count.getAndIncrement() < 2) {
                exchange.sendResponseHeaders(503, -1);
            } else {
                TestServer.part(exchange, CONTENT, "\"1\"", CONTENT.length);
            }
        });
        downloader(QUICK).download(known(), target);
        assertDownloaded();
        assertEquals(List.of("the server answers 503", "the server answers 503"), again);
    }

    @ParameterizedTest
    @CsvSource({"404, not there any more", "403, not allowed", "400, server answers 400"})
    void refusalsAreFinal(int status, String told) throws Exception {
        server.on("/a.bin", exchange -> exchange.sendResponseHeaders(status, -1));
        String message = failure(known());
        assertTrue(message.contains(told), message);
        assertEquals(1, server.asked.size());
    }

    @Test
    void aLoginPageIsNoFile() throws Exception {
        server.on("/a.bin", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, 6);
            exchange.getResponseBody().write("<html>".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        });
        String message = failure(unknown());
        assertTrue(message.contains("is a web page instead of a file"), message);
    }

    @Test
    void nobodyAnsweringIsToldAfterAllTries() throws Exception {
        RemoteFile file = known();
        server.close();
        String message = failure(file);
        assertTrue(message.contains("127.0.0.1 does not answer"), message);
        assertEquals(2, again.size());
    }

    @Test
    void redirectionsAreFollowedAndTheChecksumInThemIsUsed() throws Exception {
        byte[] wrong = CONTENT.clone();
        wrong[7] ^= 1;
        server.on("/cdn", TestServer.file(wrong, "\"1\"")).on("/a.bin", exchange -> {
            exchange.getResponseHeaders()
                    .set("X-Linked-ETag", '"' + sha256(CONTENT).hex() + '"');
            exchange.getResponseHeaders().set("Location", "/cdn");
            exchange.sendResponseHeaders(302, -1);
        });
        String message = failure(unknown());
        assertTrue(message.contains(sha256(CONTENT).hex()), message);
        server.on("/cdn", TestServer.file(CONTENT, "\"1\""));
        downloader(QUICK).download(unknown(), target);
        assertDownloaded();
    }

    @Test
    void theMirrorIsAskedAndTheLinkingPageNamed() throws Exception {
        List<String> pages = new ArrayList<>();
        server.on("/mirrored/a.bin", exchange -> {
            pages.add(exchange.getRequestHeaders().getFirst("Referer"));
            TestServer.part(exchange, CONTENT, "\"1\"", CONTENT.length);
        });
        RemoteFile file = new RemoteFile("https://example.org/a.bin", CONTENT.length, sha256(CONTENT));
        downloader(QUICK.with(uri -> server.uri("/mirrored" + uri.getPath())))
                .download(file.from("https://example.org/page"), target);
        assertDownloaded();
        assertEquals(List.of("https://example.org/page"), pages);
    }

    @Test
    void whatDoesNotFitOnTheDiskIsNotBegun() throws Exception {
        long room = Files.getFileStore(folder).getUsableSpace();
        server.on("/a.bin", exchange -> {
            exchange.sendResponseHeaders(200, room + 1);
            exchange.getResponseBody().write(CONTENT);
        });
        String message = failure(unknown());
        assertTrue(message.contains("Make room or choose another folder"), message);
        assertEquals(0, Files.size(part));
    }

    @Test
    void twoAtOnceAreRefused() throws Exception {
        Files.createDirectories(part.getParent());
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            assertTrue(lock.isValid());
            String message = failure(known());
            assertTrue(message.contains("is being downloaded by another program"), message);
        }
    }

    @Test
    void interruptionLeavesWhatHasCome() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        server.on("/a.bin", exchange -> {
            TestServer.part(exchange, CONTENT, "\"1\"", 100_000);
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Thread self = Thread.currentThread();
        Downloader downloader = new Downloader(QUICK, new DownloadListener() {
            @Override
            public void at(String name, long bytes, long total) {
                if (bytes >= 100_000) {
                    self.interrupt();
                }
            }

            @Override
            public void again(String name, String reason, Duration wait) {}
        });
        assertThrows(InterruptedException.class, () -> downloader.download(known(), target));
        done.countDown();
        assertEquals(100_000, Files.size(part));
        server.on("/a.bin", TestServer.file(CONTENT, "\"1\""));
        downloader(QUICK).download(known(), target);
        assertDownloaded();
        assertEquals(List.of("all", "bytes=100000-"), server.asked);
    }

    @Test
    void checksumsAndFilesCheckThemselves() {
        assertThrows(IllegalArgumentException.class, () -> Checksum.sha256("abc"));
        assertThrows(IllegalArgumentException.class, () -> new Checksum("ROT13", "abc"));
        assertEquals(
                "MD5 d41d8cd98f00b204e9800998ecf8427e",
                Checksum.md5("D41D8CD98F00B204E9800998ECF8427E").toString());
        assertThrows(IllegalArgumentException.class, () -> new RemoteFile("file:///etc/passwd"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new RemoteFile(server.uri("/a"), -2, Optional.empty(), Optional.empty()));
        assertEquals("a b.bin", new RemoteFile("https://example.org/x/a%20b.bin").name());
    }

    @Test
    void aTokenGoesToItsServerOnlyAndNotWhereThatRefersTo() throws Exception {
        List<String> tokens = new ArrayList<>();
        try (TestServer other = new TestServer()) {
            other.on("/store", exchange -> {
                tokens.add("store " + exchange.getRequestHeaders().getFirst("Authorization"));
                TestServer.part(exchange, CONTENT, "\"1\"", CONTENT.length);
            });
            server.on("/a.bin", exchange -> {
                tokens.add("hub " + exchange.getRequestHeaders().getFirst("Authorization"));
                exchange.getResponseHeaders()
                        .set("Location", other.uri("/store").toString());
                exchange.getResponseHeaders()
                        .set("X-Linked-ETag", "\"" + sha256(CONTENT).hex() + "\"");
                exchange.sendResponseHeaders(302, -1);
            });
            RemoteFile file = new RemoteFile(
                    server.uri("/a.bin"), RemoteFile.UNKNOWN, Optional.empty(), Optional.empty(), Optional.of("hf_x"));
            downloader(QUICK).download(file, target);
            assertDownloaded();
            assertEquals(List.of("hub Bearer hf_x", "store null"), tokens);

            Files.delete(target);
            byte[] wrong = CONTENT.clone();
            wrong[77]++;
            other.on("/store", TestServer.file(wrong, "\"2\""));
            assertTrue(failure(file).contains("not what was published"));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new RemoteFile(
                        server.uri("/a"), 1, Optional.empty(), Optional.empty(), Optional.of("a\r\nHost: b")));
    }
}
