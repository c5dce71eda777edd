package org.omniscribe.eval.score;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.eval.text.Normalizers;

/**
 * Golden values: NIST sclite 2.4.10; {@code src/test/scripts/sclite_notation_golden.py} writes them and tells how to read
 * more.
 */
class TranscriptScorerTest {
    private static final TranscriptScorer SCORER = new TranscriptScorer(Normalizers.NIST, EditCosts.NIST);

    @TempDir
    private Path folder;

    private Path golden(String name) throws IOException {
        String other = System.getProperty("omniscribe.sclite.notation");
        if (other != null) {
            return Path.of(other, name);
        }
        Path file = folder.resolve(name);
        try (InputStream in = TranscriptScorerTest.class.getResourceAsStream(name)) {
            Files.copy(in, file);
        }
        return file;
    }

    private static ErrorCounts counts(String[] columns, int from) {
        return new ErrorCounts(
                Long.parseLong(columns[from]),
                Long.parseLong(columns[from + 1]),
                Long.parseLong(columns[from + 2]),
                Long.parseLong(columns[from + 3]));
    }

    private static ErrorCounts count(String reference, String hypothesis) {
        return SCORER.score(
                        List.of(new NistFiles.Utterance("u", reference)),
                        List.of(new NistFiles.Utterance("u", hypothesis)),
                        true)
                .score()
                .words();
    }

    @Test
    void countsOfChoicesOptionalWordsAndFragmentsAreSclites() throws IOException {
        List<String> lines = Files.readAllLines(golden("notation.tsv"));
        assertTrue(lines.size() > 200, "only " + lines.size() + " lines");
        assertAll(lines.subList(1, lines.size()).stream().map(line -> (Executable) () -> {
            String[] columns = line.split("\t", -1);
            assertEquals(counts(columns, 2), count(columns[0], columns[1]), line);
        }));
    }

    @Test
    void countsOfSegmentsWithTimesAreSclites() throws IOException {
        List<NistFiles.Segment> segments = NistFiles.readStm(golden("times.stm"));
        List<NistFiles.Word> words = NistFiles.readCtm(golden("times.ctm"));
        Map<String, ErrorCounts> ours = new HashMap<>();
        SCORER.score(segments, words).utterances().forEach(u -> ours.put(u.id().toLowerCase(Locale.ROOT), u.words()));
        Map<String, ErrorCounts> theirs = new HashMap<>();
        List<String> lines = Files.readAllLines(golden("times.tsv"));
        for (String line : lines.subList(1, lines.size())) {
            String[] columns = line.split("\t");
            theirs.put(columns[0] + " " + columns[1] + " " + Double.parseDouble(columns[2]), counts(columns, 3));
        }
        assertTrue(theirs.size() > 30, "only " + theirs.size() + " segments");
        assertEquals(theirs, ours);
    }

    @Test
    void whatIsReadIsWrittenAlike() throws IOException {
        List<NistFiles.Segment> segments = NistFiles.readStm(golden("times.stm"));
        Path stm = folder.resolve("again.stm");
        Files.write(stm, segments.stream().map(NistFiles::stm).toList());
        assertEquals(segments, NistFiles.readStm(stm));
        List<NistFiles.Word> words = NistFiles.readCtm(golden("times.ctm"));
        Path ctm = folder.resolve("again.ctm");
        Files.write(ctm, words.stream().map(NistFiles::ctm).toList());
        assertEquals(words, NistFiles.readCtm(ctm));
        List<NistFiles.Utterance> utterances =
                List.of(new NistFiles.Utterance("a-1", "{ um / @ } (so) it"), new NistFiles.Utterance("a-2", ""));
        Path trn = folder.resolve("again.trn");
        Files.write(trn, utterances.stream().map(NistFiles::trn).toList());
        assertEquals(utterances, NistFiles.readTrn(trn));
    }

    @Test
    void normalizersWorkInsideOfChoices() {
        TranscriptScorer scorer = new TranscriptScorer(Normalizers.WHISPER_EN, EditCosts.UNIT);
        ScoredSet set = scorer.score(
                List.of(new NistFiles.Utterance("u", "{ Twenty-one / um } colours (uh) we're")),
                List.of(new NistFiles.Utterance("u", "21 colors we are")),
                true);
        assertEquals(new ErrorCounts(4, 0, 0, 0), set.score().words());
    }

    @Test
    void whatDoesNotFitTogetherIsNoted() {
        ScoredSet set = SCORER.score(
                List.of(new NistFiles.Utterance("a-1", "one two"), new NistFiles.Utterance("b-1", "three")),
                List.of(new NistFiles.Utterance("b-1", "Three"), new NistFiles.Utterance("c-1", "four")),
                false);
        assertEquals(new ErrorCounts(1, 0, 2, 0), set.score().words());
        assertEquals(1, set.score().sentenceErrors());
        assertEquals(List.of("a", "b"), new ArrayList<>(set.speakers().keySet()));
        assertEquals(2, set.notes().size());
        assertTrue(
                set.notes().get(0).startsWith("a-1: no hypothesis"), set.notes().get(0));
        assertTrue(
                set.notes().get(1).startsWith("c-1: no reference"), set.notes().get(1));
    }

    @Test
    void allFaultsOfAFileAreToldAtOnce() throws IOException {
        Path trn = folder.resolve("ref.trn");
        Files.writeString(trn, ";; comment\nno id\na b (x)\n\nc (x\n");
        String message =
                assertThrows(ScoreException.class, () -> NistFiles.readTrn(trn)).getMessage();
        assertTrue(message.contains("line 2") && message.contains("line 5"), message);
        Path twice = folder.resolve("twice.trn");
        Files.writeString(twice, "a (x)\nb (x)\n");
        assertTrue(assertThrows(ScoreException.class, () -> NistFiles.readTrn(twice))
                .getMessage()
                .contains("x stands twice"));
        assertTrue(assertThrows(ScoreException.class, () -> count("{ a / b", "a"))
                .getMessage()
                .contains("{ without a }"));
        assertThrows(ScoreException.class, () -> count("a }", "a"));
        assertThrows(ScoreException.class, () -> count("{ a / }", "a"));
    }
}
