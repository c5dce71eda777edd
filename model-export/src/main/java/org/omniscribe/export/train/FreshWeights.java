package org.omniscribe.export.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/** The weights that training starts from: their names, shapes and first values. */
final class FreshWeights {
    private final Architecture architecture;
    private final int d;
    private final double depth;
    private final Random random;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();

    private FreshWeights(Architecture architecture, long seed) {
        this.architecture = architecture;
        this.d = architecture.width();
        this.depth = 1 / Math.sqrt(2.0 * architecture.layers());
        this.random = new Random(seed);
    }

    /** All parameters of a network in a fixed order; the same seed gives the same values. */
    static Map<String, Tensor> of(Architecture architecture, long seed) {
        FreshWeights fresh = new FreshWeights(architecture, seed);
        fresh.input();
        for (int l = 0; l < architecture.layers(); l++) {
            fresh.layer(l);
        }
        fresh.heads();
        return fresh.weights;
    }

    private void input() {
        if (architecture.subsampling() instanceof Subsampling.Conv conv) {
            int c = conv.channels();
            normal("input.conv0.weight", Math.sqrt(2 / 9.0), c, 1, 3, 3);
            constant("input.conv0.bias", 0, c);
            normal("input.conv1.weight", Math.sqrt(2 / (9.0 * c)), c, c, 3, 3);
            constant("input.conv1.bias", 0, c);
            int rows = c * conv.rows(architecture.melBins());
            normal("input.linear.weight", 1 / Math.sqrt(rows), d, rows);
            constant("input.linear.bias", 0, d);
        } else if (architecture.subsampling() instanceof Subsampling.WhisperStem) {
            int bins = architecture.melBins();
            normal("input.conv0.weight", Math.sqrt(2 / (3.0 * bins)), d, bins, 3);
            constant("input.conv0.bias", 0, d);
            normal("input.conv1.weight", Math.sqrt(2 / (3.0 * d)), d, d, 3);
            constant("input.conv1.bias", 0, d);
        } else {
            int rows = architecture.stacking() * architecture.melBins();
            normal("input.linear.weight", 1 / Math.sqrt(rows), d, rows);
        }
        if (architecture.position() instanceof Position.Relative position) {
            weights.put("position.bias", localBias(architecture.heads(), position.range()));
        }
        if (architecture.position() instanceof Position.WhisperSinusoid position && position.stored()) {
            int places = Position.WhisperSinusoid.MAX_STEPS;
            weights.put(
                    "position.weight", new Tensor(new long[] {places, d}, Position.WhisperSinusoid.table(places, d)));
        }
    }

    private void layer(int l) {
        int m = architecture.mlpWidth();
        String layer = "layers." + l + ".";
        norm(layer + "attention.norm", d);
        normal(layer + "attention.qkv.weight", 1 / Math.sqrt(d), 3 * d, d);
        normal(layer + "attention.out.weight", depth / Math.sqrt(d), d, d);
        if (architecture.attention().bias() == Attention.Bias.QUERY_VALUE_OUTPUT) {
            constant(layer + "attention.qkv.bias", 0, 3 * d);
            constant(layer + "attention.out.bias", 0, d);
        }
        int k = architecture.convKernel();
        if (k > 0) {
            norm(layer + "convolution.norm", d);
            normal(layer + "convolution.in.weight", 1 / Math.sqrt(d), 2 * d, d);
            normal(layer + "convolution.depthwise.weight", Math.sqrt(2.0 / k), d, 1, k);
            constant(layer + "convolution.depthwise.bias", 0, d);
            normal(layer + "convolution.out.weight", depth / Math.sqrt(d), d, d);
        }
        norm(layer + "ffn.norm", d);
        for (int e = 0; e < architecture.experts().get(l); e++) {
            String expert = layer + "ffn.experts." + e + ".";
            normal(expert + "in.weight", Math.sqrt(2.0 / d), m, d);
            constant(expert + "in.bias", 0, m);
            normal(expert + "out.weight", depth / Math.sqrt(m), d, m);
            constant(expert + "out.bias", 0, d);
        }
        int group = architecture.routerGroup(l);
        if (group >= 0 && !weights.containsKey(OmniRouterNet.router(group) + "weight")) {
            int experts = architecture.experts().get(l);
            normal(OmniRouterNet.router(group) + "weight", Math.sqrt(0.1 / d), experts, d);
            constant(OmniRouterNet.router(group) + "bias", 0, experts);
        }
    }

    private void heads() {
        norm("final.norm", d);
        if (architecture.vocabulary() > 0) {
            normal("head.weight", 1 / Math.sqrt(d), architecture.vocabulary(), d);
            constant("head.bias", 0, architecture.vocabulary());
        }
        if (architecture.phones() > 0) {
            normal("phone_head.weight", 1 / Math.sqrt(d), architecture.phones(), d);
            constant("phone_head.bias", 0, architecture.phones());
        }
    }

    private void norm(String name, int width) {
        constant(name + ".weight", 1, width);
        constant(name + ".bias", 0, width);
    }

    private void constant(String name, float value, long... shape) {
        float[] data = new float[size(shape)];
        Arrays.fill(data, value);
        weights.put(name, new Tensor(shape, data));
    }

    private void normal(String name, double deviation, long... shape) {
        float[] data = new float[size(shape)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) (random.nextGaussian() * deviation);
        }
        weights.put(name, new Tensor(shape, data));
    }

    private static int size(long... shape) {
        return Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
    }

    /**
     * A relative bias that starts local: three of four heads look at, before and behind themselves, the fourth looks
     * everywhere. Training leaves the plateau where everything is blank far sooner than with a bias of zero.
     */
    private static Tensor localBias(int heads, int range) {
        int[] centres = {0, -2, 2, 0};
        float[] slopes = {0.6f, 0.6f, 0.6f, 0.02f};
        float[] bias = new float[heads * (2 * range + 1)];
        for (int h = 0; h < heads; h++) {
            for (int r = -range; r <= range; r++) {
                bias[h * (2 * range + 1) + r + range] = -slopes[h % 4] * Math.abs(r - centres[h % 4]);
            }
        }
        return new Tensor(new long[] {heads, 2L * range + 1}, bias);
    }
}
