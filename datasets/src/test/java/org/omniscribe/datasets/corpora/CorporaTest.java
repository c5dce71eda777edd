package org.omniscribe.datasets.corpora;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.datasets.Detection;
import org.omniscribe.datasets.NistReferences;
import org.omniscribe.datasets.SegmentReader;
import org.omniscribe.datasets.TestPart;
import org.omniscribe.datasets.Utterance;

/** All ten in their original layouts; what must come out is in corpora.tsv, which corpora_fixtures.py writes. */
class CorporaTest {
    private static final Path RESOURCES = Path.of("src/test/resources/org/omniscribe/datasets/corpora");
    private static final Path CORPORA = RESOURCES.resolve("corpora").toAbsolutePath();

    /** A line of corpora.tsv: part, id, file, channel, whole file, start, end, speaker, text, loudness. */
    private record Expected(Utterance utterance, double[] loudness) {}

    @TempDir
    Path folder;

    private static Map<String, List<Expected>> expected() throws IOException {
        Map<String, List<Expected>> parts = new HashMap<>();
        for (String line : Files.readAllLines(RESOURCES.resolve("corpora.tsv"))) {
            String[] cells = line.split("\t", -1);
            Utterance utterance = new Utterance(
                    cells[1],
                    CORPORA.resolve(cells[2]),
                    cells[4].equals("1"),
                    Double.parseDouble(cells[5]),
                    Double.parseDouble(cells[6]),
                    Integer.parseInt(cells[3]),
                    cells[7],
                    cells[8]);
            double[] loudness = Stream.of(cells[9].split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            parts.computeIfAbsent(cells[0], p -> new ArrayList<>()).add(new Expected(utterance, loudness));
        }
        return parts;
    }

    private static List<TestPart> read(Path where, String name) {
        Corpora.Finding finding = Corpora.find(where).stream()
                .filter(f -> f.corpus().name().equals(name))
                .findFirst()
                .orElseThrow();
        if (finding.detection() instanceof Detection.Present present) {
            return finding.corpus().read(present.root());
        }
        throw new AssertionError(finding);
    }

    private Path copy(String part) throws IOException {
        Path target = folder.resolve(part);
        try (Stream<Path> files = Files.walk(CORPORA.resolve(part))) {
            for (Path file : files.toList()) {
                Path to = target.resolve(CORPORA.resolve(part).relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
        return target;
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, Files.readString(file, StandardCharsets.ISO_8859_1) + text);
    }

    @Test
    void tenCorporaGiveElevenParts() throws IOException {
        List<String> parts = Corpora.find(CORPORA).stream()
                .map(f -> (Detection.Present) f.detection())
                .map(Detection.Present::root)
                .distinct()
                .map(Path::toString)
                .toList();
        assertEquals(9, parts.size(), "CallHome and Switchboard are in one folder: " + parts);
        assertEquals(10, Corpora.all().size());
        assertEquals(11, expected().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ami-ihm",
                "chime6",
                "common-voice",
                "fleurs",
                "callhome",
                "switchboard",
                "librispeech",
                "wsj",
                "tedlium",
                "voxpopuli"
            })
    void utterancesHaveTheirTextsTimesAndSound(String name) throws IOException {
        for (TestPart part : read(CORPORA, name)) {
            Comparator<Utterance> byId = Comparator.comparing(Utterance::id);
            List<Expected> expected = expected().get(part.name()).stream()
                    .sorted(Comparator.comparing(Expected::utterance, byId))
                    .toList();
            List<Utterance> found = part.utterances().stream().sorted(byId).toList();
            assertEquals(expected.size(), found.size(), part.name());
            for (int i = 0; i < found.size(); i++) {
                Utterance is = found.get(i);
                Utterance must = expected.get(i).utterance;
                assertEquals(must.end(), is.end(), 1e-3, is.id());
                double end = is.end();
                assertEquals(
                        new Utterance(
                                must.id(),
                                must.audio(),
                                must.wholeFile(),
                                must.start(),
                                end,
                                must.channel(),
                                must.speaker(),
                                must.text()),
                        is);
            }
            Map<String, double[]> loudness = new HashMap<>();
            expected.forEach(e -> loudness.put(e.utterance.id(), e.loudness));
            try (SegmentReader reader = new SegmentReader()) {
                for (Utterance utterance : part.utterances()) {
                    AudioClip clip = reader.read(utterance);
                    assertEquals(utterance.seconds(), clip.seconds(), 2e-3, utterance.id());
                    assertEquals(List.of(), clip.warnings(), utterance.id());
                    assertLoudness(loudness.get(utterance.id()), clip.samples(), utterance.id());
                }
            }
        }
    }

    /** The decoders and resamplers of ffmpeg and ours differ by little; another time or channel differs by much. */
    private static void assertLoudness(double[] expected, float[] samples, String id) {
        for (int i = 0; i < expected.length; i++) {
            int from = (int) ((long) samples.length * i / expected.length);
            int to = (int) ((long) samples.length * (i + 1) / expected.length);
            double sum = 0;
            for (int k = from; k < to; k++) {
                sum += Math.abs(samples[k]);
            }
            assertEquals(expected[i], sum / (to - from), 0.03 * expected[i] + 4e-4, id + " part " + i);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "librispeech | 2 utterances instead of 2,620: 2,618 are missing",
                "librispeech | 1 speakers instead of 33: 32 are missing",
                "tedlium | talks without a transcript: BillGates_2010, DanBarber_2010, DanielKahneman_2010,"
                        + " EricMead_2009P, GaryFlake_2010 and 5 more",
                "tedlium | 2 segments instead of 1,155: 1,153 are missing",
                "ami-ihm | meetings without segments: EN2002a, EN2002b, EN2002c, EN2002d, ES2004b and 10 more",
                "ami-ihm | 3 utterances instead of 12,643: 12,640 are missing",
                "chime6 | sessions without a transcript: S21",
                "chime6 | 1 audio file is missing: audio/eval/S01_P02.wav",
                "common-voice | 2 utterances instead of 16,029: 16,027 are missing",
                "fleurs | 2 utterances instead of 647: 645 are missing",
                "callhome | 1 conversations instead of 20: 19 are missing",
                "switchboard | 3 segments instead of 1,831: 1,828 are missing",
                "wsj | 2 utterances instead of 333: 331 are missing",
                "voxpopuli | 1 rows have no normalised text; they are left out",
                "voxpopuli | 3 utterances, with those left out, instead of 1,842: 1,839 are missing"
            })
    void whatDiffersFromThePublishedCorpusIsAWarning(String name, String warning) {
        List<String> warnings = read(CORPORA, name).stream()
                .flatMap(p -> p.warnings().stream())
                .map(w -> w.replace('\\', '/'))
                .toList();
        assertTrue(warnings.contains(warning), warnings.toString());
    }

    @Test
    void releasesAreTold() throws IOException {
        assertEquals("annotations 1.6.2", read(CORPORA, "ami-ihm").get(0).release());
        assertEquals("CHiME6", read(CORPORA, "chime6").get(0).release());
        assertEquals("release 3", read(CORPORA, "tedlium").get(0).release());
        assertEquals("release 5.1", read(CORPORA, "common-voice").get(0).release());
        Files.move(copy("cv-corpus-5.1-2020-06-22"), folder.resolve("cv-corpus-17.0-2024-03-15"));
        TestPart newer = read(folder, "common-voice").get(0);
        assertEquals("release 17.0", newer.release());
        assertEquals(List.of("2 utterances instead of 16,393: 16,391 are missing"), newer.warnings());
    }

    @Test
    void choicesAndRulesOfHub5ComeAlong() {
        NistReferences nist = read(CORPORA, "switchboard").get(0).nist();
        assertEquals(
                Map.of(
                        "sw_4390-A_000020-000120", "SO DO YOU (%HESITATION)",
                        "sw_4390-B_000120-000210", "(TH-) { I GUESS SO / @ }",
                        "sw_4390-B_000210-000270", "RIGHT"),
                nist.texts());
        assertEquals("en20000405_hub5.glm", nist.glm());
        assertEquals("[UH] => %HESITATION / [ ] __ [ ]", nist.rules().get(3));
        assertEquals(NistReferences.NONE, read(CORPORA, "tedlium").get(0).nist());
    }

    @Test
    void anEmptyFolderHasNoneAndSaysWhatWasLookedFor() {
        for (Corpora.Finding finding : Corpora.find(folder)) {
            String reason = ((Detection.Incomplete) finding.detection()).reason();
            assertEquals("not found in " + folder + ": no " + finding.corpus().layout(), reason);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "hub5, LDC2002T43, callhome, LDC2002T43",
        "hub5, LDC2002S09, switchboard, LDC2002S09",
        "AMI, ami_public_manual_1.6.2, ami-ihm, unzip ami_public_manual_1.6.2.zip",
        "AMI, amicorpus, ami-ihm, amicorpus",
        "TEDLIUM_release-3, legacy/test/sph, tedlium, unpack the audio",
        "CHiME6, audio, chime6, CHiME6_eval.tar.gz",
        "cv-corpus-5.1-2020-06-22, en/clips, common-voice, no clips",
        "fleurs, data/en_us/audio, fleurs, no folder audio/test"
    })
    void halfACorpusIsNamedWithWhatIsMissing(String part, String without, String name, String reason)
            throws IOException {
        Path copy = copy(part);
        try (Stream<Path> files = Files.walk(copy.resolve(without))) {
            files.sorted(Comparator.reverseOrder()).forEach(CorporaTest::delete);
        }
        Detection detection = Corpora.find(folder).stream()
                .filter(f -> f.corpus().name().equals(name))
                .map(Corpora.Finding::detection)
                .findFirst()
                .orElseThrow();
        assertTrue(
                detection instanceof Detection.Incomplete incomplete
                        && incomplete.reason().contains(reason)
                        && !incomplete.reason().startsWith("not found"),
                detection.toString());
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatCannotBeReadOfVoxPopuliSessionsIsToldWithTheCommands() throws IOException {
        Files.createDirectories(folder.resolve("voxpopuli/raw_audios/original/2017"));
        Detection detection = new VoxPopuli().detect(folder.resolve("voxpopuli"));
        assertTrue(detection.toString().contains("voxpopuli.get_asr_data"), detection.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "librispeech | LibriSpeech | test-clean/1089/134686/1089-134686.trans.txt | 1089-134686-0000"
                        + " AGAIN;../../up UP | is already at;leads out of the folder",
                "tedlium | TEDLIUM_release-3 | legacy/test/stm/AimeeMullins_2009P.stm | a 1 b;../../../../x 1 b 1 2"
                        + " text;t 1 b 2 1 x;t 1 b one 2 x | 3 columns;leads out of the folder;ends at 1.0 s;begin must be"
                        + " a number",
                "chime6 | CHiME6 | transcriptions/eval/S01.json | trailing [ | it is not well-formed JSON",
                "common-voice | cv-corpus-5.1-2020-06-22 | en/test.tsv | c;c\t../../../x.mp3\ttext\t2\t0\t\t\t\ten\tx"
                        + " | 1 columns instead of 10;leads out of the folder",
                "fleurs | fleurs | data/en_us/test.tsv | 1\t2;1\t/etc/passwd\ta\tb\tc\tmany\tMALE"
                        + " | 2 columns instead of 7;leads out of the folder;samples must be a number",
                "callhome | hub5 | LDC2002T43/reference/hub5e00.english.000405.stm | en_1 C s 1 2 <O,en>"
                        + " HI;en_../../../x A s 1 2 Y | channel must be A or B;leads out of the folder",
                "wsj | csr_1 | 11-13.1/wsj0/doc/indices/test/nvp/si_et_20.ndx | what;11_13_1:../../../x"
                        + " | is no DISC:PATH;leads out of the folder",
                "voxpopuli | voxpopuli | transcribed_data/en/asr_test.tsv | x\t\tt\t\t\t\t\t;201/../../../y\t\tt\t\t\t"
                        + "\t\tNone | does not begin with a year;leads out of the folder"
            })
    void allFaultsOfAFolderAreToldAtOnce(String name, String part, String file, String lines, String faults)
            throws IOException {
        append(copy(part).resolve(file), lines.replace(';', '\n').replace("\\t", "\t") + "\n");
        DatasetException e = assertThrows(DatasetException.class, () -> read(folder, name));
        String message = e.getMessage();
        assertAll(Stream.of(faults.split(";")).map(f -> () -> assertTrue(message.contains(f), f + " in " + message)));
        assertTrue(message.endsWith(Folders.REMEDY), message);
    }

    @Test
    void amiReadsNothingFromElsewhere() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "SECRET");
        Path words = copy("AMI").resolve("ami_public_manual_1.6.2/words/ES2004a.A.words.xml");
        String xml = Files.readString(words, StandardCharsets.ISO_8859_1);
        String entity = "<!DOCTYPE root [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]><nite:root";
        Files.writeString(words, xml.replace("<nite:root", entity).replace("Good", "&x;"));
        try {
            List<TestPart> parts = read(folder, "ami-ihm");
            assertFalse(parts.toString().contains("SECRET"), parts.toString());
        } catch (DatasetException e) {
            assertFalse(e.getMessage().contains("SECRET"), e.getMessage());
            assertTrue(e.getMessage().contains("no sound XML"), e.getMessage());
        }
    }

    @Test
    void amiSegmentsOfMoreThanThirtyTokensAreHalvedAtCommas() throws IOException {
        Path notes = copy("AMI").resolve("ami_public_manual_1.6.2");
        StringBuilder words = new StringBuilder("<nite:root xmlns:nite=\"http://nite.sourceforge.net/\">");
        for (int i = 0; i < 40; i++) {
            double at = 0.04 * i;
            boolean comma = i == 5 || i == 18;
            words.append(String.format(
                    Locale.ROOT,
                    "<w nite:id=\"w%d\" starttime=\"%.2f\" endtime=\"%.2f\"%s>%s</w>",
                    i,
                    at,
                    at + 0.04,
                    comma ? " punc=\"true\"" : "",
                    comma ? "," : "w" + i));
        }
        Files.writeString(notes.resolve("words/ES2004a.A.words.xml"), words + "</nite:root>");
        Files.writeString(
                notes.resolve("segments/ES2004a.A.segments.xml"),
                "<nite:root xmlns:nite=\"http://nite.sourceforge.net/\"><segment transcriber_start=\"0\""
                        + " transcriber_end=\"1.6\"><nite:child href=\"x#id(w0)..id(w39)\"/></segment></nite:root>");
        List<Utterance> cut = read(folder, "ami-ihm").get(0).utterances().stream()
                .filter(u -> u.speaker().equals("FEE901"))
                .toList();
        assertEquals(List.of(0.0, 0.72), cut.stream().map(Utterance::start).toList());
        assertEquals(List.of(0.72, 1.6), cut.stream().map(Utterance::end).toList());
        assertTrue(
                cut.get(0).text().startsWith("W0 W1 W2 W3 W4 W6 ")
                        && cut.get(1).text().endsWith(" W39"),
                cut.toString());
    }

    @Test
    void wsjIsReadCompressedAsOnTheDiscsAndUnpacked() throws IOException {
        Path speaker = copy("csr_1").resolve("11-13.1/wsj0/si_et_20/440");
        String header = Files.readString(speaker.resolve("440c0201.wv1"), StandardCharsets.ISO_8859_1);
        assertTrue(header.contains("sample_coding -s26 pcm,embedded-shorten-v2.00"), "the fixture is compressed");
        Files.delete(speaker.resolve("440c0201.wv1"));
        Files.copy(CORPORA.resolve("fleurs/data/en_us/audio/test/9951027651.wav"), speaker.resolve("440c0201.wav"));
        List<Utterance> both = read(folder, "wsj").get(0).utterances();
        assertEquals(
                List.of("440c0201.wav", "440c0202.wv1"),
                both.stream().map(u -> u.audio().getFileName().toString()).toList());
    }

    @Test
    void voxPopuliIsReadAsItIsOnTheHub() throws IOException {
        Path made = copy("voxpopuli").resolve("transcribed_data/en");
        Path hub = Files.createDirectories(folder.resolve("hub/data/en/test/test_part_0"));
        Files.copy(made.resolve("asr_test.tsv"), folder.resolve("hub/data/en/asr_test.tsv"));
        try (Stream<Path> clips = Files.list(made.resolve("2017"))) {
            for (Path clip : clips.toList()) {
                Files.copy(clip, hub.resolve(clip.getFileName().toString().replace(".ogg", ".wav")));
            }
        }
        VoxPopuli corpus = new VoxPopuli();
        assertEquals("Hugging Face hub", ((Detection.Present) corpus.detect(folder.resolve("hub"))).release());
        List<Utterance> there = corpus.read(folder.resolve("hub")).get(0).utterances();
        List<Utterance> cut = corpus.read(folder.resolve("voxpopuli")).get(0).utterances();
        assertEquals(
                cut.stream().map(u -> u.id() + u.text()).toList(),
                there.stream().map(u -> u.id() + u.text()).toList());
    }

    @Test
    void missingAudioIsNamedAndTheRestIsRead() throws IOException {
        Path chapter = copy("LibriSpeech").resolve("test-clean/1089/134686");
        Files.delete(chapter.resolve("1089-134686-0001.flac"));
        Files.writeString(chapter.resolve("1089-134686-0000.flac"), "no sound");
        Files.copy(
                CORPORA.resolve("LibriSpeech/test-clean/1089/134686/1089-134686-0000.flac"),
                chapter.resolve("1089-134686-0002.flac"));
        append(chapter.resolve("1089-134686.trans.txt"), "1089-134686-0002 MORE\n");
        TestPart clean = read(folder, "librispeech").get(0);
        assertEquals(
                List.of("MORE"),
                clean.utterances().stream().map(Utterance::text).toList());
        String warnings = clean.warnings().toString();
        assertTrue(warnings.contains("1 audio file is missing: "), warnings);
        assertTrue(warnings.contains("1 audio file cannot be read: "), warnings);
    }

    @Test
    void everyCorpusSaysWhereItIsToBeHad() {
        for (Corpus corpus : Corpora.all()) {
            assertEquals(
                    corpus,
                    Corpora.named(corpus.name().toUpperCase(Locale.ROOT)).orElseThrow());
            assertTrue(corpus.source().toString().contains("https://"), corpus.name());
            assertFalse(corpus.licence().isBlank() || corpus.title().isBlank(), corpus.name());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ted | it 's {NOISE} the(2) <unk> talk (AimeeMullins_2009P-12) | it's the talk",
                "ted | we <sil> 'll see | we'll see",
                "hub5 | YEAH (%HESITATION) I THINK | YEAH I THINK",
                "hub5 | { TEN / @ } OF ((THEM) <B_ASIDE> HELLO <E_ASIDE> %HESITATION | TEN OF HELLO",
                "hub5 | { GONNA / GOING TO / GOIN' } GO | GONNA GO",
                "hub5 | (TH-) (( RIGHT )) | ''",
                "chime | [laughs] Okay, so - what's \"that\"? Mm-hmm. [inaudible 0:01:02] | okay so what's that mmhmm",
                "chime | a well-known - - thing | a well-known thing",
                "wsj | The *index* rose .POINT five %PERCENT [tongue_click] -- . | THE INDEX ROSE POINT FIVE PERCENT"
                        + " --",
                "wsj | <a> \\(paren [<noise] ab:out --dash ~ | A (PAREN ABOUT -DASH",
                "ami | Mm-hmm O_K_ it's T_V_ , fifty-fifty | MM-HMM OK IT'S T V FIFTY FIFTY",
                "ami | uh-huh uh-huh | UH-HUH UH-HUH"
            })
    void textIsCleanedByTheConventionOfTheCorpus(String corpus, String text, String clean) {
        String found =
                switch (corpus) {
                    case "ted" -> TedLium.clean(text);
                    case "hub5" -> Hub5.clean(text);
                    case "chime" -> Chime6.clean(text);
                    case "wsj" -> Wsj.clean(text);
                    default -> AmiSegments.clean(text);
                };
        assertEquals(clean, found);
    }
}
