package org.omniscribe.asr.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.asr.routing.RoutingTrace;

/** What the network is unsure of is no speech, segment by segment. */
class SpeechOnlyTest {
    private static final double STEP = 0.04;
    private static final RoutingTrace NO_ROUTING = new RoutingTrace(new int[0][], new float[0][]);
    private static final Vocabulary LETTERS =
            new Vocabulary(List.of("<blank>", "▁", "a", "b", "c", "d", "e", "f", "g"));
    private static final CtcDecoder DECODER = new SpeechOnly(new GreedyDecoder(LETTERS));

    /** Steps at which the letters have some probability, and the other tokens share the rest; _ is a sure blank. */
    private static float[][] steps(String path, double peak) {
        float[][] steps = new float[path.length()][LETTERS.size()];
        for (int t = 0; t < steps.length; t++) {
            int best = path.charAt(t) == '_' ? 0 : LETTERS.tokens().indexOf(path.substring(t, t + 1));
            double share = best == 0 ? 1 : peak;
            Arrays.fill(steps[t], (float) Math.log((1 - share) / (LETTERS.size() - 1)));
            steps[t][best] = (float) Math.log(share);
        }
        return steps;
    }

    private static Emission emission(float[][] letters, float[][] phones) {
        return new Emission(letters, phones, NO_ROUTING, STEP);
    }

    private static String text(float[][]... parts) {
        float[][] letters = Arrays.stream(parts).flatMap(Arrays::stream).toArray(float[][]::new);
        return DECODER.decode(emission(letters, new float[0][])).text();
    }

    @Test
    void aSegmentOfWhichTheNetworkIsUnsureIsLeftOutAndItsNeighboursStay() {
        float[][] pause = steps("▁" + "_".repeat(25), 1);
        assertEquals("bad cab", text(steps("bad", 0.9), pause, steps("feed", 0.3), pause, steps("cab", 0.9)));
    }

    @Test
    void anUnsureWordAmongSureOnesStays() {
        assertEquals("bad fe cab", text(steps("bad▁", 0.95), steps("f_e", 0.3), steps("▁cab", 0.95)));
    }

    /** Nine tokens, one with 0.5 and eight with 0.0625: the entropy is ln(2)/2 + ln(16)/2 = 1.733, and 1.733/ln 9 = 0.789. */
    @Test
    void theDoubtIsTheShareOfTheGreatestEntropy() {
        assertEquals("", text(steps("bad", 0.5)));
        // 0.7: 0.7 ln(1/0.7) + 0.3 ln(8/0.3) = 1.235, of which ln 9 is 1.78 times as much: 0.562.
        assertEquals("bad", text(steps("bad", 0.7)));
    }

    @Test
    void phonesHaveABoundOfTheirOwn() {
        float[][] letters = steps("bad", 0.9);
        // 0.8: 0.178 + 0.738 = 0.916, doubt 0.417; 0.82: 0.163 + 0.683 = 0.846, doubt 0.385.
        assertEquals("", DECODER.decode(emission(letters, steps("bad", 0.8))).text());
        assertEquals(
                "bad", DECODER.decode(emission(letters, steps("bad", 0.82))).text());
        assertEquals("", DECODER.decode(emission(letters, steps("___", 1))).text(), "no phone is written there");
    }

    @Test
    void textsThatDifferInNoiseAloneBecomeOne() {
        Emission noise = emission(steps("feed", 0.3), new float[0][]);
        CtcDecoder two = new CtcDecoder() {
            @Override
            public Hypothesis decode(Emission emission) {
                return new GreedyDecoder(LETTERS).decode(emission);
            }

            @Override
            public List<Hypothesis> nBest(Emission emission, int n) {
                return List.of(decode(emission), decode(emission.slice(0, 2)));
            }
        };
        assertEquals(2, two.nBest(noise, 2).size());
        assertEquals(
                List.of(new Hypothesis(List.of(), two.decode(noise).logProb())), new SpeechOnly(two).nBest(noise, 2));
    }
}
