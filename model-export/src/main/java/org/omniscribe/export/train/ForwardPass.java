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
import java.util.List;
import java.util.stream.LongStream;
import org.omniscribe.asr.model.Activation;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.export.train.OmniRouterNet.Mode;
import org.omniscribe.export.train.OmniRouterNet.Output;

/**
 * One pass of a batch through the network.
 *
 * <p>Two properties of DJL shape the code. A result belongs to the manager of the first operand, so activations come
 * first and parameters second. And a Java number as an operand leaves a dangling tensor in the recorded graph, so
 * constants are arrays that live as long as the step.
 */
final class ForwardPass {
    private static final double EPSILON = 1e-5;
    private static final float MASKED = -1e9f;

    private final OmniRouterNet net;
    private final Architecture architecture;
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

    ForwardPass(OmniRouterNet net, NDArray features, int[] frames, Mode mode) {
        this.net = net;
        this.architecture = net.architecture();
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
        NDArray x = positioned(input());
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
        return new Output(
                top,
                architecture.vocabulary() > 0 ? readOut(top, "head") : null,
                phones ? readOut(top, "phone_head") : null,
                intermediate,
                balance(),
                lengths,
                experts,
                probabilities);
    }

    /** Mean of the layers' load-balance losses; null without routed layers. */
    private NDArray balance() {
        if (balances.isEmpty()) {
            return null;
        }
        NDArray sum = balances.get(0);
        for (NDArray b : balances.subList(1, balances.size())) {
            sum = sum.add(b);
        }
        return sum.mul(constant(1f / balances.size()));
    }

    private NDArray input() {
        if (architecture.subsampling() instanceof Subsampling.Conv conv) {
            return convolve(conv);
        }
        return architecture.subsampling() instanceof Subsampling.WhisperStem ? stem() : stack();
    }

    private NDArray positioned(NDArray x) {
        if (architecture.position() instanceof Position.Sinusoid) {
            return x.add(sinusoids(architecture.width()));
        }
        if (architecture.position() instanceof Position.WhisperSinusoid position) {
            int d = architecture.width();
            if (position.stored()) {
                long[] places = LongStream.range(0, steps).toArray();
                PtNDArray index = Torch.array(step, places, new Shape(steps));
                return x.add(JniUtils.embedding(index, net.parameter("position.weight"), false)
                        .reshape(1, steps, d));
            }
            return x.add(Torch.array(step, Position.WhisperSinusoid.table(steps, d), new Shape(1, steps, d)));
        }
        return x;
    }

    private NDArray constant(float value) {
        return step.full(new Shape(1), value);
    }

    /** Whisper's two convolutions over time; what lies past an utterance's end is zero for the second one, too. */
    private NDArray stem() {
        NDArray x = overTime(features.transpose(0, 2, 1), "input.conv0", 1);
        x = x.mul(mask(frames, (int) features.getShape().get(1)).reshape(batch, 1, -1));
        return overTime(x, "input.conv1", 2).transpose(0, 2, 1);
    }

    private NDArray overTime(NDArray x, String name, int stride) {
        return JniUtils.gelu(JniUtils.convolution(
                (PtNDArray) x,
                net.parameter(name + ".weight"),
                net.parameter(name + ".bias"),
                new Shape(stride),
                new Shape(1),
                new Shape(1),
                1));
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
        int[] halved = Arrays.stream(frames).map(f -> (f + first - 1) / first).toArray();
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
                net.parameter(name + ".weight"),
                net.parameter(name + ".bias"),
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
        boolean biases = architecture.attention().bias() == Attention.Bias.QUERY_VALUE_OUTPUT;
        NDList qkv = linear(h, name + "qkv.weight", biases ? name + "qkv.bias" : null)
                .split(3, 2);
        NDArray q = split(qkv.get(0).mul(scale), heads);
        NDArray k = qkv.get(1).reshape(batch, steps, heads, -1).transpose(0, 2, 3, 1);
        NDArray v = split(qkv.get(2), heads);
        NDArray scores = q.matMul(k).add(bias);
        NDArray weights = scores.softmax(-1);
        NDArray mixed = weights.matMul(v).transpose(0, 2, 1, 3).reshape(batch, steps, d);
        return linear(mixed, name + "out.weight", biases ? name + "out.bias" : null);
    }

    private NDArray split(NDArray x, int heads) {
        return x.reshape(batch, steps, heads, -1).transpose(0, 2, 1, 3);
    }

    private NDArray convolveDepthwise(NDArray x, int layer) {
        String name = "layers." + layer + ".convolution.";
        int kernel = architecture.convKernel();
        NDArray h = norm(x, name + "norm");
        NDList halves = linear(h, name + "in.weight", null).split(2, 2);
        NDArray gated =
                halves.get(0).mul(JniUtils.sigmoid((PtNDArray) halves.get(1))).mul(realMask.reshape(batch, steps, 1));
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
                net.parameter(name + "depthwise.weight"),
                net.parameter(name + "depthwise.bias"),
                new Shape(1),
                new Shape(padding),
                new Shape(1),
                architecture.width());
        NDArray activated = y.mul(JniUtils.sigmoid(y)).transpose(0, 2, 1);
        return linear(activated, name + "out.weight", null);
    }

    private NDArray feedForward(NDArray x, int layer, int[][] experts, float[][] probabilities) {
        String name = "layers." + layer + ".ffn.";
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
        NDArray flat = h.reshape((long) batch * steps, architecture.width());
        NDArray p = routerProbabilities(flat, OmniRouterNet.router(architecture.routerGroup(layer)), count);
        float[] values = Torch.values(p);
        Dispatch dispatch = Dispatch.of(values, count, real);
        experts[layer] = dispatch.expert();
        probabilities[layer] = new float[real.length];
        for (int i = 0; i < real.length; i++) {
            probabilities[layer][i] = real[i] ? values[i * count + dispatch.expert()[i]] : 0;
        }
        balances.add(balance(p, dispatch, count));
        NDArray y = dispatched(flat, name, dispatch);
        return y.mul(gate(p, dispatch)).reshape(batch, steps, architecture.width());
    }

    private NDArray routerProbabilities(NDArray flat, String router, int count) {
        NDArray logits = linear(flat, router + "weight", router + "bias");
        if (mode.routerNoise() > 0) {
            logits = logits.add(
                    gaussian(batch * steps * count, mode.routerNoise()).reshape((long) batch * steps, count));
        }
        return logits.softmax(-1);
    }

    /** Each step through its expert, padding to zero; {@code [flat step, width]}. */
    private NDArray dispatched(NDArray flat, String name, Dispatch dispatch) {
        int count = dispatch.counts().length;
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
        outputs.add(step.zeros(new Shape(1, architecture.width())));
        return rows(NDArrays.concat(outputs, 0), dispatch.place());
    }

    /** What the output of the chosen expert is multiplied by, {@code [flat step, 1]}. */
    private NDArray gate(NDArray p, Dispatch dispatch) {
        long[] chosen = new long[real.length];
        for (int i = 0; i < real.length; i++) {
            chosen[i] = Math.max(0, dispatch.expert()[i]);
        }
        NDArray gate = JniUtils.gather((PtNDArray) p, Torch.array(step, chosen, new Shape(chosen.length, 1)), 1);
        double share = mode.gateShare().orElse(architecture.gate().share());
        return share == 1 ? gate : gate.mul(constant((float) share)).add(constant((float) (1 - share)));
    }

    private NDArray expert(NDArray h, String name) {
        NDArray inner = linear(h, name + "in.weight", name + "in.bias");
        NDArray active = architecture.activation() == Activation.GELU
                ? JniUtils.gelu((PtNDArray) inner)
                : JniUtils.relu((PtNDArray) inner);
        return linear(active, name + "out.weight", name + "out.bias");
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
            PtNDArray table = (PtNDArray) step.zeros(new Shape(1)).add(net.parameter("position.bias"));
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
                net.parameter(name + ".weight"),
                net.parameter(name + ".bias"),
                EPSILON);
    }

    private NDArray linear(NDArray x, String weight, String bias) {
        PtNDArray none = bias == null ? null : net.parameter(bias);
        return JniUtils.linear((PtNDArray) x, net.parameter(weight), none);
    }
}
