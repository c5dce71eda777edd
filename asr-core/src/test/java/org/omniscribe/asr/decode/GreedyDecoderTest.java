package org.omniscribe.asr.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Word;

class GreedyDecoderTest {
    private static final double STEP = 0.04;
    private static final Vocabulary LETTERS =
            new Vocabulary(List.of("<blank>", "▁", "'", "a", "c", "d", "e", "n", "o", "s", "t", ".", "-"));
    private static final Vocabulary PIECES =
            new Vocabulary(List.of("<blank>", "▁the", "▁c", "at", "▁", "'", "s", "x▁y"));
    private static final RoutingTrace NO_ROUTING = new RoutingTrace(new int[0][], new float[0][]);

    /** An emission whose best path is the tokens named, each with probability {@code peak}, the rest shared evenly. */
    private static Emission peaks(Vocabulary vocabulary, double peak, String... path) {
        float[][] logProbs = new float[path.length][vocabulary.size()];
        for (int t = 0; t < path.length; t++) {
            int best = path[t].equals("_") ? 0 : vocabulary.tokens().indexOf(path[t]);
            for (int v = 0; v < vocabulary.size(); v++) {
                logProbs[t][v] = (float) Math.log(v == best ? peak : (1 - peak) / (vocabulary.size() - 1));
            }
        }
        return new Emission(logProbs, NO_ROUTING, STEP);
    }

    private static Hypothesis decode(Vocabulary vocabulary, String path) {
        return new GreedyDecoder(vocabulary).decode(peaks(vocabulary, 0.9, path.split(" ")));
    }

    private static void assertTimes(double fromStep, double toStep, Word word) {
        assertEquals(fromStep * STEP, word.start(), 1e-9, word.toString());
        assertEquals(toStep * STEP, word.end(), 1e-9, word.toString());
    }

    @Test
    void repeatsCollapseAndABlankPartsEqualLetters() {
        assertEquals("sat", decode(LETTERS, "s s _ a a t t t").text());
        assertEquals("saat", decode(LETTERS, "s a _ a t").text());
    }

    @Test
    void aWordLastsFromTheFirstStepOfItsFirstLetterToTheEndOfItsLastLettersLastStep() {
        List<Word> words = decode(LETTERS, "_ _ c c a t _ ▁ _ s a _ t t _").words();
        assertEquals(List.of("cat", "sat"), words.stream().map(Word::text).toList());
        assertTimes(2, 6, words.get(0));
        assertTimes(9, 14, words.get(1));
    }

    @Test
    void punctuationStaysWithItsWord() {
        assertEquals(
                "don't-cat. so", decode(LETTERS, "d o n ' t - c a t . ▁ s o").text());
        assertEquals("the cat's", decode(PIECES, "▁the _ ▁c at ' s").text());
    }

    @Test
    void pieceWordsBeginAtTheMarkedPieceAndSpacesAtTheEdgesWriteNothing() {
        List<Word> words = decode(PIECES, "▁ _ ▁the ▁the _ _ ▁c at _ ▁ s _ ▁").words();
        assertEquals(List.of("the", "cat", "s"), words.stream().map(Word::text).toList());
        assertTimes(2, 4, words.get(0));
        assertTimes(6, 8, words.get(1));
        assertTimes(10, 11, words.get(2));
    }

    @Test
    void aPieceWithASpaceInItsMiddleEndsOneWordAndBeginsTheNextWithoutOverlap() {
        List<Word> words = decode(PIECES, "▁c x▁y x▁y x▁y x▁y at").words();
        assertEquals(List.of("cx", "yat"), words.stream().map(Word::text).toList());
        assertTimes(0, 3, words.get(0));
        assertTimes(3, 6, words.get(1));
    }

    @Test
    void silenceAndNothingGiveNoWords() {
        assertEquals(new Hypothesis(List.of(), 0), new GreedyDecoder(LETTERS).decode(peaks(LETTERS, 0.9)));
        Hypothesis blanks = decode(LETTERS, "_ _ _ ▁ _");
        assertTrue(blanks.words().isEmpty());
        assertEquals(5 * Math.log(0.9), blanks.logProb(), 1e-5);
    }

    @Test
    void logProbabilityIsThatOfTheBestPath() {
        assertEquals(7 * Math.log(0.9), decode(LETTERS, "_ c a a t _ _").logProb(), 1e-5);
    }

    @Test
    void wordsNeverOverlapAndStayInOrderOnRandomEmissions() {
        Random random = new Random(3);
        for (Vocabulary vocabulary : List.of(LETTERS, PIECES)) {
            for (int round = 0; round < 200; round++) {
                float[][] logProbs = new float[random.nextInt(40)][];
                for (int t = 0; t < logProbs.length; t++) {
                    logProbs[t] = randomRow(random, vocabulary.size());
                }
                double end = 0;
                for (Word word : new GreedyDecoder(vocabulary)
                        .decode(new Emission(logProbs, NO_ROUTING, STEP))
                        .words()) {
                    assertTrue(word.start() >= end && word.end() > word.start(), word.toString());
                    end = word.end();
                }
                assertTrue(end <= logProbs.length * STEP + 1e-9);
            }
        }
    }

    static float[] randomRow(Random random, int size) {
        double[] p = new double[size];
        double sum = 0;
        for (int v = 0; v < size; v++) {
            p[v] = Math.exp(2 * random.nextGaussian());
            sum += p[v];
        }
        float[] row = new float[size];
        for (int v = 0; v < size; v++) {
            row[v] = (float) Math.log(p[v] / sum);
        }
        return row;
    }

    @Test
    void aSureWordHasConfidenceOneAndALongSilenceCostsNothing() {
        GreedyDecoder decoder = new GreedyDecoder(LETTERS);
        String[] sure = {"_", "c", "a", "t", "_", "▁", "s", "o"};
        for (Word word : decoder.decode(peaks(LETTERS, 1 - 1e-9, sure)).words()) {
            assertEquals(1, word.confidence(), 1e-6);
        }
        String[] longer = new String[1000];
        Arrays.fill(longer, "_");
        longer[500] = "a";
        // The letter, and 5 steps (0.2 s) of margin on both sides: in each, anything but a blank, a space at the
        // margins or the letter next to itself would be another text.
        double confidence =
                decoder.decode(peaks(LETTERS, 0.99, longer)).words().get(0).confidence();
        assertTrue(confidence > 0.89 && confidence < 0.93, "confidence " + confidence);
    }

    @Test
    void aLetterSplitOverTwoStepsIsAsSureAsItsPathsTogether() {
        float[][] logProbs = peaks(LETTERS, 1 - 1e-9, "_", "a", "a", "_").logProbs();
        int a = LETTERS.tokens().indexOf("a");
        for (int t = 1; t <= 2; t++) {
            logProbs[t][a] = (float) Math.log(0.5 + 1e-7);
            logProbs[t][0] = (float) Math.log(0.5 - 1e-7);
        }
        Word word = new GreedyDecoder(LETTERS)
                .decode(new Emission(logProbs, NO_ROUTING, STEP))
                .words()
                .get(0);
        // Only "no letter at all" (a quarter) is another text: aa, a_ and _a all write "a".
        assertEquals(0.75, word.confidence(), 1e-5);
    }

    @Test
    void emissionsOfAnotherVocabularyAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new GreedyDecoder(PIECES).decode(peaks(LETTERS, 0.9, "a")));
    }

    @Test
    void outputThatIsNoLogProbabilityIsAModelFaultNotSilence() {
        for (float broken : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 3}) {
            float[][] logProbs = new float[2][LETTERS.size()];
            Arrays.fill(logProbs[0], -3);
            Arrays.fill(logProbs[1], broken);
            Emission emission = new Emission(logProbs, NO_ROUTING, STEP);
            String message = assertThrows(ModelException.class, () -> new GreedyDecoder(LETTERS).decode(emission))
                    .getMessage();
            assertTrue(message.contains("step 1"), message);
        }
    }
}
