package org.omniscribe.asr.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.model.Vocabulary;

/** The recursion against the definition: every path through a small emission, written out and summed by its text. */
class TextScoreTest {
    private static final int STEPS = 6;

    private static float[][] random(long seed, int tokens) {
        Random random = new Random(seed);
        float[][] logProbs = new float[STEPS][];
        for (int t = 0; t < STEPS; t++) {
            logProbs[t] = GreedyDecoderTest.randomRow(random, tokens);
        }
        return logProbs;
    }

    private static void equalsTheSumOverAllPaths(Vocabulary vocabulary, List<String> texts) {
        float[][] logProbs = random(3, vocabulary.size());
        Map<String, Double> sums = new HashMap<>();
        for (int path = 0; path < Math.pow(vocabulary.size(), STEPS); path++) {
            int[] ids = new int[STEPS];
            int n = 0;
            double logProb = 0;
            int before = 0;
            for (int t = 0, rest = path; t < STEPS; t++, rest /= vocabulary.size()) {
                int v = rest % vocabulary.size();
                logProb += logProbs[t][v];
                if (v != before && v != 0) {
                    ids[n++] = v;
                }
                before = v;
            }
            StringBuilder written = new StringBuilder();
            for (int i = 0; i < n; i++) {
                written.append(vocabulary.token(ids[i]));
            }
            // A space at either end is allowed, two in a row are not.
            String text = written.toString().replaceFirst("^▁", "").replaceFirst("▁$", "");
            sums.merge(text, Math.exp(logProb), Double::sum);
        }
        TextScore score = new TextScore(TextScore.trie(vocabulary), logProbs);
        for (String text : texts) {
            List<String> words = text.isEmpty() ? List.of() : Arrays.asList(text.split("▁"));
            double expected = sums.containsKey(text) ? Math.log(sums.get(text)) : TextScore.IMPOSSIBLE;
            assertEquals(expected, score.of(words), 1e-6, text);
        }
    }

    @Test
    void characters() {
        equalsTheSumOverAllPaths(
                new Vocabulary(List.of("<blank>", "▁", "a", "b")),
                List.of("a", "b", "ab", "aa", "aab", "a▁b", "a▁a", "ab▁ba", "abab", "aaaa", "ababab", "c", "abababa"));
    }

    @Test
    void piecesOfWhichSeveralWriteTheSameText() {
        equalsTheSumOverAllPaths(
                new Vocabulary(List.of("<blank>", "▁a", "a", "b", "▁ab", "bb")),
                List.of("a", "ab", "a▁a", "abb", "ab▁ab", "abbb", "a▁ab", "aa", "a▁b"));
    }
}
