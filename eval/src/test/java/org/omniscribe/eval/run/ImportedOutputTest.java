package org.omniscribe.eval.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.transcript.Word;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.score.ScoreException;
import org.omniscribe.eval.text.Normalizers;

class ImportedOutputTest {
    @TempDir
    private Path folder;

    private final TestSet files = new TestSet(
            "files",
            List.of(
                    Utterance.ofFile("audio/1.wav", Path.of("audio/1.wav"), 2, "anna", "one"),
                    Utterance.ofFile("audio/2.wav", Path.of("audio/2.wav"), 2, "ben", "two"),
                    Utterance.ofFile("audio/3.wav", Path.of("audio/3.wav"), 2, "", "three")));
    private final TestSet segments = new TestSet(
            "segments",
            List.of(
                    new Utterance("a", Path.of("long.sph"), 0, 2, 0, "s", "first"),
                    new Utterance("b", Path.of("long.sph"), 2, 4, 0, "s", "second"),
                    new Utterance("c", Path.of("long.sph"), 0, 4, 1, "t", "other side")));

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static List<String> texts(ImportedOutput output) {
        return output.recognitions().stream().map(r -> r.id() + "=" + r.text()).toList();
    }

    @Test
    void linesBelongToIdsFileNamesAndExportedNames() throws IOException {
        Path trn = file("ps.trn", "uno (1)\ndos (ben-00002_2_wav -1234)\n(audio/3.wav)\nwhat (9)\nlast (segments/c)\n");
        ImportedOutput output = ImportedOutput.read(trn, List.of(files, segments));
        assertEquals(List.of("audio/1.wav=uno", "audio/2.wav=dos", "audio/3.wav=", "c=last"), texts(output));
        assertEquals(List.of("9"), output.unknown());
    }

    @Test
    void namesThatSeveralUtterancesHaveAreNone() throws IOException {
        TestSet twin = new TestSet("twin", List.of(Utterance.ofFile("1.flac", Path.of("x/1.flac"), 2, "", "x")));
        Path tsv = file("ps.tsv", "1\tuno\n1.flac\tx\n");
        ImportedOutput output = ImportedOutput.read(tsv, List.of(files, twin));
        assertEquals(List.of("1.flac=x"), texts(output));
        assertEquals(List.of("1"), output.unknown());
    }

    @Test
    void ofPathsTheFileNameWillDo() throws IOException {
        Path tsv = file("ps.tsv", "corpus/wav/2\tdos\nC:\\wav\\3.wav\ttres\ncorpus/wav/4\tcuatro\n");
        ImportedOutput output = ImportedOutput.read(tsv, List.of(files));
        assertEquals(List.of("audio/2.wav=dos", "audio/3.wav=tres"), texts(output));
        assertEquals(List.of("corpus/wav/4"), output.unknown());
    }

    @Test
    void wordsWithTimesBelongToTheSegmentOfTheirMiddle() throws IOException {
        Path ctm = file(
                "ps.ctm",
                "long A 0.5 0.4 first 0.9\nlong A 1.9 0.4 second 0.8\nlong B 0.1 0.2 other 0.5\nelse 1 0 1 lost 1\n");
        ImportedOutput output = ImportedOutput.read(ctm, List.of(files, segments));
        assertEquals(List.of("a=first", "b=second", "c=other"), texts(output));
        assertEquals(List.of("else"), output.unknown());
        assertEquals(0.8, output.recognitions().get(1).words().get(0).confidence());
        assertEquals(0, output.recognitions().get(1).words().get(0).start());
        assertEquals(0.3, output.recognitions().get(1).words().get(0).end(), 1e-9);
    }

    @Test
    void exportedWordsComeBackToTheirSideOfTheRecording() throws IOException {
        Word word = new Word("other", 0.5, 0.9, 0.75);
        SystemInfo info = new SystemInfo(1, "x", false, "m", "", "id", "", List.of());
        SystemLog log = SystemLog.open(info, folder.resolve("x.jsonl"));
        log.add(List.of(
                Recognition.imported("segments", segments.utterances().get(2), "other", List.of(word)),
                Recognition.imported("segments", segments.utterances().get(1), "", List.of())));
        NistExport.write(new Scoring(Normalizers.BASIC, EditCosts.NIST).score(segments, log), folder);
        assertEquals(List.of("long B 0.500 0.400 other 0.7500"), Files.readAllLines(folder.resolve("hyp.ctm")));
        assertEquals(
                "long A s 2.000 4.000 second",
                Files.readAllLines(folder.resolve("ref.stm")).get(0));
        ImportedOutput back = ImportedOutput.read(folder.resolve("hyp.ctm"), List.of(segments));
        assertEquals(List.of("a=", "b=", "c=other"), texts(back));
    }

    @Test
    void whatBelongsNowhereIsRefusedWithAnExample() throws IOException {
        Path trn = file("other.trn", "uno (x)\n");
        ScoreException e = assertThrows(ScoreException.class, () -> ImportedOutput.read(trn, List.of(files)));
        assertTrue(e.getMessage().contains("the first is x"), e.getMessage());
        assertTrue(e.getMessage().contains("audio/1.wav"), e.getMessage());
        Path ctm = file("alt.ctm", "long A * * <ALT_BEGIN>\n");
        assertThrows(ScoreException.class, () -> ImportedOutput.read(ctm, List.of(segments)));
    }

    @Test
    void whatAnImportLacksCountsAsDeletedAndIsNamedInSetsThatItHas() throws IOException {
        try (RunFolder run = RunFolder.open(folder.resolve("run"))) {
            SystemLog log = run.system(SystemInfo.importedFrom("sphinx", "ps.trn"));
            log.replaceAll(ImportedOutput.read(file("ps.trn", "one (1)\n"), List.of(files))
                    .recognitions());
            log.replaceAll(ImportedOutput.read(file("ps.trn", "one (1)\ntoo (2)\n"), List.of(files))
                    .recognitions());
            Scoring scoring = new Scoring(Normalizers.BASIC, EditCosts.NIST);
            SetResult result = scoring.score(files, log);
            assertEquals(List.of("audio/3.wav"), result.unheard());
            assertEquals(new ErrorCounts(1, 1, 1, 0), result.scoredSet().score().words());
            assertEquals(3, scoring.score(segments, log).pending().size(), "a set that it knows nothing of");
        }
    }
}
