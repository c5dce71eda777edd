package org.omniscribe.eval.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.eval.score.NistFiles.Segment;
import org.omniscribe.eval.score.NistFiles.Utterance;
import org.omniscribe.eval.score.NistFiles.Word;
import org.omniscribe.eval.text.Normalizers;

class GlmTest {
    /** Beside the classes, as the golden values are; -Dglm= names another, with NAME.tsv of glm_golden.py beside it. */
    private static final Path RULES =
            Path.of(System.getProperty("glm", "src/test/resources/org/omniscribe/eval/score/rules.glm"));

    @TempDir
    Path folder;

    private static String filtered(Glm glm, String kind, String text) {
        return switch (kind) {
            case "stm" ->
                glm.segments(List.of(new Segment("f", "1", "s", 0, 1, "<o>", text)))
                        .get(0)
                        .text();
            case "trn ref" -> trn(glm, text, Glm.Side.REFERENCE);
            case "trn hyp" -> trn(glm, text, Glm.Side.HYPOTHESIS);
            default -> {
                List<Word> words = new ArrayList<>();
                for (String word : text.split(" ")) {
                    words.add(new Word("f", "1", words.size(), 0.6, word, 0.5));
                }
                yield glm.words(words).stream()
                        .map(w -> Double.isNaN(w.start())
                                ? "* * " + w.text()
                                : String.format(Locale.ROOT, "%.3f %.3f %s", w.start(), w.duration(), w.text()))
                        .collect(Collectors.joining(" | "));
            }
        };
    }

    private static String trn(Glm glm, String text, Glm.Side side) {
        return glm.utterances(List.of(new Utterance("s-1", text)), side).get(0).text();
    }

    @Test
    void textsBecomeWhatCsrfiltMakesOfThem() throws IOException {
        Glm glm = Glm.read(RULES);
        Path golden = RULES.resolveSibling(
                System.getProperty("glm") == null
                        ? "glm-golden.tsv"
                        : glm.name().replace(".glm", ".tsv"));
        List<String> wrong = new ArrayList<>();
        for (String line : Files.readAllLines(golden)) {
            String[] row = line.split("\t", -1);
            String filtered = filtered(glm, row[0], row[1]);
            if (!filtered.equals(row[2])) {
                wrong.add(row[0] + ": " + row[1] + "\n  should be " + row[2] + "\n  but is    " + filtered);
            }
        }
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    }

    @Test
    void allFaultyLinesAreToldAtOnce() throws IOException {
        Path file = Files.writeString(
                folder.resolve("a.glm"),
                ";; comment\n* format = 'NIST2'\nA B\n=> C\n;; INPUT_DEPENDENT_APPLICATION = \"(\"\nA => B\n");
        String message =
                assertThrows(ScoreException.class, () -> Glm.read(file)).getMessage();
        assertTrue(message.contains("line 3: no => in \"A B\""), message);
        assertTrue(message.contains("line 4: nothing before =>"), message);
        assertTrue(message.contains("line 5: \"(\" is no regular expression"), message);
        assertTrue(message.contains("the format is NIST2; NIST1 is read"), message);
        Path rules = Files.writeString(folder.resolve("b.glm"), "A => B\n");
        assertThrows(ScoreException.class, () -> Glm.read(rules));
    }

    @Test
    void hesitationsContractionsAndOptionalWordsCountAsInTheEvaluations() throws IOException {
        Glm glm = Glm.read(RULES);
        List<Segment> reference = glm.segments(
                List.of(new Segment("f", "1", "s", 0, 9, "<o>", "he has (%hesitation) gone to mister (th-) falkner")));
        List<Word> words = new ArrayList<>();
        for (String word : "he's gone to uh mr. falkner".split(" ")) {
            words.add(new Word("f", "1", words.size(), 0.6, word, Double.NaN));
        }
        ErrorCounts counts = new TranscriptScorer(Normalizers.NIST, EditCosts.NIST)
                .score(reference, glm.words(words))
                .score()
                .words();
        assertEquals(1, counts.errors(), "only the hesitation at the wrong place: " + counts);
        assertEquals(1, counts.insertions());
    }
}
