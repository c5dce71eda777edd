package org.omniscribe.asr.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.model.Vocabulary;

/** The recursion against the definition: every path through a small emission, written out and summed by its text. */
class TextScoreTest {
    private static final int STEPS = 6;
    /** Nats below the first text. */
    private static final double HOPELESS = 20;

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
        TextScore score = new TextScore(TextScore.Tokens.of(vocabulary), logProbs);
        List<List<String>> words =
                texts.stream().map(text -> Arrays.asList(text.split("▁"))).toList();
        // Every text once as the one of which the others are variants.
        for (int first = 0; first < texts.size(); first++) {
            List<List<String>> order = new ArrayList<>(words);
            Collections.rotate(order, -first);
            double[] found = score.of(order);
            for (int i = 0; i < found.length; i++) {
                String text = String.join("▁", order.get(i));
                double expected = sums.containsKey(text) ? Math.log(sums.get(text)) : TextScore.IMPOSSIBLE;
                assertEquals(expected, found[i], 1e-6, text + ", a variant of " + texts.get(first));
            }
        }
    }

    @Test
    void characters() {
        equalsTheSumOverAllPaths(
                new Vocabulary(List.of("<blank>", "▁", "a", "b")),
                List.of(
                        "a", "b", "ab", "aa", "aab", "a▁b", "a▁a", "ab▁ba", "abab", "aaaa", "ababab", "c", "abababa",
                        "a▁b▁a", "a▁a▁b", "b▁b", "a▁bb▁a", "b▁a"));
    }

    @Test
    void piecesOfWhichSeveralWriteTheSameText() {
        equalsTheSumOverAllPaths(
                new Vocabulary(List.of("<blank>", "▁a", "a", "b", "▁ab", "bb")),
                List.of(
                        "a",
                        "ab",
                        "a▁a",
                        "abb",
                        "ab▁ab",
                        "abbb",
                        "a▁ab",
                        "aa",
                        "a▁a▁a",
                        "ab▁a▁ab",
                        "ab▁abb▁ab",
                        "a▁abb▁a",
                        "a▁a▁a▁a",
                        "ab▁a▁a▁ab"));
    }

    /** Long enough for places to be left out: variants score the same whether beside their like or alone. */
    @Test
    void variantsScoreWhatTheyScoreAlone() {
        Vocabulary vocabulary = new Vocabulary(List.of("<blank>", "▁a", "a", "b", "▁ab", "bb", "▁", "c", "▁c"));
        Random random = new Random(5);
        List<String> words = new ArrayList<>();
        for (int w = 0; w < 12; w++) {
            StringBuilder word = new StringBuilder();
            for (int i = 0; i <= random.nextInt(5); i++) {
                word.append("abc".charAt(random.nextInt(3)));
            }
            words.add(word.toString());
        }
        String spoken = "▁" + String.join("▁", words);
        float[][] logProbs = new float[3 * spoken.length()][];
        for (int t = 0; t < logProbs.length; t++) {
            double[] weight = new double[vocabulary.size()];
            double total = 0;
            for (int v = 0; v < weight.length; v++) {
                boolean right = v == 0 ? t % 3 != 1 : vocabulary.token(v).indexOf(spoken.charAt(t / 3)) >= 0;
                weight[v] = (right ? 1 : 0.002) * (0.1 + random.nextDouble());
                total += weight[v];
            }
            logProbs[t] = new float[weight.length];
            for (int v = 0; v < weight.length; v++) {
                logProbs[t][v] = (float) Math.log(weight[v] / total);
            }
        }
        List<List<String>> texts = new ArrayList<>(List.of(words));
        for (int i = 0; i < 60; i++) {
            List<String> changed = new ArrayList<>(texts.get(random.nextInt(texts.size())));
            int at = random.nextInt(changed.size());
            switch (i % 3) {
                case 0 -> changed.set(at, "abc".substring(random.nextInt(3)));
                case 1 -> changed.add(at, "a");
                default -> changed.remove(at);
            }
            texts.add(changed);
        }
        TextScore score = new TextScore(TextScore.Tokens.of(vocabulary), logProbs);
        double[] beside = score.of(texts);
        int compared = 0;
        for (int i = 0; i < beside.length; i++) {
            double alone = score.of(List.of(texts.get(i)))[0];
            // Of what is hopeless, one way leaves out other places than the other.
            if (alone > beside[0] - HOPELESS) {
                assertEquals(alone, beside[i], 1e-3, texts.get(i).toString());
                compared++;
            } else {
                assertTrue(beside[i] < beside[0] - HOPELESS + 1, texts.get(i).toString());
            }
        }
        assertTrue(compared > 10, compared + " texts that are near enough");
    }
}
