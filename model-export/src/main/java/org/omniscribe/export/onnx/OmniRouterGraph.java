package org.omniscribe.export.onnx;

import static org.omniscribe.export.onnx.ElementType.FLOAT;
import static org.omniscribe.export.onnx.ElementType.INT32;
import static org.omniscribe.export.onnx.ElementType.INT64;

import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.checkpoint.OmniRouterParameters;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.Tensors;

/**
 * Writes an Omni-router encoder as an ONNX graph.
 *
 * <p>Inputs: {@code features} float[B,F,melBins], {@code lengths} int64[B], frames of each utterance, at most F; what lies
 * behind a length is not looked at. Outputs: {@code log_probs} float[B,T,V], where the architecture has phones
 * {@code phone_log_probs} float[B,T,P], {@code output_lengths} int64[B],
 * {@code expert_index} int32[L,B,T], {@code expert_prob} float[L,B,T]. T is {@link Architecture#steps} of F, but at least
 * 1. Steps at or past the output length have expert -1 with probability 0, and log_probs without meaning.
 *
 * <p>An expert computes only the steps that were routed to it. Utterances of a batch do not depend on each other.
 *
 * <p>A graph with state, of a network that does not look ahead, takes an utterance chunk by chunk: {@code features} are
 * those of the next whole steps (of the next whole attention chunks where attention is chunked), and further inputs hold
 * what was before them. {@code first_step} int64[1] counts the steps before. {@code past.L} float[B,P,2d] has for layer L
 * the keys and values of the last P steps, for all layers equally many; {@code past_convolution.L} float[B,K-1,d] what the
 * depthwise convolution of kernel K saw last; {@code past_frames} float[B,S/2+1,melBins] the last frames, where
 * convolutions shrink them S times. All are zeros in the beginning, and P is 0. Outputs {@code present.L} float[B,T,2d]
 * and {@code present_convolution.L} float[B,T,d] are what this chunk adds; whoever runs the graph keeps as many of the last
 * ones as are wanted. From the beginning, with nothing before it, it is the graph without state.
 */
public final class OmniRouterGraph {
    /** Added to attention logits of what must not be seen: its exponential is 0, yet a row of nothing else stays finite. */
    private static final float UNSEEN = -1e9f;

    private static final float EPSILON = 1e-5f;
    /** Columns that heads get to see by where there is no bias: runtimes like head sizes that are multiples of 8. */
    private static final int MARGIN = 8;

    private static final int NOISE_STEPS = 4096;
    private static final long NOISE_SEED = 20250921;
    private static final Dim BATCH = Dim.of("batch");
    private static final Dim FRAMES = Dim.of("frames");
    private static final Dim STEPS = Dim.of("steps");
    private static final Dim FLAT = BATCH.times(STEPS);
    private static final Dim PAST = Dim.of("past");
    private static final Dim KEYS = Dim.of("keys");

    /** How weights lie in the file; the runtime computes with floats in all cases but the last. */
    public enum Precision {
        /** Single precision, exactly as trained. */
        FLOAT32,
        /** Half precision for matrices and kernels, except the routers: half the size. */
        FLOAT16,
        /**
         * Bytes with a scale for each output channel for the matrices of attention, convolution and experts, the rest as
         * in FLOAT16: a quarter of the size.
         */
        INT8,
        /**
         * Stored as INT8, and multiplied so: steps are rounded to bytes, each by its own scale, on their way into these
         * matrices.
         */
        INT8_DYNAMIC,
        /**
         * Half bytes with a scale for each 32 weights of a channel for the same matrices, the rest as in FLOAT16: an eighth
         * of the size.
         */
        INT4
    }

    private final OnnxGraph graph;
    private final Architecture architecture;
    private final Tensors parameters;
    private final Matrices matrices;
    private final ExpertPlan plan;
    private final RoutingMode mode;
    private final Dim width;

    /** The session's step at which the features begin, [1]; null if the graph keeps no state. */
    private Value firstStep;

    /** Routings that go side by side, and the steps of all of them in a row, once they have parted. */
    private final int samples;

    private Dim rows = STEPS;

    /** What layers add to, [B,T,d], and what is still to be added to it; null for nothing. */
    private Value stream;

    private Value addition;

    /** Whether a step lies within its utterance: [B,T], and as 1 or 0 [B,T,1]. */
    private Value inside;

    private Value insideFactor;
    private final List<Value> expertIndex = new ArrayList<>();
    private final List<Value> expertProbability = new ArrayList<>();

    private OmniRouterGraph(
            Architecture architecture,
            Tensors parameters,
            Precision precision,
            ExpertPlan plan,
            RoutingMode mode,
            ExternalData data) {
        this.graph = new OnnxGraph("omni_router", data);
        this.architecture = architecture;
        this.parameters = parameters;
        this.matrices = new Matrices(graph, precision);
        this.plan = plan;
        this.mode = mode;
        this.samples = mode instanceof RoutingMode.Sampled sampled ? sampled.samples() : 1;
        this.width = Dim.of(architecture.width());
    }

    /** Writes a network whose parameters are in memory; as {@link #write(Architecture, Tensors, Precision)}. */
    public static byte[] write(Architecture architecture, Map<String, Tensor> parameters, Precision precision) {
        return write(architecture, Tensors.of(parameters), precision);
    }

    /**
     * Writes a network as one file.
     *
     * @param architecture the network
     * @param parameters its parameters, named as in {@link OmniRouterParameters}
     * @param precision how its weights are stored
     * @return the bytes of the ONNX file
     * @throws CheckpointException if parameters are missing, left over, of the wrong shape or not finite; all at once
     */
    public static byte[] write(Architecture architecture, Tensors parameters, Precision precision) {
        return write(architecture, parameters, precision, ExpertPlan.trained(architecture), RoutingMode.TOP_ONE, null);
    }

    /**
     * Writes a network as {@link #writeBest} does, but with its weights in a file beside it, which may be larger than the
     * two gigabytes that ONNX allows for one, and which is written as the weights are read.
     *
     * @param data where the weights go; it is not closed
     * @param location the name that the file with them will have, beside the graph
     * @return the bytes of the ONNX file without the weights
     * @throws CheckpointException as {@link #write(Architecture, Tensors, Precision)}
     * @throws UncheckedIOException if the weights cannot be written
     */
    public static byte[] writeBeside(
            Architecture architecture, Tensors parameters, Precision precision, OutputStream data, String location) {
        return writeBest(architecture, parameters, precision, new ExternalData(data, location));
    }

    /**
     * Writes a network as bundles have it: with state where it {@link #streams}, else without; as one file.
     *
     * @throws CheckpointException as {@link #write(Architecture, Tensors, Precision)}
     */
    public static byte[] writeBest(Architecture architecture, Tensors parameters, Precision precision) {
        return writeBest(architecture, parameters, precision, null);
    }

    private static byte[] writeBest(
            Architecture architecture, Tensors parameters, Precision precision, ExternalData data) {
        ExpertPlan plan = ExpertPlan.trained(architecture);
        OmniRouterParameters.check(plan.shapes(architecture), OmniRouterParameters.optional(architecture), parameters);
        OmniRouterGraph writer =
                new OmniRouterGraph(architecture, parameters, precision, plan, RoutingMode.TOP_ONE, data);
        if (streams(architecture)) {
            writer.firstStep = writer.graph.input("first_step", INT64, Dim.ONE);
        }
        writer.build();
        return writer.graph.toBytes("omniscribe", "1");
    }

    /**
     * Whether a network can keep state, so that it may hear an utterance chunk by chunk: it must not look ahead.
     *
     * @param architecture the network
     */
    public static boolean streams(Architecture architecture) {
        boolean frontEnd = architecture.subsampling() instanceof Subsampling.Stack
                || architecture.subsampling() instanceof Subsampling.Conv conv
                        && conv.firstStride() > 1
                        && conv.secondStride() > 1;
        return !(architecture.attention() instanceof Attention.Full) && frontEnd;
    }

    /**
     * Writes a network with state; else as {@link #write(Architecture, Map, Precision)}.
     *
     * @throws IllegalArgumentException if the network looks ahead
     */
    public static byte[] writeStreaming(
            Architecture architecture, Map<String, Tensor> parameters, Precision precision) {
        if (!streams(architecture)) {
            throw new IllegalArgumentException("a network that looks ahead cannot keep state: " + architecture);
        }
        return writeBest(architecture, Tensors.of(parameters), precision, null);
    }

    /**
     * Writes a network whose experts or routing are other than trained; else as {@link #write(Architecture, Map,
     * Precision)}.
     *
     * @param parameters those that the plan stores
     * @param plan which expert's weights do whose work
     * @param mode how the routers are used
     */
    static byte[] write(
            Architecture architecture,
            Map<String, Tensor> parameters,
            Precision precision,
            ExpertPlan plan,
            RoutingMode mode) {
        return write(architecture, Tensors.of(parameters), precision, plan, mode, null);
    }

    private static byte[] write(
            Architecture architecture,
            Tensors parameters,
            Precision precision,
            ExpertPlan plan,
            RoutingMode mode,
            ExternalData data) {
        OmniRouterParameters.check(plan.shapes(architecture), OmniRouterParameters.optional(architecture), parameters);
        OmniRouterGraph writer = new OmniRouterGraph(architecture, parameters, precision, plan, mode, data);
        writer.build();
        return writer.graph.toBytes(
                "omniscribe", "1", plan.unchanged() ? Map.of() : Map.of(ExpertPlan.KEY, plan.toJson()));
    }

    /** Bytes that the weights of a network take, near enough. */
    static long weightBytes(Architecture architecture, Precision precision) {
        long parameters = OmniRouterParameters.shapes(architecture).values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
                .sum();
        return switch (precision) {
            case FLOAT32 -> 4 * parameters;
            case FLOAT16 -> 2 * parameters;
            case INT8, INT8_DYNAMIC -> parameters;
            case INT4 -> parameters * 5 / 8;
        };
    }

    private void build() {
        Value features = graph.input("features", FLOAT, BATCH, FRAMES, Dim.of(architecture.melBins()));
        Value lengths = graph.input("lengths", INT64, BATCH);
        Value framesInside = before(lengths, FRAMES).unsqueeze(2);
        Value clean = framesInside.choose(features, graph.scalar(0f));

        Value x = architecture.subsampling() instanceof Subsampling.Conv conv
                ? convolve(clean, lengths, conv)
                : stack(clean);
        Value outputLengths = architecture.subsampling() instanceof Subsampling.Conv conv
                ? ceilDiv(ceilDiv(lengths, conv.firstStride()), conv.secondStride())
                : ceilDiv(lengths, architecture.stacking());
        inside = before(outputLengths, STEPS);
        insideFactor = inside.cast(FLOAT).unsqueeze(2);
        if (architecture.position() instanceof Position.Sinusoid) {
            x = x.add(sinusoids());
        }
        stream = x;
        Value padding = inside.cast(INT32);
        List<Value> pasts = new ArrayList<>();
        if (firstStep != null) {
            Dim both = Dim.of(2L * architecture.width());
            for (int layer = 0; layer < architecture.layers(); layer++) {
                pasts.add(graph.input("past." + layer, FLOAT, BATCH, PAST, both));
            }
            graph.define(KEYS, graph.sizes(List.of(PAST)).add(graph.sizes(List.of(STEPS))));
            Value known = graph.scalar(INT32, 1).unsqueeze(0, 1).expand(BATCH, PAST);
            padding = graph.concat(1, List.of(known, padding)).as(BATCH, KEYS);
        }
        Value bias = attentionBias();
        Value unseen = inside.choose(graph.scalar(0f), graph.scalar(UNSEEN))
                .unsqueeze(2, 3)
                .expand(BATCH, STEPS, heads(), Dim.of(MARGIN));
        for (int layer = 0; layer < architecture.layers(); layer++) {
            String prefix = "layers." + layer + ".";
            Value past = firstStep == null ? null : pasts.get(layer);
            Value seen = norm(prefix + "attention.norm");
            addition = bias == null && past == null
                    ? wholeAttention(seen, prefix + "attention", unseen)
                    : attention(seen, prefix + "attention", padding, bias, past, layer);
            if (architecture.convKernel() > 0) {
                addition = convolution(norm(prefix + "convolution.norm"), prefix + "convolution", layer);
            }
            if (layer == 0 && samples > 1) {
                stream = part(stream.add(addition));
                addition = null;
                bias = bias == null ? null : repeated(bias, 2);
            }
            addition = feedForward(layer, prefix + "ffn.");
        }
        Value top = norm("final.norm");
        Value logProbs = mean(readOut(top, "head"));

        Dim layers = Dim.of(architecture.layers());
        graph.output("log_probs", logProbs, FLOAT, BATCH, STEPS, Dim.of(architecture.vocabulary()));
        if (architecture.phones() > 0) {
            Value phones = mean(readOut(top, "phone_head"));
            graph.output("phone_log_probs", phones, FLOAT, BATCH, STEPS, Dim.of(architecture.phones()));
        }
        graph.output("output_lengths", outputLengths, INT64, BATCH);
        graph.output("expert_index", graph.concat(0, expertIndex), INT32, layers, BATCH, STEPS);
        graph.output("expert_prob", graph.concat(0, expertProbability), FLOAT, layers, BATCH, STEPS);
    }

    /** Frames side by side, behind the last ones zeros up to a whole and at least one step. */
    private Value stack(Value features) {
        int stacking = architecture.stacking();
        Value frames = features.sizeOf(1);
        Value steps = ceilDiv(frames, stacking).max(graph.sizes(Dim.list(1)));
        graph.define(STEPS, steps);
        Value padded =
                padFrames(features, steps.mul(graph.sizes(Dim.list(stacking))).sub(frames));
        Dim bins = Dim.of(architecture.melBins());
        Value side = padded.as(BATCH, STEPS.times(Dim.of(stacking)), bins)
                .reshape(BATCH, STEPS, Dim.of((long) stacking * architecture.melBins()));
        return has("input.linear.bias") ? biasedLinear(side, "input.linear") : linear(side, "input.linear");
    }

    /** Two convolutions that shrink time and bins, and a linear layer over what is left of each step. */
    private Value convolve(Value features, Value lengths, Subsampling.Conv conv) {
        int stride = conv.firstStride();
        int secondStride = conv.secondStride();
        Dim bins = Dim.of(architecture.melBins());
        Dim channels = Dim.of(conv.channels());
        Dim someFrames = architecture.stacking() == 1 ? STEPS : Dim.of("some_frames");
        Dim halfWay = stride == 1 ? someFrames : secondStride == 1 ? STEPS : Dim.of("half_way");
        Value one = graph.sizes(Dim.list(1));
        // A convolution cannot take an empty axis, so there is always a frame.
        Value padded = padFrames(features, one.sub(features.sizeOf(1).min(one))).as(BATCH, someFrames, bins);

        // Half a step before the first one is what the second convolution reaches back to.
        boolean stateful = firstStep != null;
        Value seen = padded;
        if (stateful) {
            Value past = graph.input("past_frames", FLOAT, BATCH, Dim.of(stride + 1L), bins);
            seen = graph.concat(1, List.of(past, padded)).as(BATCH, Dim.of("seen_frames"), bins);
        }
        Value kernel = kernel("input.conv0.weight");
        Value bias = vector("input.conv0.bias");
        long[] pads = {stateful ? 0 : 1, 1, 1, 1};
        // Worked out from the frames: a runtime fuses a convolution with what follows only if nothing else asks for it.
        Value frames = graph.sizes(List.of(someFrames));
        Value half = ceilDiv(frames, stride);
        if (stride > 1) {
            graph.define(halfWay, half);
        }
        if (!halfWay.equals(STEPS)) {
            graph.define(STEPS, ceilDiv(half, secondStride));
        }
        Dim halves = halfWay;
        if (stateful) {
            halves = Dim.of("halves");
            graph.define(halves, half.add(one));
        }
        Value first = seen.unsqueeze(1).conv(kernel, bias, new long[] {stride, 2}, pads, 1);
        Dim halfBins = first.dim(3);
        first = first.as(BATCH, channels, halves, halfBins).relu();
        Value halfLengths = ceilDiv(lengths, stride);
        Value halvesInside = stateful
                ? before(halfLengths.add(one), halves)
                        .and(one.lessOrEqual(graph.range(INT64, halves).add(firstStep))
                                .unsqueeze(0))
                : before(halfLengths, halves);
        first = first.mul(halvesInside.cast(FLOAT).unsqueeze(1, 3));

        kernel = kernel("input.conv1.weight");
        bias = vector("input.conv1.bias");
        Value second = first.conv(kernel, bias, new long[] {secondStride, 2}, pads, 1);
        Dim rows = second.dim(3);
        second = second.as(BATCH, channels, STEPS, rows).relu();
        second = second.mul(
                before(ceilDiv(halfLengths, secondStride), STEPS).cast(FLOAT).unsqueeze(1, 3));
        return biasedLinear(second.transpose(0, 2, 1, 3).reshape(BATCH, STEPS, channels.times(rows)), "input.linear");
    }

    /** The state of every step, once for each routing: [B,samples*T,d]; what belongs to steps goes along. */
    private Value part(Value x) {
        rows = STEPS.times(Dim.of(samples));
        inside = repeated(inside, 1);
        insideFactor = repeated(insideFactor, 1);
        return repeated(x, 1);
    }

    /** A value whose axis of steps is repeated for each routing. */
    private Value repeated(Value value, int axis) {
        List<Dim> apart = new ArrayList<>(value.shape());
        apart.add(axis, Dim.of(samples));
        List<Dim> together = new ArrayList<>(value.shape());
        together.set(axis, rows);
        return value.unsqueeze(axis).expand(apart.toArray(Dim[]::new)).reshape(together.toArray(Dim[]::new));
    }

    /** What the first routing says of its steps: [B,T,...] of [B,samples*T,...]. */
    private Value first(Value value) {
        if (rows.equals(STEPS)) {
            return value;
        }
        List<Dim> apart = new ArrayList<>(value.shape());
        apart.set(1, STEPS);
        apart.add(1, Dim.of(samples));
        return value.reshape(apart.toArray(Dim[]::new)).gather(graph.scalar(INT64, 0), 1);
    }

    /** The mean log-probability over the routings, normalised anew. */
    private Value mean(Value logProbs) {
        if (rows.equals(STEPS)) {
            return logProbs;
        }
        Dim tokens = logProbs.dim(2);
        float[] shares = new float[samples];
        Arrays.fill(shares, 1f / samples);
        return graph.constant("shares", new long[] {1, samples}, shares)
                .matmul(logProbs.reshape(BATCH, Dim.of(samples), STEPS.times(tokens)))
                .reshape(BATCH, STEPS, tokens)
                .logSoftmax();
    }

    private Value padFrames(Value features, Value behind) {
        Value zero = graph.sizes(Dim.list(0));
        return features.pad(graph.concat(0, List.of(zero, zero, zero, zero, behind, zero)));
    }

    /** sin(t f_i + phase_i): [T,d]. */
    private Value sinusoids() {
        int d = architecture.width();
        float[] frequencies = new float[d];
        float[] phases = new float[d];
        for (int i = 0; i < d; i++) {
            frequencies[i] = (float) Math.exp(-2.0 * (i / 2) * Math.log(1e4) / d);
            phases[i] = (float) (i % 2 == 0 ? 0 : Math.PI / 2);
        }
        Value steps = graph.range(INT64, STEPS);
        Value time =
                (firstStep == null ? steps : steps.add(firstStep)).cast(FLOAT).unsqueeze(1);
        return time.mul(graph.constant("frequencies", new long[] {d}, frequencies))
                .add(graph.constant("phases", new long[] {d}, phases))
                .sin();
    }

    /** What is added to the attention logits of all layers: [1,heads or 1,T,T]; null for nothing. */
    private Value attentionBias() {
        Value visible = visible();
        Value relative =
                architecture.position() instanceof Position.Relative position ? relativeBias(position.range()) : null;
        if (visible == null) {
            return relative;
        }
        Value seen = relative == null ? graph.scalar(0f) : relative;
        return visible.unsqueeze(0, 1).choose(seen, graph.scalar(UNSEEN));
    }

    /** Whether a step [T,1] may see another [1,T]; null if it may always. */
    private Value visible() {
        if (architecture.attention() instanceof Attention.Full) {
            return null;
        }
        Value queries = queries();
        Value keys = keys(queries);
        if (architecture.attention() instanceof Attention.Chunked chunked) {
            Value chunk = graph.scalar(queries.type(), chunked.chunk());
            Value chunks = queries.div(chunk);
            keys = keys == queries ? chunks : keys.div(chunk);
            queries = chunks;
        }
        Value query = queries.unsqueeze(1);
        Value key = keys.unsqueeze(0);
        Value past = key.lessOrEqual(query);
        return architecture.attention() instanceof Attention.Chunked chunked
                ? past.and(query.lessOrEqual(key.add(graph.scalar(key.type(), chunked.leftChunks()))))
                : past;
    }

    /** The places of the steps that look: [T]. */
    private Value queries() {
        return firstStep == null
                ? graph.range(INT32, STEPS)
                : graph.range(INT64, STEPS).add(firstStep);
    }

    /** The places of the steps that are looked at: [T], with state [P+T]. */
    private Value keys(Value queries) {
        return firstStep == null
                ? queries
                : graph.range(INT64, KEYS).add(firstStep).sub(graph.sizes(List.of(PAST)));
    }

    /** The bias of each head and clipped distance from query to key: [1,heads,T,T]. */
    private Value relativeBias(int range) {
        Value queries = queries();
        Value distance = keys(queries).unsqueeze(0).sub(queries.unsqueeze(1)).cast(INT32);
        Value clipped = distance.max(graph.scalar(INT32, -range))
                .min(graph.scalar(INT32, range))
                .add(graph.scalar(INT32, range));
        return tensor("position.bias").gather(clipped, 1).unsqueeze(0);
    }

    /**
     * Attention to all steps of the utterance. What lies outside is hidden without a mask, with which ONNX Runtime would
     * write down the weights of all pairs of steps: each key has a further column that is very negative outside, and each
     * query has a one there.
     */
    private Value wholeAttention(Value h, String name, Value unseen) {
        List<Value> projections = projections(h, name);
        float[] one = new float[MARGIN];
        one[0] = 1;
        Value ones =
                graph.constant("one", new long[] {1, 1, 1, MARGIN}, one).expand(BATCH, rows, heads(), Dim.of(MARGIN));
        List<Value> inputs = List.of(
                widened(projections.get(0), rows, ones),
                widened(projections.get(1), STEPS, unseen),
                projections.get(2));
        return mixed(inputs, name);
    }

    /** Heads with a margin on their right. */
    private Value widened(Value projection, Dim steps, Value margin) {
        Dim head = Dim.of(architecture.width() / architecture.heads());
        return graph.concat(3, List.of(projection.reshape(BATCH, steps, heads(), head), margin))
                .reshape(BATCH, steps, Dim.of(architecture.width() + (long) MARGIN * architecture.heads()));
    }

    private Dim heads() {
        return Dim.of(architecture.heads());
    }

    /** Query, key and value. */
    private List<Value> projections(Value h, String name) {
        Tensor qkv = parameters.read(name + ".qkv.weight");
        Tensor qkvBias = has(name + ".qkv.bias") ? parameters.read(name + ".qkv.bias") : null;
        List<Value> projections = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Value projection = matrices.product(
                    matrices.operand(i == 0 ? h : first(h)), name + "." + "qkv".charAt(i), block(qkv, i));
            projections.add(qkvBias == null ? projection : projection.add(slice(name, qkvBias, i)));
        }
        return projections;
    }

    private Value attention(Value h, String name, Value padding, Value bias, Value past, int layer) {
        List<Value> projections = projections(h, name);
        if (past != null) {
            Dim both = Dim.of(2L * architecture.width());
            Value present = graph.concat(2, projections.subList(1, 3)).as(BATCH, STEPS, both);
            graph.output("present." + layer, present, FLOAT, BATCH, STEPS, both);
            List<Value> all = graph.concat(1, List.of(past, present))
                    .as(BATCH, KEYS, both)
                    .split(2);
            projections.set(1, all.get(0));
            projections.set(2, all.get(1));
        }
        List<Value> inputs = new ArrayList<>(projections);
        inputs.add(null);
        inputs.add(padding);
        if (bias != null) {
            inputs.add(bias);
        }
        return mixed(inputs, name);
    }

    private Value mixed(List<Value> inputs, String name) {
        float scale = (float) Math.sqrt((double) architecture.heads() / architecture.width());
        Map<String, Object> attributes =
                Map.of("num_heads", (long) architecture.heads(), "mask_filter_value", UNSEEN, "scale", scale);
        Value mixed = graph.apply(Operator.MULTI_HEAD_ATTENTION, inputs, attributes, 1)
                .get(0);
        return has(name + ".out.bias") ? biasedLinear(mixed, name + ".out") : linear(mixed, name + ".out");
    }

    private boolean has(String name) {
        return parameters.shapes().containsKey(name);
    }

    private Value slice(String name, Tensor bias, int i) {
        int d = architecture.width();
        float[] part = Arrays.copyOfRange(bias.data(), i * d, (i + 1) * d);
        return graph.constant(name + "." + "qkv".charAt(i) + ".bias", new long[] {d}, part);
    }

    /** The rows of one of query, key and value. */
    private float[] block(Tensor qkv, int index) {
        int size = architecture.width() * architecture.width();
        return Arrays.copyOfRange(qkv.data(), index * size, (index + 1) * size);
    }

    private Value convolution(Value h, String name, int layer) {
        int kernel = architecture.convKernel();
        List<Value> halves = linear(h, name + ".in").split(2);
        Value gated = halves.get(0).mul(halves.get(1).sigmoid()).mul(insideFactor);
        // As an image of height 1, for which runtimes have a fast depthwise convolution.
        Value apart = rows.equals(STEPS) ? gated : gated.reshape(BATCH.times(Dim.of(samples)), STEPS, width);
        boolean full = architecture.attention() instanceof Attention.Full;
        long left = full ? kernel / 2 : kernel - 1;
        long right = full ? kernel / 2 : 0;
        if (firstStep != null && left > 0) {
            graph.output("present_convolution." + layer, gated, FLOAT, BATCH, STEPS, width);
            Value past = graph.input("past_convolution." + layer, FLOAT, BATCH, Dim.of(left), width);
            apart = graph.concat(1, List.of(past, gated)).as(BATCH, Dim.of("convolved"), width);
            left = 0;
        }
        Value image = apart.transpose(0, 2, 1).unsqueeze(2);
        Tensor weights = parameters.read(name + ".depthwise.weight");
        Value depthwise = matrices.floats(
                name + ".depthwise.weight", new long[] {architecture.width(), 1, 1, kernel}, weights.data());
        long[] pads = {0, left, 0, right};
        Value filtered = image.conv(
                        depthwise, vector(name + ".depthwise.bias"), new long[] {1, 1}, pads, architecture.width())
                .squeeze(2)
                .transpose(0, 2, 1);
        if (firstStep != null) {
            filtered = filtered.as(BATCH, STEPS, width);
        }
        Value activated = linear(filtered.mul(filtered.sigmoid()), name + ".out");
        return rows.equals(STEPS) ? activated : activated.reshape(BATCH, rows, width);
    }

    private Value feedForward(int layer, String name) {
        Value h = norm(name + "norm");
        String experts = name + "experts.";
        if (!architecture.routed(layer)) {
            expertIndex.add(first(inside.choose(graph.scalar(INT32, 0), graph.scalar(INT32, -1)))
                    .unsqueeze(0));
            expertProbability.add(first(inside.cast(FLOAT)).unsqueeze(0));
            return expert(matrices.operand(h), experts + 0);
        }
        Dim all = BATCH.times(rows);
        Value flat = h.reshape(all, width);
        Value logits = logits(flat, layer);
        Value probabilities = logits.softmax();
        Value insideFlat = inside.reshape(all);
        Value choice = samples == 1
                ? probabilities.argMax()
                : logits.add(noise(layer)).softmax().argMax();
        Value chosen = insideFlat.choose(choice, graph.scalar(INT64, -1));
        Value probability = samples == 1 ? probabilities.largest() : of(choice, probabilities);
        Value gate = insideFlat.choose(probability, graph.scalar(0f));
        expertIndex.add(traced(chosen.cast(INT32)));
        expertProbability.add(traced(gate));
        if (mode instanceof RoutingMode.Observed observed) {
            observe(flat, probabilities, layer, experts, observed.outputs());
        }
        Value mixed = mode instanceof RoutingMode.TopP topP
                ? likeliest(flat, probabilities, insideFlat, layer, experts, (float) topP.mass())
                : routed(flat, choice, insideFlat, layer, experts).mul(gate.unsqueeze(1));
        return mixed.reshape(BATCH, rows, width);
    }

    /** One number a step, of the first routing: [1,B,T] of [N]. */
    private Value traced(Value flat) {
        Value values = samples == 1 ? flat : first(flat.reshape(BATCH, rows));
        return values.reshape(Dim.ONE, BATCH, STEPS);
    }

    /** What the router makes of each step: [N,E]; experts that are closed are out of reach. */
    private Value logits(Value flat, int layer) {
        String router = "routers." + architecture.routerGroup(layer);
        Value logits = matrices.exactProduct(
                        flat,
                        router + ".weight",
                        parameters.read(router + ".weight").data())
                .add(vector(router + ".bias"));
        List<Boolean> open = plan.layers().get(layer).open();
        if (!open.contains(false)) {
            return logits;
        }
        float[] closed = new float[open.size()];
        for (int e = 0; e < closed.length; e++) {
            closed[e] = open.get(e) ? 0 : UNSEEN;
        }
        return logits.add(graph.constant("closed", new long[] {closed.length}, closed));
    }

    /**
     * Gumbel noise for every routing but the first, the same for every utterance: [B*samples*T,E]. It is read from a table at
     * places that differ between routings and layers.
     */
    private Value noise(int layer) {
        int experts = architecture.experts().get(layer);
        double temperature = ((RoutingMode.Sampled) mode).temperature();
        Random random = new Random(NOISE_SEED + layer);
        float[] table = new float[NOISE_STEPS * experts];
        for (int i = 0; i < table.length; i++) {
            table[i] = (float) (-temperature * Math.log(-Math.log(1 - random.nextDouble())));
        }
        float[] factors = new float[samples];
        Arrays.fill(factors, 1, samples, 1f);
        Value starts = graph.sizes(
                Dim.list(random.ints(samples, 0, NOISE_STEPS).asLongStream().toArray()));
        Value places =
                graph.range(INT64, STEPS).unsqueeze(0).add(starts.unsqueeze(1)).mod(graph.scalar(INT64, NOISE_STEPS));
        Dim[] apart = {BATCH, Dim.of(samples), STEPS, Dim.of(experts)};
        return graph.constant("noise", new long[] {NOISE_STEPS, experts}, table)
                .gather(places, 0)
                .mul(graph.constant("factors", new long[] {samples, 1, 1}, factors))
                .unsqueeze(0)
                .expand(apart)
                .reshape(BATCH.times(rows), Dim.of(experts));
    }

    /** The entry of each row that an index names: [N] of [N] and [N,E]. */
    private Value of(Value index, Value values) {
        return graph.range(INT64, values.dim(1))
                .unsqueeze(0)
                .equal(index.unsqueeze(1))
                .choose(values, graph.scalar(0f))
                .largest();
    }

    /**
     * Each step through the one expert that was chosen for it, zeros for those outside: [N,d]. Steps are sorted by their
     * experts, computed so, and put back.
     */
    private Value routed(Value flat, Value choice, Value insideFlat, int layer, String experts) {
        ExpertPlan.Layer layerPlan = plan.layers().get(layer);
        Value worker = choice;
        if (!layerPlan.unchanged()) {
            long[] sources = layerPlan.source().stream().mapToLong(s -> s).toArray();
            worker = graph.sizes(Dim.list(sources)).gather(choice, 0);
        }
        // Those outside come last.
        worker = insideFlat.choose(worker, graph.scalar(INT64, layerPlan.experts()));
        List<Integer> stored = layerPlan.stored();
        long[] workers = LongStream.concat(stored.stream().mapToLong(e -> e), LongStream.of(layerPlan.experts()))
                .toArray();
        Value counts = worker.unsqueeze(1)
                .equal(graph.sizes(Dim.list(workers)))
                .cast(INT64)
                .sum();
        Value order = worker.order();
        List<Value> groups = order.split(workers.length, counts);
        Matrices.Operand h = matrices.operand(flat);
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < stored.size(); i++) {
            Value steps = groups.get(i).as(Dim.of("expert_" + layer + "_" + stored.get(i)));
            results.add(expert(matrices.rows(h, steps), experts + stored.get(i)));
        }
        results.add(graph.zeros(
                groups.get(stored.size()).as(Dim.of("outside_" + layer)).dim(0), width));
        Dim all = flat.dim(0);
        Value places = order.scatterRows(order.unsqueeze(1), graph.range(INT64, all));
        return graph.concat(0, results).as(all, width).gather(places, 0);
    }

    /** Each step through the likeliest experts of a mass, the sum of their outputs times their probabilities: [N,d]. */
    private Value likeliest(Value flat, Value probabilities, Value insideFlat, int layer, String experts, float mass) {
        ExpertPlan.Layer layerPlan = plan.layers().get(layer);
        List<Integer> stored = layerPlan.stored();
        // How much lies before an expert in the order of probability: it works if the mass is not yet reached there.
        Value before = probabilities
                .unsqueeze(2)
                .less(probabilities.unsqueeze(1))
                .cast(FLOAT)
                .matmul(probabilities.unsqueeze(2))
                .squeeze(2);
        Value works = before.less(graph.scalar(mass)).and(insideFlat.unsqueeze(1));
        float[] worker = new float[layerPlan.experts() * stored.size()];
        for (int e = 0; e < layerPlan.experts(); e++) {
            if (layerPlan.open().get(e)) {
                worker[e * stored.size() + stored.indexOf(layerPlan.source().get(e))] = 1;
            }
        }
        Value gates = works.choose(probabilities, graph.scalar(0f))
                .matmul(graph.constant("worker", new long[] {layerPlan.experts(), stored.size()}, worker));
        Value sum = null;
        for (int i = 0; i < stored.size(); i++) {
            Value gate = gates.gather(graph.scalar(INT64, i), 1);
            Dim own = Dim.of("expert_" + layer + "_" + stored.get(i));
            Value steps = graph.scalar(0f).less(gate).nonZero().squeeze(0).as(own);
            Value output = expert(matrices.rows(matrices.operand(flat), steps), experts + stored.get(i))
                    .mul(gate.gather(steps, 0).unsqueeze(1));
            Value part = graph.zeros(flat.dim(0), width).scatterRows(steps.unsqueeze(1), output);
            sum = sum == null ? part : sum.add(part);
        }
        return sum;
    }

    private void observe(Value flat, Value probabilities, int layer, String experts, boolean outputs) {
        ExpertPlan.Layer layerPlan = plan.layers().get(layer);
        Dim count = Dim.of(layerPlan.experts());
        graph.output(
                RoutingMode.Observed.probabilities(layer),
                probabilities.reshape(BATCH, STEPS, count),
                FLOAT,
                BATCH,
                STEPS,
                count);
        if (outputs) {
            Map<Integer, Value> computed = new HashMap<>();
            List<Value> vectors =
                    new ArrayList<>(List.of(stream.reshape(FLAT, width).unsqueeze(1)));
            for (int e = 0; e < layerPlan.experts(); e++) {
                // Who is closed may have no weights any more; what stands here for it is never looked at.
                int source = layerPlan.open().get(e)
                        ? layerPlan.source().get(e)
                        : layerPlan.stored().get(0);
                vectors.add(computed.computeIfAbsent(source, s -> expert(matrices.operand(flat), experts + s))
                        .unsqueeze(1));
            }
            Value all = graph.concat(1, vectors);
            Dim side = Dim.of(layerPlan.experts() + 1L);
            graph.output(
                    RoutingMode.Observed.gram(layer),
                    all.matmul(all.transpose(0, 2, 1)).reshape(BATCH, STEPS, side, side),
                    FLOAT,
                    BATCH,
                    STEPS,
                    side,
                    side);
        }
    }

    private Value expert(Matrices.Operand h, String name) {
        Value inner = linear(h, name + ".in").add(vector(name + ".in.bias")).relu();
        return linear(matrices.positive(inner), name + ".out").add(vector(name + ".out.bias"));
    }

    /** The stream, with what is to be added, through a layer norm. */
    private Value norm(String name) {
        Value weight = vector(name + ".weight");
        Value bias = vector(name + ".bias");
        if (addition == null) {
            return stream.layerNorm(weight, bias, EPSILON);
        }
        List<Value> both = stream.addAndLayerNorm(addition, weight, bias, EPSILON);
        stream = both.get(1);
        addition = null;
        return both.get(0);
    }

    private Value biasedLinear(Value x, String name) {
        return linear(x, name).add(vector(name + ".bias"));
    }

    /** Log-probabilities of a read-out, which is never rounded to bytes. */
    private Value readOut(Value x, String name) {
        return matrices.floatProduct(
                        x, name + ".weight", parameters.read(name + ".weight").data())
                .add(vector(name + ".bias"))
                .logSoftmax();
    }

    private Value linear(Value x, String name) {
        return linear(matrices.operand(x), name);
    }

    private Value linear(Matrices.Operand x, String name) {
        return matrices.product(
                x, name + ".weight", parameters.read(name + ".weight").data());
    }

    /** Whether an index along an axis lies before a length: [B,size]. */
    private Value before(Value lengths, Dim size) {
        return graph.range(INT64, size).unsqueeze(0).less(lengths.unsqueeze(1));
    }

    private Value ceilDiv(Value numbers, long divisor) {
        return divisor == 1
                ? numbers
                : numbers.add(graph.scalar(INT64, divisor - 1)).div(graph.scalar(INT64, divisor));
    }

    private Value kernel(String name) {
        Tensor tensor = parameters.read(name);
        return matrices.floats(name, tensor.shape(), tensor.data());
    }

    private Value vector(String name) {
        return tensor(name);
    }

    private Value tensor(String name) {
        Tensor tensor = parameters.read(name);
        return graph.constant(name, tensor.shape(), tensor.data());
    }
}
