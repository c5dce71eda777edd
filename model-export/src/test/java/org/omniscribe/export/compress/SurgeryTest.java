package org.omniscribe.export.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.testing.TestResources;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.compress.ExpertProbe.Observation;
import org.omniscribe.export.compress.ExpertStatistics.Importance;
import org.omniscribe.export.compress.Surgery.Dropped;
import org.omniscribe.export.onnx.BundleNetwork;
import org.omniscribe.export.onnx.ExpertPlan;
import org.omniscribe.export.onnx.RoutingMode;

class SurgeryTest {
    private static final ModelBundle BUNDLE = ModelBundle.open(TestResources.tinyModel());
    private static final BundleNetwork NETWORK = BundleNetwork.read(BUNDLE);

    private static float[] sound() {
        Random random = new Random(3);
        float[] sound = new float[48000];
        double phase = 0;
        for (int i = 0; i < sound.length; i++) {
            phase += 2 * Math.PI * (200 + 150 * Math.sin(i / 4000.0)) / 16000;
            sound[i] = (float) (0.3 * Math.sin(phase) + 0.02 * random.nextGaussian());
        }
        return sound;
    }

    private static float[][] logProbs(BundleNetwork network) {
        ModelBundle bundle = BUNDLE.withNetwork(network.write(RoutingMode.TOP_ONE));
        try (ExpertProbe probe = ExpertProbe.ofRouting(bundle, 1)) {
            return probe.observe(sound()).get(0).logProbs();
        }
    }

    private static ExpertStatistics statistics(BundleNetwork network) {
        ExpertStatistics statistics = new ExpertStatistics(BUNDLE.architecture());
        try (ExpertProbe probe = ExpertProbe.ofOutputs(BUNDLE, network, 1)) {
            probe.observe(sound()).forEach(statistics::add);
        }
        return statistics;
    }

    private static void assertClose(float[][] expected, float[][] actual, float tolerance) {
        assertEquals(expected.length, actual.length);
        for (int t = 0; t < expected.length; t++) {
            assertArrayEquals(expected[t], actual[t], tolerance);
        }
    }

    /** Two steps of layer 1 whose vectors are in the plane: x = (1, 0) and (2, 0), outputs (0, 1) and (3, 4) by both experts. */
    @Test
    void importanceFollowsItsFormula() {
        ExpertStatistics statistics = new ExpertStatistics(BUNDLE.architecture());
        float[][] first = {{1, 0, 3, 0, 0}, {0, 1, 4, 0, 0}, {3, 4, 25, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}};
        float[][] second = {{4, 0, 6, 0, 0}, {0, 1, 4, 0, 0}, {6, 4, 25, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}};
        float[][] probability = {{0.5f, 0.3f, 0.1f, 0.1f}, {0.2f, 0.6f, 0.1f, 0.1f}};
        statistics.add(new Observation(
                new float[2][29],
                new float[0][],
                new RoutingTrace(new int[][] {{0, 1}, {0, 0}}, new float[2][2]),
                new float[][][] {probability, null},
                new float[][][][] {{first, second}, null}));
        assertArrayEquals(new double[] {1, 1, 0, 0}, statistics.importance(0, Importance.USAGE));
        assertArrayEquals(new double[] {0.5 * 1, 0.6 * 5, 0, 0}, statistics.importance(0, Importance.REAP), 1e-6);
        // (1, 0) becomes (1, 0.5); (2, 0) becomes (3.8, 2.4).
        double turned = 1 - 1 / Math.sqrt(1.25);
        double other = 1 - 3.8 / Math.sqrt(3.8 * 3.8 + 2.4 * 2.4);
        assertArrayEquals(
                new double[] {0.5 * turned, 3 * other, 0, 0}, statistics.importance(0, Importance.EASY_EP), 1e-6);
        assertEquals(0.8, statistics.outputSimilarity(0, 0, 1), 1e-6);
        double cosine = (0.5 * 0.3 + 0.2 * 0.6) / Math.sqrt((0.25 + 0.04) * (0.09 + 0.36));
        assertEquals(cosine, statistics.routingSimilarity(0, 0, 1), 1e-6);
    }

    @Test
    void pruningKeepsTheMostImportant() {
        ExpertStatistics statistics = statistics(NETWORK);
        for (Importance importance : Importance.values()) {
            BundleNetwork pruned = Surgery.prune(NETWORK, statistics, 2, importance, Dropped.CHOOSE_ANEW);
            for (int layer = 0; layer < 2; layer++) {
                List<Integer> stored = pruned.plan().layers().get(layer).stored();
                assertEquals(2, stored.size());
                double[] values = statistics.importance(layer, importance);
                for (int e = 0; e < 4; e++) {
                    for (int kept : stored) {
                        assertTrue(stored.contains(e) || values[e] <= values[kept]);
                    }
                }
            }
            assertTrue(pruned.write(RoutingMode.TOP_ONE).length < NETWORK.write(RoutingMode.TOP_ONE).length * 0.8);
        }
    }

    @Test
    void droppedExpertsAreReplacedByTheMostSimilar() {
        ExpertStatistics statistics = statistics(NETWORK);
        BundleNetwork pruned = Surgery.prune(NETWORK, statistics, 2, Importance.USAGE, Dropped.MOST_SIMILAR);
        for (int layer = 0; layer < 2; layer++) {
            ExpertPlan.Layer experts = pruned.plan().layers().get(layer);
            assertEquals(List.of(true, true, true, true), experts.open());
            List<Integer> stored = experts.stored();
            for (int e = 0; e < 4; e++) {
                int worker = experts.source().get(e);
                for (int kept : stored) {
                    assertTrue(stored.contains(e)
                            || statistics.outputSimilarity(layer, e, worker)
                                    >= statistics.outputSimilarity(layer, e, kept));
                }
            }
        }
        assertNotEquals(0, logProbs(pruned).length);
    }

    /** Experts that differ in the order of their hidden units only: merging them changes nothing. */
    @Test
    void mergingBringsHiddenUnitsIntoOneOrder() {
        Map<String, Tensor> weights = new LinkedHashMap<>(NETWORK.parameters());
        Random random = new Random(5);
        int width = NETWORK.architecture().width();
        int hidden = NETWORK.architecture().mlpWidth();
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "layers." + layer + ".ffn.experts.";
            for (int e = 1; e < 4; e++) {
                List<Integer> order =
                        new ArrayList<>(IntStream.range(0, hidden).boxed().toList());
                Collections.shuffle(order, random);
                float[] in = new float[hidden * width];
                float[] bias = new float[hidden];
                float[] out = new float[hidden * width];
                for (int h = 0; h < hidden; h++) {
                    int from = order.get(h);
                    bias[h] = weights.get(prefix + "0.in.bias").data()[from];
                    for (int w = 0; w < width; w++) {
                        in[h * width + w] = weights.get(prefix + "0.in.weight").data()[from * width + w];
                        out[w * hidden + h] =
                                weights.get(prefix + "0.out.weight").data()[w * hidden + from];
                    }
                }
                weights.put(prefix + e + ".in.weight", new Tensor(new long[] {hidden, width}, in));
                weights.put(prefix + e + ".in.bias", new Tensor(new long[] {hidden}, bias));
                weights.put(prefix + e + ".out.weight", new Tensor(new long[] {width, hidden}, out));
                weights.put(prefix + e + ".out.bias", weights.get(prefix + "0.out.bias"));
            }
        }
        BundleNetwork alike = NETWORK.with(NETWORK.plan(), weights);
        BundleNetwork merged = Surgery.merge(alike, statistics(alike), 1);
        merged.plan().layers().forEach(layer -> assertEquals(1, layer.stored().size()));
        assertClose(logProbs(alike), logProbs(merged), 2e-3f);

        BundleNetwork twice = Surgery.merge(Surgery.merge(alike, statistics(alike), 2), statistics(alike), 1);
        assertClose(logProbs(alike), logProbs(twice), 2e-3f);
    }

    @Test
    void reassignmentLeavesNobodyItsWork() {
        ExpertPlan plan = Surgery.reassign(NETWORK.plan(), new Random(1), 0, 1);
        for (ExpertPlan.Layer layer : plan.layers()) {
            for (int e = 0; e < 4; e++) {
                assertNotEquals(e, layer.source().get(e));
            }
            assertEquals(4, layer.stored().size());
        }
        assertEquals(plan, Surgery.reassign(NETWORK.plan(), new Random(1), 0, 1));
    }

    @Test
    void theLastExpertStaysOpen() {
        ExpertPlan plan = NETWORK.plan();
        for (int e = 0; e < 4; e++) {
            plan = Surgery.disable(plan, e, 0);
        }
        assertEquals(List.of(3), plan.layers().get(0).stored());
        assertEquals(
                List.of(2), Surgery.force(NETWORK.plan(), 2, 1).layers().get(1).stored());
    }
}
