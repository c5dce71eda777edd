package org.omniscribe.export.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/**
 * The Omni-router CTC encoder (Gu, Likhomanenko, Jaitly, arXiv 2507.05724) as a DJL network that can be trained.
 *
 * <p>Pre-norm transformer layers whose feed-forward block is a top-1 mixture of experts,
 * {@code x + p[e] * Expert_e(h)} with {@code p = softmax(W h + b)}, {@code e = argmax p}; with shared routing one
 * {@code W, b} serves all layers. Each expert computes only the steps sent to it and padding is sent nowhere.
 *
 * <p>Two properties of DJL shape the code. A result belongs to the manager of the first operand, so activations come
 * first and parameters second. And a Java number as an operand leaves a dangling tensor in the recorded graph, so
 * constants are arrays that live as long as the step.
 */
public final class OmniRouterNet implements AutoCloseable {
    private static final double EPSILON = 1e-5;
    private static final float MASKED = -1e9f;

    private final Architecture architecture;
    private final NDManager manager;
    private final Map<String, PtNDArray> parameters = new LinkedHashMap<>();

    /**
     * What differs between training and use.
     *
     * @param dropout share of channels of each residual branch that is dropped, one mask an utterance; 0..1
     * @param layerDrop probability of leaving a layer out of a pass; 0..1
     * @param routerNoise standard deviation of the noise on router logits
     * @param intermediate layer, counted from 1, after which the head reads out a second time; 0 for none
     * @param chunk attention chunk in steps in place of the architecture's; 0 to keep the architecture's
     * @param leftChunks chunks of history visible with {@code chunk}
     * @param random source of all randomness of the pass
     */
    public record Mode(
            float dropout,
            float layerDrop,
            float routerNoise,
            int intermediate,
            int chunk,
            int leftChunks,
            Random random) {
        /** The network as it is used: no noise, one read-out. */
        public static final Mode USE = new Mode(0, 0, 0, 0, 0, 0, new Random(0));
    }

    /**
     * The result of a pass.
     *
     * @param logProbs log-probabilities of the final read-out, {@code [batch, step, token]}
     * @param phones log-probabilities of the phone read-out, {@code [batch, step, phone]}; null without one
     * @param intermediate log-probabilities of the intermediate read-out, of phones where the network has them, else of
     *     tokens; null without one
     * @param balance load-balance loss of Switch Transformers, {@code E * sum_e f_e P_e}, mean over the routed layers; a
     *     perfect balance gives 1; null without routed layers
     * @param lengths steps of each utterance
     * @param experts {@code [layer][flat step]}, -1 for padding
     * @param probabilities {@code [layer][flat step]}, the router's probability of the expert
     */
    public record Output(
            NDArray logProbs,
            NDArray phones,
            NDArray intermediate,
            NDArray balance,
            int[] lengths,
            int[][] experts,
            float[][] probabilities) {}

    /** A network with fresh weights. */
    public OmniRouterNet(Architecture architecture, NDManager parent, long seed) {
        this.architecture = architecture;
        this.manager = parent.newSubManager();
        Random random = new Random(seed);
        int d = architecture.width();
        double depth = 1 / Math.sqrt(2.0 * architecture.layers());
        if (architecture.subsampling() instanceof Subsampling.Conv conv) {
            int c = conv.channels();
            normal("input.conv0.weight", random, Math.sqrt(2 / 9.0), c, 1, 3, 3);
            constant("input.conv0.bias", 0, c);
            normal("input.conv1.weight", random, Math.sqrt(2 / (9.0 * c)), c, c, 3, 3);
            constant("input.conv1.bias", 0, c);
            int rows = c * conv.rows(architecture.melBins());
            normal("input.linear.weight", random, 1 / Math.sqrt(rows), d, rows);
            constant("input.linear.bias", 0, d);
        } else {
            int rows = architecture.stacking() * architecture.melBins();
            normal("input.linear.weight", random, 1 / Math.sqrt(rows), d, rows);
        }
        if (architecture.position() instanceof Position.Relative position) {
            add("position.bias", localBias(architecture.heads(), position.range()));
        }
        int m = architecture.mlpWidth();
        for (int l = 0; l < architecture.layers(); l++) {
            String layer = "layers." + l + ".";
            norm(layer + "attention.norm", d);
            normal(layer + "attention.qkv.weight", random, 1 / Math.sqrt(d), 3 * d, d);
            normal(layer + "attention.out.weight", random, depth / Math.sqrt(d), d, d);
            int k = architecture.convKernel();
            if (k > 0) {
                norm(layer + "convolution.norm", d);
                normal(layer + "convolution.in.weight", random, 1 / Math.sqrt(d), 2 * d, d);
                normal(layer + "convolution.depthwise.weight", random, Math.sqrt(2.0 / k), d, 1, k);
                constant(layer + "convolution.depthwise.bias", 0, d);
                normal(layer + "convolution.out.weight", random, depth / Math.sqrt(d), d, d);
            }
            norm(layer + "ffn.norm", d);
            for (int e = 0; e < architecture.experts().get(l); e++) {
                String expert = layer + "ffn.experts." + e + ".";
                normal(expert + "in.weight", random, Math.sqrt(2.0 / d), m, d);
                constant(expert + "in.bias", 0, m);
                normal(expert + "out.weight", random, depth / Math.sqrt(m), d, m);
                constant(expert + "out.bias", 0, d);
            }
            int group = architecture.routerGroup(l);
            if (group >= 0 && !parameters.containsKey(router(group) + "weight")) {
                int experts = architecture.experts().get(l);
                normal(router(group) + "weight", random, Math.sqrt(0.1 / d), experts, d);
                constant(router(group) + "bias", 0, experts);
            }
        }
        norm("final.norm", d);
        normal("head.weight", random, 1 / Math.sqrt(d), architecture.vocabulary(), d);
        constant("head.bias", 0, architecture.vocabulary());
        if (architecture.phones() > 0) {
            normal("phone_head.weight", random, 1 / Math.sqrt(d), architecture.phones(), d);
            constant("phone_head.bias", 0, architecture.phones());
        }
        parameters.values().forEach(p -> p.setRequiresGradient(true));
    }

    private static String router(int group) {
        return "routers." + group + ".";
    }

    private void norm(String name, int width) {
        constant(name + ".weight", 1, width);
        constant(name + ".bias", 0, width);
    }

    private void constant(String name, float value, long... shape) {
        float[] data = new float[size(shape)];
        Arrays.fill(data, value);
        add(name, new Tensor(shape, data));
    }

    private void normal(String name, Random random, double deviation, long... shape) {
        float[] data = new float[size(shape)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) (random.nextGaussian() * deviation);
        }
        add(name, new Tensor(shape, data));
    }

    private void add(String name, Tensor tensor) {
        PtNDArray array = Torch.array(manager, tensor.data(), new Shape(tensor.shape()));
        array.setName(name);
        parameters.put(name, array);
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

    /** The shape of the network. */
    public Architecture architecture() {
        return architecture;
    }

    /** The parameters by name, in a fixed order; owned by the network. */
    public Map<String, PtNDArray> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** Number of trained values. */
    public long size() {
        return parameters.values().stream().mapToLong(NDArray::size).sum();
    }

    /** Copies of all weights. */
    public Map<String, Tensor> weights() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        parameters.forEach(
                (name, array) -> weights.put(name, new Tensor(array.getShape().getShape(), Torch.values(array))));
        return weights;
    }

    /**
     * Replaces all weights.
     *
     * @throws IllegalArgumentException naming every parameter that is missing, left over or of another shape
     */
    public void load(Map<String, Tensor> weights) {
        List<String> faults = new ArrayList<>();
        parameters.forEach((name, array) -> {
            Tensor tensor = weights.get(name);
            if (tensor == null) {
                faults.add(name + " is missing");
            } else if (!Arrays.equals(tensor.shape(), array.getShape().getShape())) {
                faults.add(name + " has shape " + Arrays.toString(tensor.shape()) + ", not " + array.getShape());
            }
        });
        weights.keySet().stream()
                .filter(name -> !parameters.containsKey(name))
                .forEach(name -> faults.add(name + " belongs to no parameter"));
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("weights do not fit the network: " + String.join("; ", faults));
        }
        parameters.forEach((name, array) ->
                Torch.view(array).asFloatBuffer().put(weights.get(name).data()));
    }

    /**
     * One pass over a batch.
     *
     * @param features {@code [batch, frame, melBins]}, zero at and past an utterance's length; its manager owns every
     *     array of the pass
     * @param frames frames of each utterance
     */
    public Output forward(NDArray features, int[] frames, Mode mode) {
        return new Pass(features, frames, mode).run();
    }

    @Override
    public void close() {
        manager.close();
    }

    private PtNDArray parameter(String name) {
        PtNDArray parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalStateException("no parameter " + name);
        }
        return parameter;
    }

    /** The state of one pass. */
    private final class Pass {
        private final NDArray features;
        private final NDManager step;
        private final Mode mode;
        private final int[] frames;
        private final int[] lengths;
        private final int batch;
        private final int steps;
        private final boolean[] real;
        private final NDArray realMask;
        private final List<NDArray> balances = new ArrayList<>();

        Pass(NDArray features, int[] frames, Mode mode) {
            this.features = features;
            this.frames = frames;
            this.mode = mode;
            this.step = features.getManager();
            this.batch = frames.length;
            this.lengths = Arrays.stream(frames).map(architecture::steps).toArray();
            this.steps = architecture.steps((int) features.getShape().get(1));
            this.real = new boolean[batch * steps];
            for (int b = 0; b < batch; b++) {
                Arrays.fill(real, b * steps, b * steps + lengths[b], true);
            }
            this.realMask = mask(lengths, steps);
        }

        Output run() {
            int d = architecture.width();
            NDArray x = architecture.subsampling() instanceof Subsampling.Conv conv ? convolve(conv) : stack();
            if (architecture.position() instanceof Position.Sinusoid) {
                x = x.add(sinusoids(d));
            }
            NDArray bias = attentionBias();
            NDArray scale = step.full(new Shape(1), (float) (1 / Math.sqrt(architecture.headWidth())));
            int[][] experts = new int[architecture.layers()][];
            float[][] probabilities = new float[architecture.layers()][];
            boolean phones = architecture.phones() > 0;
            NDArray intermediate = null;
            for (int l = 0; l < architecture.layers(); l++) {
                boolean dropped = mode.layerDrop() > 0 && mode.random().nextFloat() < mode.layerDrop();
                if (dropped) {
                    experts[l] = new int[real.length];
                    Arrays.fill(experts[l], -1);
                    probabilities[l] = new float[real.length];
                } else {
                    x = residual(x, attend(x, l, bias, scale));
                    if (architecture.convKernel() > 0) {
                        x = residual(x, convolveDepthwise(x, l));
                    }
                    x = residual(x, feedForward(x, l, experts, probabilities));
                }
                if (l + 1 == mode.intermediate() && l + 1 < architecture.layers()) {
                    intermediate = readOut(norm(x, "final.norm"), phones ? "phone_head" : "head");
                }
            }
            NDArray top = norm(x, "final.norm");
            NDArray balance = null;
            if (!balances.isEmpty()) {
                balance = balances.get(0);
                for (NDArray b : balances.subList(1, balances.size())) {
                    balance = balance.add(b);
                }
                balance = balance.mul(step.full(new Shape(1), 1f / balances.size()));
            }
            return new Output(
                    readOut(top, "head"),
                    phones ? readOut(top, "phone_head") : null,
                    intermediate,
                    balance,
                    lengths,
                    experts,
                    probabilities);
        }

        private NDArray stack() {
            int k = architecture.stacking();
            int bins = architecture.melBins();
            NDArray x = features;
            long missing = (long) steps * k - features.getShape().get(1);
            if (missing > 0) {
                x = x.concat(step.zeros(new Shape(batch, missing, bins)), 1);
            }
            return linear(x.reshape(batch, steps, (long) k * bins), "input.linear.weight", null);
        }

        private NDArray convolve(Subsampling.Conv conv) {
            int first = conv.firstStride();
            NDArray image = features.expandDims(1);
            NDArray x = convolution(image, "input.conv0", first);
            x = JniUtils.relu((PtNDArray) x);
            int[] halved =
                    Arrays.stream(frames).map(f -> (f + first - 1) / first).toArray();
            x = x.mul(mask(halved, (int) x.getShape().get(2)).reshape(batch, 1, -1, 1));
            x = convolution(x, "input.conv1", conv.secondStride());
            x = JniUtils.relu((PtNDArray) x);
            x = x.mul(realMask.reshape(batch, 1, -1, 1));
            x = x.transpose(0, 2, 1, 3).reshape(batch, steps, -1);
            return linear(x, "input.linear.weight", "input.linear.bias");
        }

        private NDArray convolution(NDArray x, String name, int stride) {
            return JniUtils.convolution(
                    (PtNDArray) x,
                    parameter(name + ".weight"),
                    parameter(name + ".bias"),
                    new Shape(stride, 2),
                    new Shape(1, 1),
                    new Shape(1, 1),
                    1);
        }

        private NDArray attend(NDArray x, int layer, NDArray bias, NDArray scale) {
            String name = "layers." + layer + ".attention.";
            int d = architecture.width();
            int heads = architecture.heads();
            NDArray h = norm(x, name + "norm");
            NDList qkv = linear(h, name + "qkv.weight", null).split(3, 2);
            NDArray q = split(qkv.get(0).mul(scale), heads);
            NDArray k = qkv.get(1).reshape(batch, steps, heads, -1).transpose(0, 2, 3, 1);
            NDArray v = split(qkv.get(2), heads);
            NDArray scores = q.matMul(k).add(bias);
            NDArray weights = scores.softmax(-1);
            NDArray mixed = weights.matMul(v).transpose(0, 2, 1, 3).reshape(batch, steps, d);
            return linear(mixed, name + "out.weight", null);
        }

        private NDArray split(NDArray x, int heads) {
            return x.reshape(batch, steps, heads, -1).transpose(0, 2, 1, 3);
        }

        private NDArray convolveDepthwise(NDArray x, int layer) {
            String name = "layers." + layer + ".convolution.";
            int kernel = architecture.convKernel();
            NDArray h = norm(x, name + "norm");
            NDList halves = linear(h, name + "in.weight", null).split(2, 2);
            NDArray gated = halves.get(0)
                    .mul(JniUtils.sigmoid((PtNDArray) halves.get(1)))
                    .mul(realMask.reshape(batch, steps, 1));
            NDArray channelsFirst = gated.transpose(0, 2, 1);
            int padding = kernel / 2;
            if (!(architecture.attention() instanceof Attention.Full)) {
                channelsFirst = channelsFirst
                        .getManager()
                        .zeros(new Shape(batch, architecture.width(), kernel - 1L))
                        .concat(channelsFirst, 2);
                padding = 0;
            }
            PtNDArray y = JniUtils.convolution(
                    (PtNDArray) channelsFirst,
                    parameter(name + "depthwise.weight"),
                    parameter(name + "depthwise.bias"),
                    new Shape(1),
                    new Shape(padding),
                    new Shape(1),
                    architecture.width());
            NDArray activated = y.mul(JniUtils.sigmoid(y)).transpose(0, 2, 1);
            return linear(activated, name + "out.weight", null);
        }

        private NDArray feedForward(NDArray x, int layer, int[][] experts, float[][] probabilities) {
            String name = "layers." + layer + ".ffn.";
            int d = architecture.width();
            NDArray h = norm(x, name + "norm");
            int count = architecture.experts().get(layer);
            if (count == 1) {
                experts[layer] = new int[real.length];
                probabilities[layer] = new float[real.length];
                for (int i = 0; i < real.length; i++) {
                    experts[layer][i] = real[i] ? 0 : -1;
                    probabilities[layer][i] = real[i] ? 1 : 0;
                }
                return expert(h, name + "experts.0.");
            }
            NDArray flat = h.reshape((long) batch * steps, d);
            String router = router(architecture.routerGroup(layer));
            NDArray logits = linear(flat, router + "weight", router + "bias");
            if (mode.routerNoise() > 0) {
                logits = logits.add(
                        gaussian(batch * steps * count, mode.routerNoise()).reshape((long) batch * steps, count));
            }
            NDArray p = logits.softmax(-1);
            float[] values = Torch.values(p);
            Dispatch dispatch = Dispatch.of(values, count, real);
            experts[layer] = dispatch.expert();
            probabilities[layer] = new float[real.length];
            for (int i = 0; i < real.length; i++) {
                probabilities[layer][i] = real[i] ? values[i * count + dispatch.expert()[i]] : 0;
            }
            balances.add(balance(p, dispatch, count));

            NDArray sorted = rows(flat, dispatch.order());
            long[] cuts = new long[count - 1];
            for (int e = 0; e + 1 < count; e++) {
                cuts[e] = (e == 0 ? 0 : cuts[e - 1]) + dispatch.counts()[e];
            }
            NDList parts = sorted.split(cuts, 0);
            NDList outputs = new NDList();
            for (int e = 0; e < count; e++) {
                if (dispatch.counts()[e] > 0) {
                    outputs.add(expert(parts.get(e), name + "experts." + e + "."));
                }
            }
            outputs.add(step.zeros(new Shape(1, d)));
            NDArray y = rows(NDArrays.concat(outputs, 0), dispatch.place());
            long[] chosen = new long[real.length];
            for (int i = 0; i < real.length; i++) {
                chosen[i] = Math.max(0, dispatch.expert()[i]);
            }
            NDArray gate = JniUtils.gather((PtNDArray) p, Torch.array(step, chosen, new Shape(chosen.length, 1)), 1);
            return y.mul(gate).reshape(batch, steps, d);
        }

        private NDArray expert(NDArray h, String name) {
            NDArray inner = linear(h, name + "in.weight", name + "in.bias");
            return linear(JniUtils.relu((PtNDArray) inner), name + "out.weight", name + "out.bias");
        }

        /** {@code E * sum_e f_e P_e}, f the share of steps sent to e and P its mean probability over real steps. */
        private NDArray balance(NDArray p, Dispatch dispatch, int count) {
            long total = dispatch.order().length;
            float[] factors = new float[count];
            for (int e = 0; e < count; e++) {
                factors[e] = (float) ((double) count * dispatch.counts()[e] / total / total);
            }
            NDArray summed = realMask.reshape(1, (long) batch * steps).matMul(p);
            return summed.mul(Torch.array(step, factors, new Shape(1, count))).sum();
        }

        private NDArray readOut(NDArray normed, String head) {
            return linear(normed, head + ".weight", head + ".bias").logSoftmax(-1);
        }

        private NDArray residual(NDArray x, NDArray branch) {
            if (mode.dropout() <= 0) {
                return x.add(branch);
            }
            int d = architecture.width();
            float[] keep = new float[batch * d];
            for (int i = 0; i < keep.length; i++) {
                keep[i] = mode.random().nextFloat() < mode.dropout() ? 0 : 1 / (1 - mode.dropout());
            }
            return x.add(branch.mul(Torch.array(step, keep, new Shape(batch, 1, d))));
        }

        /** Everything that is added to attention logits: relative bias, padding and chunks; {@code [B or 1, H or 1, T, T]}. */
        private NDArray attentionBias() {
            float[] padding = new float[batch * steps];
            for (int i = 0; i < padding.length; i++) {
                padding[i] = real[i] ? 0 : MASKED;
            }
            NDArray bias = Torch.array(step, padding, new Shape(batch, 1, 1, steps));
            boolean chunked = mode.chunk() > 0 || architecture.attention() instanceof Attention.Chunked;
            if (chunked || architecture.attention() instanceof Attention.Causal) {
                bias = bias.add(Torch.array(step, hidden(chunked), new Shape(1, 1, steps, steps)));
            }
            if (architecture.position() instanceof Position.Relative position) {
                int range = position.range();
                long[] distance = new long[steps * steps];
                for (int i = 0; i < steps; i++) {
                    for (int j = 0; j < steps; j++) {
                        distance[i * steps + j] = Math.max(-range, Math.min(range, j - i)) + range;
                    }
                }
                PtNDArray index = Torch.array(step, distance, new Shape((long) steps * steps));
                // The zero array makes the step's manager the owner of the transposed parameter.
                PtNDArray table = (PtNDArray) step.zeros(new Shape(1)).add(parameter("position.bias"));
                NDArray relative = JniUtils.embedding(index, table.transpose(), false)
                        .reshape(steps, steps, architecture.heads())
                        .transpose(2, 0, 1)
                        .expandDims(0);
                bias = bias.add(relative);
            }
            return bias;
        }

        private float[] hidden(boolean chunked) {
            int chunk = mode.chunk();
            int left = mode.leftChunks();
            if (chunk == 0 && architecture.attention() instanceof Attention.Chunked own) {
                chunk = own.chunk();
                left = own.leftChunks();
            }
            float[] hidden = new float[steps * steps];
            for (int i = 0; i < steps; i++) {
                for (int j = 0; j < steps; j++) {
                    boolean seen = chunked ? j / chunk <= i / chunk && j / chunk >= i / chunk - left : j <= i;
                    hidden[i * steps + j] = seen ? 0 : MASKED;
                }
            }
            return hidden;
        }

        private NDArray sinusoids(int d) {
            float[] table = new float[steps * d];
            for (int t = 0; t < steps; t++) {
                for (int i = 0; i < d; i++) {
                    double angle = t * Math.exp(-2 * (i / 2) * Math.log(1e4) / d);
                    table[t * d + i] = (float) (i % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
                }
            }
            return Torch.array(step, table, new Shape(1, steps, d));
        }

        private NDArray mask(int[] valid, int length) {
            float[] mask = new float[valid.length * length];
            for (int b = 0; b < valid.length; b++) {
                Arrays.fill(mask, b * length, b * length + valid[b], 1);
            }
            return Torch.array(step, mask, new Shape(valid.length, length));
        }

        private NDArray gaussian(int count, float deviation) {
            float[] noise = new float[count];
            for (int i = 0; i < count; i++) {
                noise[i] = (float) mode.random().nextGaussian() * deviation;
            }
            return Torch.array(step, noise, new Shape(count));
        }

        private NDArray rows(NDArray x, long[] index) {
            PtNDArray indices = Torch.array(step, index, new Shape(index.length));
            return JniUtils.embedding(indices, (PtNDArray) x, false);
        }

        private NDArray norm(NDArray x, String name) {
            return JniUtils.layerNorm(
                    (PtNDArray) x,
                    new Shape(architecture.width()),
                    parameter(name + ".weight"),
                    parameter(name + ".bias"),
                    EPSILON);
        }

        private NDArray linear(NDArray x, String weight, String bias) {
            PtNDArray none = bias == null ? null : parameter(bias);
            return JniUtils.linear((PtNDArray) x, parameter(weight), none);
        }
    }
}
