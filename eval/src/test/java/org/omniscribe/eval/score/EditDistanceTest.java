package org.omniscribe.eval.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EditDistanceTest {
    /** C S D I; worked out by hand. */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    '',            '',             0, 0, 0, 0
                    a b c,         a b c,          3, 0, 0, 0
                    a b c,         '',             0, 0, 3, 0
                    '',            a b,            0, 0, 0, 2
                    the cat sat,   the bat sat,    2, 1, 0, 0
                    the cat sat,   the sat,        2, 0, 1, 0
                    the cat,       the big cat,    2, 0, 0, 1
                    '  a\tb ',     a  b,           2, 0, 0, 0
                    """)
    void countsWords(String reference, String hypothesis, long c, long s, long d, long i) {
        for (EditCosts costs : EditCosts.values()) {
            assertEquals(new ErrorCounts(c, s, d, i), EditDistance.words(reference, hypothesis, costs), costs.name());
        }
    }

    @Test
    void nistCostsPreferAMatchToFewerErrors() {
        // Aligning the b's saves two substitutions (8) at the price of a deletion and an insertion (6).
        String reference = "a b c";
        String hypothesis = "b d c";
        assertEquals(new ErrorCounts(2, 0, 1, 1), EditDistance.words(reference, hypothesis, EditCosts.NIST));
        assertEquals(new ErrorCounts(1, 2, 0, 0), EditDistance.words(reference, hypothesis, EditCosts.UNIT));
    }

    @Test
    void charactersCountCodePointsAndSingleSpaces() {
        assertEquals(new ErrorCounts(3, 0, 0, 0), EditDistance.characters(" a  b", "a b ", EditCosts.UNIT));
        assertEquals(new ErrorCounts(2, 0, 1, 0), EditDistance.characters("a b", "ab", EditCosts.UNIT));
        assertEquals(new ErrorCounts(0, 1, 0, 0), EditDistance.characters("\uD83D\uDE00", "x", EditCosts.UNIT));
    }

    @ParameterizedTest
    @EnumSource
    void alignmentIsWhatIsCounted(EditCosts costs) {
        Random random = new Random(7);
        for (int n = 0; n < 2000; n++) {
            List<String> reference = tokens(random, 4);
            List<String> hypothesis = tokens(random, 4);
            Alignment alignment = Alignment.of(reference, hypothesis, costs);
            assertEquals(EditDistance.count(reference, hypothesis, costs), alignment.counts());
            assertEquals(
                    reference,
                    alignment.pairs().stream()
                            .map(Alignment.Pair::reference)
                            .filter(t -> t != null)
                            .toList());
            assertEquals(
                    hypothesis,
                    alignment.pairs().stream()
                            .map(Alignment.Pair::hypothesis)
                            .filter(t -> t != null)
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void noAlignmentIsCheaper(EditCosts costs) {
        Random random = new Random(11);
        for (int n = 0; n < 300; n++) {
            List<String> reference = tokens(random, 2);
            List<String> hypothesis = tokens(random, 2);
            ErrorCounts counts = EditDistance.count(reference, hypothesis, costs);
            long cost = counts.substitutions() * costs.substitution()
                    + counts.deletions() * costs.deletion()
                    + counts.insertions() * costs.insertion();
            assertEquals(cheapest(reference, hypothesis, costs), cost, reference + " / " + hypothesis);
        }
    }

    /** All alignments tried one by one. */
    private static long cheapest(List<String> reference, List<String> hypothesis, EditCosts costs) {
        if (reference.isEmpty()) {
            return (long) hypothesis.size() * costs.insertion();
        }
        if (hypothesis.isEmpty()) {
            return (long) reference.size() * costs.deletion();
        }
        List<String> r = reference.subList(1, reference.size());
        List<String> h = hypothesis.subList(1, hypothesis.size());
        int edit = reference.get(0).equals(hypothesis.get(0)) ? 0 : costs.substitution();
        return Math.min(
                edit + cheapest(r, h, costs),
                Math.min(
                        costs.deletion() + cheapest(r, hypothesis, costs),
                        costs.insertion() + cheapest(reference, h, costs)));
    }

    private static List<String> tokens(Random random, int kinds) {
        return random.ints(random.nextInt(8), 0, kinds)
                .mapToObj(Integer::toString)
                .collect(Collectors.toList());
    }

    @Test
    void ratesArePooled() {
        Score score = Score.of("a b c d", "a b c x", EditCosts.NIST).plus(Score.of("e", "", EditCosts.NIST));
        assertEquals(2.0 / 5, score.wer());
        assertEquals(2.0 / 8, score.cer());
        assertEquals(1.0, score.sentenceErrorRate());
        assertEquals(2, score.sentences());
        assertEquals(0, Score.of("a", " a", EditCosts.NIST).sentenceErrors());
    }

    @Test
    void rateWithoutReferenceIsNoNumber() {
        assertTrue(Double.isNaN(ErrorCounts.NONE.rate()));
        assertEquals(Double.POSITIVE_INFINITY, new ErrorCounts(0, 0, 0, 1).rate());
    }

    @Test
    void refusesImpossibleCounts() {
        assertThrows(IllegalArgumentException.class, () -> new ErrorCounts(0, 0, -1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Score(ErrorCounts.NONE, ErrorCounts.NONE, 1, 2));
    }
}
