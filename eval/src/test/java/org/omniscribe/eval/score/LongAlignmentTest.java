package org.omniscribe.eval.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.omniscribe.eval.text.Normalizers;

/** Long texts get the alignment that the whole table gives, in memory that grows with their length. */
class LongAlignmentTest {
    private static int[] random(Random random, int length, int kinds) {
        return random.ints(length, 0, kinds).toArray();
    }

    /** Some tokens changed, left out or put in; blocks of them now and then. */
    private static int[] spoilt(Random random, int[] tokens, double rate, int kinds) {
        List<Integer> out = new ArrayList<>();
        for (int token : tokens) {
            double dice = random.nextDouble() / rate;
            if (dice < 0.3) {
                continue;
            }
            out.add(dice < 0.7 ? random.nextInt(kinds) : token);
            for (int i = 0; dice >= 0.7 && dice < 1 && i < (dice < 0.72 ? 100 : 1); i++) {
                out.add(random.nextInt(kinds));
            }
        }
        return out.stream().mapToInt(i -> i).toArray();
    }

    @ParameterizedTest
    @CsvSource({"2, 0.05", "2, 1", "5, 0.3", "30, 0.2", "30, 1", "500, 0.1", "500, 1"})
    void countsAreThoseOfTheWholeTable(int kinds, double rate) {
        Random random = new Random(kinds);
        for (int trial = 0; trial < 20; trial++) {
            int[] reference = random(random, 1 + random.nextInt(400), kinds);
            int[] hypothesis =
                    rate == 1 ? random(random, random.nextInt(500), kinds) : spoilt(random, reference, rate, kinds);
            for (EditCosts costs : EditCosts.values()) {
                ErrorCounts expected = EditDistance.count(reference, hypothesis, costs);
                assertEquals(expected, BandedAlignment.count(reference, hypothesis, costs));
            }
            ErrorCounts expected = EditDistance.count(reference, hypothesis, EditCosts.UNIT);
            assertEquals(expected, BitAlignment.count(reference, hypothesis));
        }
    }

    @Test
    void piecesOfTheWayBackFitTogether() {
        Random random = new Random(8);
        int[] reference = random(random, 9000, 20);
        int[] hypothesis = random(random, 8000, 20);
        ErrorCounts bits = BitAlignment.count(reference, hypothesis);
        assertEquals(bits, BandedAlignment.count(reference, hypothesis, EditCosts.UNIT));
        assertTrue(bits.substitutions() > 1000);
    }

    @Test
    void twoHundredThousandWordsAreAligned() {
        Random random = new Random(9);
        int[] numbers = random(random, 200_000, 5000);
        int[] other = spoilt(random, numbers, 0.001, 5000);
        List<String> reference =
                java.util.Arrays.stream(numbers).mapToObj(i -> "w" + i).toList();
        List<String> hypothesis =
                java.util.Arrays.stream(other).mapToObj(i -> "w" + i).toList();
        ErrorCounts same = Alignment.of(reference, reference, EditCosts.NIST).counts();
        assertEquals(new ErrorCounts(200_000, 0, 0, 0), same);
        ErrorCounts counts = Alignment.of(reference, hypothesis, EditCosts.NIST).counts();
        assertTrue(counts.correct() > 199_000, counts::toString);
        String text = String.join(" ", reference);
        assertEquals(
                text.length(),
                EditDistance.characters(text, text, EditCosts.UNIT).correct());
    }

    @Test
    void choicesInChoicesWithoutEndAreRefused() {
        String text = "{ a / ".repeat(3000) + "b " + "} ".repeat(3000);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> WordGraph.parse(text, Normalizers.NIST));
        assertEquals("choices in choices, more than 50 deep", e.getMessage());
        WordGraph.parse("{ a / ".repeat(40) + "b " + "} ".repeat(40), Normalizers.NIST);
    }

    @Test
    void marksAndEncodingsOfTextsMakeNoDifference(@TempDir Path folder) throws Exception {
        String trn = "hello w\u00f6rld (a_1)\nfoo (a_2)\n";
        List<NistFiles.Utterance> expected = NistFiles.readTrn(Files.writeString(folder.resolve("plain"), trn));
        Path file = folder.resolve("marked");
        for (byte[] bytes : List.of(
                ("\ufeff" + trn).getBytes(StandardCharsets.UTF_8),
                ("\ufeff" + trn).getBytes(StandardCharsets.UTF_16LE),
                ("\ufeff" + trn).getBytes(StandardCharsets.UTF_16BE),
                trn.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8),
                trn.replace("\n", "\r").getBytes(StandardCharsets.UTF_8))) {
            assertEquals(expected, NistFiles.readTrn(Files.write(file, bytes)));
        }
        Files.write(file, "fine (a_1)\ncaf\u00e9 (a_2)\n".getBytes(StandardCharsets.ISO_8859_1));
        ScoreException e = assertThrows(ScoreException.class, () -> NistFiles.readTrn(file));
        assertTrue(e.getMessage().contains("line 2: it is not UTF-8 text"), e.getMessage());
        Files.writeString(file, "no id \u001b[31m\n");
        e = assertThrows(ScoreException.class, () -> NistFiles.readTrn(file));
        assertTrue(!e.getMessage().contains("\u001b"), e.getMessage());
    }
}
