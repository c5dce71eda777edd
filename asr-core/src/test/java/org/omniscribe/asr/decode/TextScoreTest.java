package org.omniscribe.asr.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
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
        TextScore.Tokens tokens = TextScore.Tokens.of(vocabulary);
        TextScore score = new TextScore(tokens, logProbs);
        for (String text : texts) {
            List<String> words = text.isEmpty() ? List.of() : Arrays.asList(text.split("▁"));
            double expected = sums.containsKey(text) ? Math.log(sums.get(text)) : TextScore.IMPOSSIBLE;
            assertEquals(expected, new TextScore(tokens, logProbs).of(words), 1e-6, text + " alone");
            assertEquals(expected, score.of(words), 1e-6, text + " after others");
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

    @Test
    void tokensThatGoOnIntoTheNextWord() {
        equalsTheSumOverAllPaths(
                new Vocabulary(List.of("<blank>", "▁", "a", "b", "a▁b")), List.of("a", "a▁b", "ba▁b", "a▁ba▁b", "b▁a"));
    }

    @Test
    void textsOfOneUtteranceGetWhatTheyGetAlone() {
        Vocabulary vocabulary = new Vocabulary(List.of("<blank>", "▁a", "a", "b", "▁ab", "bb", "▁b", "▁"));
        TextScore.Tokens tokens = TextScore.Tokens.of(vocabulary);
        Random random = new Random(11);
        List<String> lexicon = List.of("a", "b", "ab", "ba", "aab", "bb", "abba");
        for (int utterance = 0; utterance < 20; utterance++) {
            List<String> spoken = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                spoken.add(lexicon.get(random.nextInt(lexicon.size())));
            }
            float[][] logProbs = emission(spoken, vocabulary, random);
            TextScore together = new TextScore(tokens, logProbs);
            for (int text = 0; text < 30; text++) {
                List<String> words = new ArrayList<>(spoken);
                for (int change = random.nextInt(4); change > 0; change--) {
                    int at = random.nextInt(words.size());
                    switch (random.nextInt(3)) {
                        case 0 -> words.set(at, lexicon.get(random.nextInt(lexicon.size())));
                        case 1 -> words.add(at, lexicon.get(random.nextInt(lexicon.size())));
                        default -> words.remove(at);
                    }
                }
                double alone = new TextScore(tokens, logProbs).of(words);
                assertEquals(alone, together.of(words), 1e-3, words + " of " + spoken);
            }
        }
    }

    /** Letter after letter for some steps each, with noise. */
    private static float[][] emission(List<String> words, Vocabulary vocabulary, Random random) {
        List<float[]> rows = new ArrayList<>();
        for (char letter : ("▁" + String.join("▁", words)).toCharArray()) {
            int token = vocabulary.tokens().indexOf(String.valueOf(letter));
            for (int step = random.nextInt(3); step >= 0; step--) {
                float[] row = GreedyDecoderTest.randomRow(random, vocabulary.size());
                row[step == 0 ? 0 : token] += 3;
                rows.add(row);
            }
        }
        return rows.toArray(float[][]::new);
    }
}
