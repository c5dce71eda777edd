package org.omniscribe.export.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

class OmniRouterNetTest {
    private static final int BINS = 8;
    private static final int TOKENS = 6;

    private static Architecture architecture(Routing routing, Attention attention) {
        return Architecture.builder()
                .melBins(BINS)
                .subsampling(new Subsampling.Conv(3, 4))
                .width(16)
                .heads(2)
                .mlpWidth(24)
                .experts(routing == Routing.DENSE ? "3x1" : "2x3-1x2")
                .routing(routing)
                .position(new Position.Relative(4))
                .attention(attention)
                .convKernel(3)
                .vocabulary(TOKENS)
                .build();
    }

    private static float[] noise(int size, long seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Log-probabilities {@code [utterance][step * token]} without padding. */
    private static float[][] run(OmniRouterNet net, NDManager manager, float[][] utterances) {
        int[] frames = Arrays.stream(utterances).mapToInt(u -> u.length / BINS).toArray();
        int longest = Arrays.stream(frames).max().orElse(0);
        float[] packed = new float[frames.length * longest * BINS];
        for (int b = 0; b < frames.length; b++) {
            System.arraycopy(utterances[b], 0, packed, b * longest * BINS, utterances[b].length);
        }
        try (NDManager step = manager.newSubManager()) {
            OmniRouterNet.Output output = net.forward(
                    step.create(packed, new Shape(frames.length, longest, BINS)), frames, OmniRouterNet.Mode.USE);
            NDArray logProbs = output.logProbs();
            float[] values = logProbs.toFloatArray();
            int stride = (int) logProbs.getShape().get(1) * TOKENS;
            float[][] rows = new float[frames.length][];
            for (int b = 0; b < frames.length; b++) {
                rows[b] = Arrays.copyOfRange(values, b * stride, b * stride + output.lengths()[b] * TOKENS);
            }
            return rows;
        }
    }

    @ParameterizedTest
    @EnumSource(Routing.class)
    void anUtteranceDoesNotDependOnItsNeighbours(Routing routing) {
        try (NDManager manager = Torch.newManager();
                OmniRouterNet net = new OmniRouterNet(architecture(routing, Attention.FULL), manager, 3)) {
            float[] a = noise(41 * BINS, 1);
            float[] b = noise(97 * BINS, 2);
            float[] c = noise(5 * BINS, 3);
            float[][] together = run(net, manager, new float[][] {a, b, c});
            assertArrayEquals(run(net, manager, new float[][] {a})[0], together[0], 1e-5f);
            assertArrayEquals(run(net, manager, new float[][] {b})[0], together[1], 1e-5f);
            assertArrayEquals(run(net, manager, new float[][] {c})[0], together[2], 1e-5f);
        }
    }

    static Stream<Attention> masks() {
        return Stream.of(Attention.CAUSAL, new Attention.Chunked(3, 1));
    }

    @ParameterizedTest
    @MethodSource("masks")
    void theFutureBeyondTheMaskDoesNotMatter(Attention attention) {
        try (NDManager manager = Torch.newManager();
                OmniRouterNet net = new OmniRouterNet(architecture(Routing.SHARED, attention), manager, 3)) {
            float[] whole = noise(96 * BINS, 1);
            float[] changed = whole.clone();
            // Frames from 60 on reach steps from 14 on; chunks of three end at step 11.
            System.arraycopy(noise(36 * BINS, 9), 0, changed, 60 * BINS, 36 * BINS);
            float[] before = run(net, manager, new float[][] {whole})[0];
            float[] after = run(net, manager, new float[][] {changed})[0];
            assertArrayEquals(Arrays.copyOf(before, 12 * TOKENS), Arrays.copyOf(after, 12 * TOKENS), 1e-5f);
            assertTrue(Math.abs(before[20 * TOKENS] - after[20 * TOKENS]) > 1e-3);
        }
    }

    /**
     * The recorded gradient against the slope of the loss along a random direction, parameter by parameter. Where a step
     * changes its expert on the way the loss has a jump and the slope says nothing; that is rare.
     */
    @ParameterizedTest
    @EnumSource(Routing.class)
    void gradientsEqualTheSlopeOfTheLoss(Routing routing) {
        Architecture architecture = architecture(routing, Attention.FULL);
        try (NDManager manager = Torch.newManager();
                OmniRouterNet net = new OmniRouterNet(architecture, manager, 11)) {
            Map<String, Tensor> weights = net.weights();
            int compared = 0;
            for (String name : weights.keySet()) {
                float[] direction = noise(weights.get(name).data().length, name.hashCode());
                double gradient = gradientAlong(net, manager, name, direction);
                double step = 5e-3 / Math.sqrt(direction.length);
                Loss above = loss(net, manager, weights, name, direction, step);
                Loss below = loss(net, manager, weights, name, direction, -step);
                if (Arrays.deepEquals(above.experts, below.experts)) {
                    double slope = (above.value - below.value) / (2 * step);
                    // Kinks of ReLU and single precision blur the slope.
                    assertEquals(slope, gradient, 0.25 + 0.05 * Math.abs(slope), name);
                    compared++;
                }
            }
            assertTrue(compared > 0.8 * weights.size(), compared + " of " + weights.size());
        }
    }

    private record Loss(double value, int[][] experts) {}

    private static final int[] FRAMES = {50, 33};
    private static final int[][] TARGETS = {{1, 2, 3, 3, 5}, {4, 1}};

    private static NDArray input(NDManager step) {
        float[] packed = noise(2 * 50 * BINS, 4);
        Arrays.fill(packed, (50 + 33) * BINS, packed.length, 0);
        return step.create(packed, new Shape(2, 50, BINS));
    }

    private static double gradientAlong(OmniRouterNet net, NDManager manager, String name, float[] direction) {
        try (NDManager step = manager.newSubManager();
                GradientCollector collector = Torch.engine().newGradientCollector()) {
            OmniRouterNet.Output output = net.forward(input(step), FRAMES, OmniRouterNet.Mode.USE);
            NDArray logProbs = output.logProbs();
            CtcLoss.Result ctc = ctc(output);
            NDArray total = logProbs.mul(step.create(ctc.gradient(), logProbs.getShape()))
                    .sum();
            collector.backward(total);
            double sum = 0;
            float[] gradient = net.parameters().get(name).getGradient().toFloatArray();
            for (int i = 0; i < gradient.length; i++) {
                sum += (double) gradient[i] * direction[i];
            }
            net.parameters().values().forEach(p -> p.getGradient().subi(p.getGradient()));
            return sum;
        }
    }

    private static Loss loss(
            OmniRouterNet net,
            NDManager manager,
            Map<String, Tensor> weights,
            String name,
            float[] direction,
            double step) {
        Map<String, Tensor> moved = new LinkedHashMap<>(weights);
        float[] data = weights.get(name).data().clone();
        for (int i = 0; i < data.length; i++) {
            data[i] += (float) (step * direction[i]);
        }
        moved.put(name, new Tensor(weights.get(name).shape(), data));
        net.load(moved);
        try (NDManager sub = manager.newSubManager()) {
            OmniRouterNet.Output output = net.forward(input(sub), FRAMES, OmniRouterNet.Mode.USE);
            return new Loss(ctc(output).total(), output.experts());
        } finally {
            net.load(weights);
        }
    }

    private static CtcLoss.Result ctc(OmniRouterNet.Output output) {
        NDArray logProbs = output.logProbs();
        int steps = (int) logProbs.getShape().get(1);
        return CtcLoss.compute(logProbs.toFloatArray(), steps, TOKENS, output.lengths(), TARGETS);
    }

    @Test
    void sharedRoutingHasOneRouterForEachRunOfLayersAndSwitchOneForEachLayer() {
        try (NDManager manager = Torch.newManager()) {
            for (Routing routing : Routing.values()) {
                try (OmniRouterNet net = new OmniRouterNet(architecture(routing, Attention.FULL), manager, 1)) {
                    long routers = net.parameters().keySet().stream()
                            .filter(name -> name.matches("routers\\.\\d+\\.weight"))
                            .count();
                    assertEquals(
                            Map.of(Routing.SHARED, 2L, Routing.INDEPENDENT, 3L, Routing.DENSE, 0L)
                                    .get(routing),
                            routers);
                }
            }
        }
    }

    @Test
    void weightsThatDoNotFitAreAllNamed() {
        try (NDManager manager = Torch.newManager();
                OmniRouterNet net = new OmniRouterNet(architecture(Routing.SHARED, Attention.FULL), manager, 1)) {
            Map<String, Tensor> weights = net.weights();
            weights.remove("head.bias");
            weights.put("final.norm.bias", new Tensor(new long[] {2}, new float[2]));
            weights.put("extra", new Tensor(new long[] {1}, new float[1]));
            String message = assertThrows(IllegalArgumentException.class, () -> net.load(weights))
                    .getMessage();
            assertTrue(message.contains("head.bias is missing"), message);
            assertTrue(message.contains("final.norm.bias has shape [2]"), message);
            assertTrue(message.contains("extra belongs to no parameter"), message);
        }
    }

    @Test
    void dispatchSortsRealStepsByExpertAndSendsPaddingNowhere() {
        float[] p = {.2f, .8f, .9f, .1f, .5f, .5f, .3f, .7f};
        Dispatch dispatch = Dispatch.of(p, 2, new boolean[] {true, true, true, false});
        assertArrayEquals(new int[] {1, 0, 0, -1}, dispatch.expert());
        assertArrayEquals(new long[] {1, 2, 0}, dispatch.order());
        assertArrayEquals(new long[] {2, 0, 1, 3}, dispatch.place());
        assertArrayEquals(new int[] {2, 1}, dispatch.counts());
    }
}
