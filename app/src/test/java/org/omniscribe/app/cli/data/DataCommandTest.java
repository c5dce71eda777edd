package org.omniscribe.app.cli.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Run;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.testing.TestResources;

class DataCommandTest {
    private static final Path CORPORA = TestResources.path("org/omniscribe/datasets/corpora/corpora");

    @TempDir
    Path folder;

    @Test
    void whereTellsOneOrAll() {
        Run one = Run.of("data", "where", "tedlium");
        assertEquals(ExitCode.DONE, one.exitCode(), one.err());
        assertTrue(one.out().startsWith("tedlium: TED-LIUM 3"), one.out());
        assertTrue(one.out().contains("  licence: CC BY-NC-ND 3.0"), one.out());
        assertTrue(one.out().contains("TEDLIUM_release-3.tgz (SLR51, 50 GB)"), one.out());
        Run all = Run.of("data", "where");
        assertEquals(
                10, all.out().lines().filter(l -> l.startsWith("  licence: ")).count());
    }

    @Test
    void anUnknownCorpusIsWrongUsageAndTheKnownAreNamed() {
        Run run = Run.of("data", "where", "timit");
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertTrue(run.err().contains("no corpus \"timit\"; there are ami-ihm, chime6,"), run.err());
        assertEquals(
                ExitCode.USAGE,
                Run.of("data", "list", folder.resolve("no").toString()).exitCode());
    }

    @Test
    void listCountsAllElevenAndWarns() {
        Run run = Run.of("data", "list", CORPORA.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        List<String> lines = run.out().lines().toList();
        assertTrue(lines.get(0).matches("test set +release +utterances +hours +words"), run.out());
        assertTrue(lines.get(11).matches("voxpopuli +asr_test.tsv +2 +0.00 +8"), run.out());
        assertTrue(lines.contains("wsj: 2 utterances instead of 333: 331 are missing"), run.out());
    }

    @Test
    void listTellsWhatIsNotThereAndWhatCannotBeRead() throws IOException {
        Path test = Files.createDirectories(folder.resolve("LibriSpeech/test-clean/1/2"));
        Files.writeString(test.resolve("1-2.trans.txt"), "one A\ntwo B\n");
        Run run = Run.of("data", "list", folder.toString());
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        assertTrue(run.out().contains("librispeech        cannot be read, see below"), run.out());
        assertTrue(run.err().contains("LibriSpeech: 2 faults"), run.err());
        assertTrue(run.out().contains("tedlium: not found in " + folder + ": no folder legacy/test/stm"), run.out());
    }

    /** Serves the fixture's CHiME-6 as one tar under both names, and eleven bytes as everything else. */
    private static HttpServer server() throws IOException {
        ByteArrayOutputStream tarred = new ByteArrayOutputStream();
        Path corpus = CORPORA.resolve("CHiME6");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(tarred));
                Stream<Path> files = Files.walk(corpus)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] content = Files.readAllBytes(file);
                TarArchiveEntry entry = new TarArchiveEntry(
                        "CHiME6/" + corpus.relativize(file).toString().replace('\\', '/'));
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] content = exchange.getRequestURI().getPath().contains("/CHiME6_")
                    ? tarred.toByteArray()
                    : "wrong bytes".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void getFetchesUnpacksAndCountsAndGoesOnAfterAFailure() throws IOException {
        HttpServer server = server();
        try {
            String here = "=http://127.0.0.1:" + server.getAddress().getPort();
            Run run = Run.of(
                    "data",
                    "get",
                    "librispeech",
                    "chime6",
                    "--to",
                    folder.toString(),
                    "--mirror",
                    "https://www.openslr.org" + here);
            assertEquals(ExitCode.SOME_FAILED, run.exitCode(), run.err());
            assertTrue(run.err().contains("the server has 11 bytes of it instead of 346663984"), run.err());
            assertTrue(run.err().contains("CHiME-6 evaluation set, binaural microphones (CC BY-SA 4.0"), run.err());
            assertTrue(run.out().lines().toList().get(1).matches("chime6 +CHiME6 +2 +0.00 +\\d+"), run.out());
            assertTrue(run.out().contains("chime6: 3 segments instead of 11,028: 11,025 are missing"), run.out());
        } finally {
            server.stop(0);
        }
        Run again = Run.of("data", "get", "chime6", "--to", folder.toString());
        assertEquals(ExitCode.DONE, again.exitCode(), "all is there, so no server is asked: " + again.err());
    }

    @Test
    void corporaThatCostMoneyAreNotFetchedButTheWayToThemIsTold() {
        Run run = Run.of("data", "get", "wsj", "--to", folder.toString());
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertTrue(run.err().contains("https://catalog.ldc.upenn.edu/LDC93S6B"), run.err());
    }
}
