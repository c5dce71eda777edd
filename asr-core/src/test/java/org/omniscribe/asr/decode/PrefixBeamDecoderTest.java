package org.omniscribe.asr.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.model.BeamSettings;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Word;

class PrefixBeamDecoderTest {
    private static final double STEP = 0.04;
    private static final Vocabulary TINY = new Vocabulary(List.of("<blank>", "▁", "a", "b"));
    private static final Vocabulary PIECES = new Vocabulary(List.of("<blank>", "▁a", "b", "a▁", "▁"));
    private static final Vocabulary LETTERS = letters();
    private static final RoutingTrace NO_ROUTING = new RoutingTrace(new int[0][], new float[0][]);

    private static Vocabulary letters() {
        List<String> tokens = new ArrayList<>(List.of("<blank>", "▁", "'"));
        for (char c = 'a'; c <= 'z'; c++) {
            tokens.add(String.valueOf(c));
        }
        return new Vocabulary(tokens);
    }

    private static Emission random(Random random, Vocabulary vocabulary, int steps) {
        float[][] logProbs = new float[steps][];
        for (int t = 0; t < steps; t++) {
            logProbs[t] = GreedyDecoderTest.randomRow(random, vocabulary.size());
        }
        return new Emission(logProbs, NO_ROUTING, STEP);
    }

    /** Writes a text sharply, two steps a letter with a blank behind, but some letters as an even choice of several. */
    private static Emission spoken(String text, Map<Integer, String> doubts) {
        float[][] logProbs = new float[3 * text.length()][LETTERS.size()];
        for (int t = 0; t < logProbs.length; t++) {
            int i = t / 3;
            String choice = t % 3 == 2 ? "" : doubts.getOrDefault(i, text.substring(i, i + 1));
            double rest = 0.02 / LETTERS.size();
            for (int v = 0; v < LETTERS.size(); v++) {
                boolean chosen =
                        choice.isEmpty() ? v == 0 : choice.replace(' ', '▁').contains(LETTERS.token(v)) && v > 0;
                logProbs[t][v] = (float) Math.log(rest + (chosen ? 0.98 / Math.max(1, choice.length()) : 0));
            }
        }
        return new Emission(logProbs, NO_ROUTING, STEP);
    }

    /** The logarithm of the probability of every text, by going through all paths. */
    private static Map<String, Double> all(Vocabulary vocabulary, float[][] logProbs) {
        Map<String, Double> texts = new HashMap<>();
        int paths = (int) Math.pow(vocabulary.size(), logProbs.length);
        for (int path = 0; path < paths; path++) {
            int[] ids = new int[logProbs.length];
            int n = 0;
            double logProb = 0;
            int before = 0;
            for (int t = 0, rest = path; t < logProbs.length; t++, rest /= vocabulary.size()) {
                int v = rest % vocabulary.size();
                logProb += logProbs[t][v];
                if (v != before && v != 0) {
                    ids[n++] = v;
                }
                before = v;
            }
            texts.merge(vocabulary.text(Arrays.copyOf(ids, n)), Math.exp(logProb), Double::sum);
        }
        texts.replaceAll((text, p) -> Math.log(p));
        return texts;
    }

    @Test
    void withoutPruningEveryTextHasTheProbabilityOfAllItsPaths() {
        Random random = new Random(5);
        for (Vocabulary vocabulary : List.of(TINY, PIECES)) {
            PrefixBeamDecoder decoder = new PrefixBeamDecoder(
                    vocabulary,
                    BeamSettings.STANDARD.withBeam(10_000),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    1000,
                    1000);
            for (int round = 0; round < 20; round++) {
                Emission emission = random(random, vocabulary, 1 + random.nextInt(6));
                Map<String, Double> expected = all(vocabulary, emission.logProbs());
                List<Hypothesis> found = decoder.nBest(emission, Integer.MAX_VALUE);
                assertEquals(expected.size(), found.size());
                double before = Double.POSITIVE_INFINITY;
                for (Hypothesis hypothesis : found) {
                    assertEquals(expected.get(hypothesis.text()), hypothesis.logProb(), 1e-5, hypothesis.text());
                    assertTrue(hypothesis.logProb() <= before);
                    before = hypothesis.logProb();
                }
            }
        }
    }

    @Test
    void theDefaultBeamFindsTheBestTextOfSmallEmissions() {
        Random random = new Random(6);
        PrefixBeamDecoder decoder = new PrefixBeamDecoder(TINY, 32);
        for (int round = 0; round < 30; round++) {
            Emission emission = random(random, TINY, 7);
            Map<String, Double> all = all(TINY, emission.logProbs());
            double best = all.values().stream().mapToDouble(p -> p).max().orElseThrow();
            assertEquals(best, all.get(decoder.decode(emission).text()), 1e-6);
        }
    }

    @Test
    void alignmentIsTheLikeliestPathOfTheTokens() {
        Random random = new Random(7);
        for (int round = 0; round < 30; round++) {
            float[][] logProbs = random(random, TINY, 5).logProbs();
            int[] tokens = {2, 2, 3};
            float best = Float.NEGATIVE_INFINITY;
            String bestPath = "";
            for (int path = 0; path < 1024; path++) {
                StringBuilder written = new StringBuilder();
                StringBuilder steps = new StringBuilder();
                float logProb = 0;
                int before = 0;
                for (int t = 0, rest = path; t < 5; t++, rest /= 4) {
                    int v = rest % 4;
                    logProb += logProbs[t][v];
                    written.append(v != before && v != 0 ? v : "");
                    steps.append(v);
                    before = v;
                }
                if (written.toString().equals("223") && logProb > best) {
                    best = logProb;
                    bestPath = steps.toString();
                }
            }
            char[] found = "00000".toCharArray();
            for (WordTimes.Run run : Alignment.of(logProbs, tokens)) {
                Arrays.fill(found, run.from(), run.to(), (char) ('0' + run.token()));
            }
            assertEquals(bestPath, new String(found));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> Alignment.of(random(random, TINY, 3).logProbs(), new int[] {2, 2, 3}));
    }

    @Test
    void wordsLieWhereTheyAreWritten() {
        List<Word> words = new PrefixBeamDecoder(LETTERS, 32)
                .decode(spoken("the river", Map.of()))
                .words();
        assertEquals(List.of("the", "river"), words.stream().map(Word::text).toList());
        assertEquals(0, words.get(0).start(), 1e-9);
        assertEquals(8 * STEP, words.get(0).end(), 1e-9);
        assertEquals(12 * STEP, words.get(1).start(), 1e-9);
        assertTrue(words.get(1).confidence() > 0.6, words.toString());
    }

    private static String decode(Emission emission, String hotwords, boolean lexiconOnly) {
        Optional<Hotwords> hot = hotwords.isEmpty()
                ? Optional.empty()
                : Optional.of(new Hotwords(List.of(new Hotwords.Hotword(hotwords, Hotwords.DEFAULT_WEIGHT))));
        return new PrefixBeamDecoder(
                        LETTERS, BeamSettings.STANDARD, Optional.of(LanguageModelTest.river()), hot, lexiconOnly)
                .decode(emission)
                .text();
    }

    @Test
    void theLanguageModelDecidesWhereTheEmissionDoubts() {
        // Without it, letters that are as likely as others are a toss-up.
        assertEquals(
                "the old man sat by the river",
                decode(
                        spoken("the old man sat by the river", Map.of(4, "oi", 8, "mn", 13, "ae", 23, "rl")),
                        "",
                        false));
        assertEquals(
                "in the winter the old bridge",
                decode(spoken("in the winter the old bridge", Map.of(7, "wd")), "", false));
    }

    @Test
    void unknownWordsStayPossibleUnlessTheLexiconIsAllThereIs() {
        Emission zebra = spoken("the old zebra", Map.of());
        assertEquals("the old zebra", decode(zebra, "", false));
        assertEquals("the old", decode(zebra, "", true));
        assertEquals("the old zebra", decode(zebra, "zebra", true));
    }

    @Test
    void hotWordsDecideBetweenWordsThatAreAsLikely() {
        Emission doubt = spoken("the gnu", Map.of(4, "gz", 5, "no"));
        assertEquals("the gnu", decode(doubt, "gnu", false));
        assertEquals("the zou", decode(doubt, "zou", false));
        assertEquals("the gou", decode(doubt, "The GOU", false));
    }

    @Test
    void aHotPhraseEarnsItsWeightOnceAndOnlyAsWholeWords() {
        Hotwords hot = new Hotwords(List.of(new Hotwords.Hotword("new york", 6), new Hotwords.Hotword("york city", 3)));
        assertEquals(6, earned(hot, "in new york "));
        assertEquals(9, earned(hot, "new york city "));
        // What follows itself at once earns nothing the second time.
        assertEquals(6, earned(hot, "new york new york "));
        assertEquals(12, earned(hot, "new york in new york "));
        assertEquals(0, earned(hot, "anew york "));
        assertEquals(0, earned(hot, "new yorkers "));
    }

    private static double earned(Hotwords hot, String text) {
        int state = hot.next(Hotwords.START, ' ');
        double sum = 0;
        for (char c : text.toCharArray()) {
            state = hot.next(state, c);
            sum += hot.reward(state);
        }
        return sum;
    }

    @Test
    void nothingAndSilenceGiveNoWords() {
        PrefixBeamDecoder decoder = new PrefixBeamDecoder(LETTERS, 32);
        assertTrue(decoder.decode(spoken("", Map.of())).words().isEmpty());
        assertTrue(decoder.decode(spoken("  ", Map.of(0, "", 1, ""))).words().isEmpty());
        assertEquals("", decode(spoken("", Map.of()), "", true));
    }

    @Test
    void wordsNeverOverlapOnRandomEmissionsWithEverythingOn() {
        Random random = new Random(8);
        for (int round = 0; round < 20; round++) {
            Emission emission = random(random, LETTERS, 40);
            PrefixBeamDecoder decoder = new PrefixBeamDecoder(
                    LETTERS,
                    BeamSettings.STANDARD,
                    Optional.of(LanguageModelTest.river()),
                    Optional.of(new Hotwords(List.of(new Hotwords.Hotword("the river", 3)))),
                    round % 2 == 0);
            for (Hypothesis hypothesis : decoder.nBest(emission, 5)) {
                double end = 0;
                for (Word word : hypothesis.words()) {
                    assertTrue(word.start() >= end && word.end() > word.start(), word.toString());
                    end = word.end();
                }
            }
        }
    }
}
