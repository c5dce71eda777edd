package org.omniscribe.datasets.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.corpora.Corpora;

class CorpusDownloadTest {
    private static final DownloadSettings QUICK = new DownloadSettings(
            Duration.ofSeconds(20), Duration.ofSeconds(20), 2, Duration.ZERO, UnaryOperator.identity());

    @TempDir
    Path folder;

    private TestServer server;
    private List<DownloadStep> steps;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
        server.on("/table.tsv", TestServer.file(bytes("table"), "\"1\""));
        server.on("/a.zip", TestServer.file(zip("top/test/1.wav", "top/test/2.wav", "top/train/3.wav"), "\"1\""));
        steps = List.of(
                new DownloadStep.Keep(new RemoteFile(server.uri("/table.tsv").toString()), "set/table.tsv"),
                new DownloadStep.Unpack(
                        new RemoteFile(server.uri("/a.zip").toString()), "(?:.*/)?test/(.*)", "set/clips/$1"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zip(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(bytes("sound of " + name));
            }
        }
        return bytes.toByteArray();
    }

    private void get() throws InterruptedException {
        new CorpusDownload(QUICK, DownloadListener.NONE).get("set", steps, folder);
    }

    /** What is there, without what is under way. */
    private Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (!name.startsWith(CorpusDownload.WORK)) {
                    content.put(name, Files.readString(file));
                }
            }
        }
        return content;
    }

    private void assertWhole() throws IOException {
        assertEquals(
                Map.of(
                        "set/table.tsv", "table",
                        "set/clips/1.wav", "sound of top/test/1.wav",
                        "set/clips/2.wav", "sound of top/test/2.wav"),
                content());
        try (Stream<Path> work = Files.list(folder.resolve(CorpusDownload.WORK + "/set"))) {
            assertEquals(
                    List.of("a.zip.done", "table.tsv.done"),
                    work.map(f -> f.getFileName().toString()).sorted().toList(),
                    "archives are not kept");
        }
    }

    @Test
    void filesAreLaidOutAndNotFetchedTwice() throws Exception {
        get();
        assertWhole();
        get();
        assertWhole();
        assertEquals(List.of("all", "all"), server.asked);
    }

    @Test
    void whatIsDeletedOrCutIsFetchedAgainAndTheRestIsNot() throws Exception {
        get();
        Files.writeString(folder.resolve("set/clips/2.wav"), "half");
        get();
        assertWhole();
        assertEquals(3, server.asked.size());
    }

    @Test
    void aKillAnywhereIsMended() throws Exception {
        Path work = Files.createDirectories(folder.resolve(CorpusDownload.WORK + "/set/a.zip.unpacking/set/clips"));
        Files.writeString(work.resolve("1.wav"), "half");
        Files.createDirectories(folder.resolve("set/clips"));
        Files.writeString(folder.resolve("set/clips/1.wav"), "sound of top/test/1.wav");
        Files.writeString(
                folder.resolve(CorpusDownload.WORK + "/set/a.zip.done"), "23\tset/clips/1.wav\n23\tset/clips/2.wav\n");
        get();
        assertWhole();
    }

    @Test
    void aHostileArchiveLeavesNothingAndWhatIsDoneStays() throws Exception {
        server.on("/a.zip", TestServer.file(zip("top/test/1.wav", "top/test/../../../evil"), "\"1\""));
        assertThrows(DownloadException.class, this::get);
        assertEquals(Map.of("set/table.tsv", "table"), content());
        server.on("/a.zip", TestServer.file(zip("top/test/1.wav", "top/test/2.wav"), "\"2\""));
        Files.delete(folder.resolve(CorpusDownload.WORK + "/set/a.zip"));
        get();
        assertWhole();
    }

    @Test
    void aCorpusThatDoesNotFitIsNotBegun() {
        DownloadStep big = new DownloadStep.Keep(
                new RemoteFile(
                        URI.create("https://example.org/big"),
                        1L << 60,
                        java.util.Optional.empty(),
                        java.util.Optional.empty()),
                "big");
        DownloadException e =
                assertThrows(DownloadException.class, () -> new CorpusDownload(QUICK, DownloadListener.NONE)
                        .get("set", List.of(big), folder));
        assertTrue(e.getMessage().contains("Make room or choose another folder"), e.getMessage());
        assertTrue(server.asked.isEmpty());
    }

    @Test
    void theSixOpenCorporaAreDownloadedAndNoOthers() {
        Set<String> open = new HashSet<>();
        for (Corpus corpus : Corpora.all()) {
            Set<String> names = new HashSet<>();
            for (DownloadStep step : corpus.downloads()) {
                open.add(corpus.name());
                assertEquals("https", step.file().uri().getScheme());
                assertTrue(names.add(step.file().name()), "names of files are unique in a corpus: " + step.file());
            }
        }
        assertEquals(Set.of("librispeech", "tedlium", "fleurs", "voxpopuli", "ami-ihm", "chime6"), open);
    }

    @Test
    void namesInTheArchivesAsTheyAreKnownGoWhereTheReadersLook() {
        assertEquals(
                "LibriSpeech/test-clean/1/2/1-2.trans.txt",
                placed("librispeech", "LibriSpeech/test-clean/1/2/1-2.trans.txt"));
        assertEquals("TEDLIUM_release-3/legacy/test/stm/A.stm", placed("tedlium", "test/stm/A.stm"));
        assertEquals("TEDLIUM_release-3/legacy/test/sph/A.sph", placed("tedlium", "test/A.sph"));
        assertEquals("fleurs/data/en_us/audio/test/9.wav", placed("fleurs", "test/9.wav"));
        assertEquals("voxpopuli/data/en/test/test_part_0/9.wav", placed("voxpopuli", "test_part_0/9.wav"));
        assertEquals("CHiME6/transcriptions/eval/S01.json", placed("chime6", "transcriptions/eval/S01.json"));
        assertEquals("CHiME6/audio/eval/S01_P01.wav", placed("chime6", "CHiME6_eval/CHiME6/audio/eval/S01_P01.wav"));
        assertEquals("", placed("chime6", "CHiME6_eval/CHiME6/audio/eval/S01_U01.CH1.wav"));
        assertEquals("AMI/ami_public_manual_1.6.2/words/a.xml", placed("ami-ihm", "words/a.xml"));
        assertFalse(Corpora.named("ami-ihm").orElseThrow().downloads().size() < 65);
    }

    private static String placed(String corpus, String entry) {
        for (DownloadStep step : Corpora.named(corpus).orElseThrow().downloads()) {
            if (step instanceof DownloadStep.Unpack archive) {
                for (Unpacker.Rule rule : archive.rules()) {
                    if (rule.entry().matcher(entry).matches()) {
                        return rule.entry().matcher(entry).replaceFirst(rule.path());
                    }
                }
            }
        }
        return "";
    }
}
