package org.omniscribe.asr.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.model.Vocabulary;

/** The recursion against the definition: every label path through a small window, written out and compared. */
class WordConfidenceTest {
    private static final Vocabulary VOCABULARY = new Vocabulary(List.of("<blank>", "▁", "a", "b"));
    private static final int STEPS = 6;

    @Test
    void equalsTheSumOverAllPathsThatWriteTheWord() {
        Random random = new Random(7);
        for (String word : List.of("a", "ab", "aa", "aba", "abba")) {
            for (boolean spaceFirst : new boolean[] {false, true}) {
                float[][] logProbs = new float[STEPS][];
                for (int t = 0; t < STEPS; t++) {
                    logProbs[t] = GreedyDecoderTest.randomRow(random, VOCABULARY.size());
                }
                int[] tokens = word.chars()
                        .map(c -> VOCABULARY.tokens().indexOf("" + (char) c))
                        .toArray();
                double expected = bruteForce(logProbs, word, spaceFirst);
                assertEquals(
                        expected,
                        WordConfidence.of(logProbs, 0, STEPS, tokens, spaceFirst, new int[] {1}),
                        1e-12,
                        word + " " + spaceFirst);
            }
        }
    }

    private static double bruteForce(float[][] logProbs, String word, boolean spaceFirst) {
        double sum = 0;
        for (int code = 0; code < 1 << (2 * STEPS); code++) {
            StringBuilder text = new StringBuilder();
            double logProb = 0;
            int previous = 0;
            for (int t = 0; t < STEPS; t++) {
                int token = code >> (2 * t) & 3;
                logProb += logProbs[t][token];
                if (token != 0 && token != previous) {
                    text.append(VOCABULARY.token(token));
                }
                previous = token;
            }
            boolean space = text.length() > 0 && text.charAt(0) == '▁';
            if (text.toString().replaceAll("^▁+|▁+$", "").equals(word) && (space || !spaceFirst)) {
                sum += Math.exp(logProb);
            }
        }
        return sum;
    }

    @Test
    void allWordsAWindowCanHoldAndSilenceShareOne() {
        Random random = new Random(11);
        float[][] logProbs = new float[4][];
        double silence = 1;
        for (int t = 0; t < logProbs.length; t++) {
            // Without spaces, the texts of a window are words.
            logProbs[t] = GreedyDecoderTest.randomRow(random, 3);
            silence *= Math.exp(logProbs[t][0]);
        }
        double sum = silence;
        for (int length = 1; length <= logProbs.length; length++) {
            for (int code = 0; code < 1 << length; code++) {
                int[] word = new int[length];
                for (int i = 0; i < length; i++) {
                    word[i] = 1 + (code >> i & 1);
                }
                sum += WordConfidence.of(logProbs, 0, logProbs.length, word, false, new int[0]);
            }
        }
        assertEquals(1, sum, 1e-6);
    }
}
