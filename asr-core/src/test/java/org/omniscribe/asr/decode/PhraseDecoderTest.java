package org.omniscribe.asr.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.asr.routing.RoutingTrace;

class PhraseDecoderTest {
    private static final Vocabulary LETTERS = new Vocabulary(List.of("<blank>", "▁", "a", "b"));
    private static final Vocabulary PIECES = new Vocabulary(List.of("<blank>", "▁a", "b", "a", "▁"));
    private static final List<String> PHRASES = List.of("a", "B  a", "ab", "bb");

    private static Emission random(Random random, Vocabulary vocabulary, int steps) {
        float[][] logProbs = new float[steps][];
        for (int t = 0; t < steps; t++) {
            logProbs[t] = GreedyDecoderTest.randomRow(random, vocabulary.size());
        }
        return new Emission(logProbs, new RoutingTrace(new int[0][], new float[0][]), 0.04);
    }

    private static boolean allowed(String text) {
        return text.isEmpty() || (text + " ").matches("((a|b a|ab|bb) )+");
    }

    @Test
    void noPathThatWritesPhrasesIsLikelier() {
        Random random = new Random(9);
        for (Vocabulary vocabulary : List.of(LETTERS, PIECES)) {
            PhraseDecoder decoder = new PhraseDecoder(vocabulary, PHRASES);
            for (int round = 0; round < 40; round++) {
                Emission emission = random(random, vocabulary, random.nextInt(7));
                double best = Double.NEGATIVE_INFINITY;
                String bestText = "";
                for (int path = 0; path < Math.pow(vocabulary.size(), emission.steps()); path++) {
                    int[] ids = new int[emission.steps()];
                    int n = 0;
                    double logProb = 0;
                    for (int t = 0, rest = path, last = 0; t < ids.length; t++, rest /= vocabulary.size()) {
                        int v = rest % vocabulary.size();
                        logProb += emission.logProbs()[t][v];
                        if (v != last && v != 0) {
                            ids[n++] = v;
                        }
                        last = v;
                    }
                    String text = vocabulary.text(Arrays.copyOf(ids, n));
                    if (logProb > best && allowed(text)) {
                        best = logProb;
                        bestText = text;
                    }
                }
                Hypothesis found = decoder.decode(emission);
                assertEquals(bestText, found.text());
                assertEquals(best, found.logProb(), 1e-5);
            }
        }
    }

    @Test
    void onlyPhrasesAreWrittenHoweverLong() {
        Random random = new Random(10);
        PhraseDecoder decoder = new PhraseDecoder(LETTERS, PHRASES);
        for (int round = 0; round < 20; round++) {
            Hypothesis found = decoder.decode(random(random, LETTERS, 100));
            assertTrue(allowed(found.text()) && found.words().size() > 3, found.text());
        }
    }

    @Test
    void phrasesThatTheTokensCannotSpellAreNamed() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new PhraseDecoder(LETTERS, List.of("a", "cab", "a2")))
                .getMessage();
        assertEquals("the model's tokens cannot spell [cab, a2]", message);
        assertThrows(IllegalArgumentException.class, () -> new PhraseDecoder(LETTERS, List.of(" ")));
    }
}
