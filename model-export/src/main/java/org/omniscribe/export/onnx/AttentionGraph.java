package org.omniscribe.export.onnx;

import static org.omniscribe.export.onnx.ElementType.FLOAT;
import static org.omniscribe.export.onnx.ElementType.INT32;
import static org.omniscribe.export.onnx.ElementType.INT64;
import static org.omniscribe.export.onnx.NetworkContext.BATCH;
import static org.omniscribe.export.onnx.NetworkContext.KEYS;
import static org.omniscribe.export.onnx.NetworkContext.PAST;
import static org.omniscribe.export.onnx.NetworkContext.STEPS;
import static org.omniscribe.export.onnx.NetworkContext.UNSEEN;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Position;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/** The attention of all layers: what a step may look at is worked out once. */
final class AttentionGraph {
    /** Columns that heads get to see by where there is no bias: runtimes like head sizes that are multiples of 8. */
    private static final int MARGIN = 8;

    private final NetworkContext network;
    private final OnnxGraph graph;
    private final Architecture architecture;
    private final List<Value> pasts = new ArrayList<>();
    private final Value padding;
    private final Value bias;
    private final Value unseen;

    /** The bias once for each routing; null until routings have parted. */
    private Value partedBias;

    /**
     * Adds what layers have in common, and where the graph keeps state its inputs.
     *
     * @param inside whether a step lies within its utterance: [B,T]
     */
    AttentionGraph(NetworkContext network, Value inside) {
        this.network = network;
        this.graph = network.graph();
        this.architecture = network.architecture();
        Value known = inside.cast(INT32);
        if (network.stateful()) {
            Dim both = Dim.of(2L * architecture.width());
            for (int layer = 0; layer < architecture.layers(); layer++) {
                pasts.add(graph.input("past." + layer, FLOAT, BATCH, PAST, both));
            }
            graph.define(KEYS, graph.sizes(List.of(PAST)).add(graph.sizes(List.of(STEPS))));
            Value past = graph.scalar(INT32, 1).unsqueeze(0, 1).expand(BATCH, PAST);
            known = graph.concat(1, List.of(past, known)).as(BATCH, KEYS);
        }
        padding = known;
        bias = bias();
        unseen = inside.choose(graph.scalar(0f), graph.scalar(UNSEEN))
                .unsqueeze(2, 3)
                .expand(BATCH, STEPS, heads(), Dim.of(MARGIN));
    }

    /** The stream with the output of a layer's attention to be added. */
    ResidualStream layer(ResidualStream stream, int layer) {
        String name = "layers." + layer + ".attention";
        ResidualStream.Normed h = stream.norm(network, name + ".norm");
        Value mixed = bias == null && !network.stateful() ? whole(h, name) : masked(h, name, layer);
        return h.stream().plus(network.linear(mixed, name + ".out"));
    }

    /** What is added to the attention logits of all layers: [1,heads or 1,T,T]; null for nothing. */
    private Value bias() {
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
        return network.stateful() ? graph.range(INT64, STEPS).add(network.firstStep()) : graph.range(INT32, STEPS);
    }

    /** The places of the steps that are looked at: [T], with state [P+T]. */
    private Value keys(Value queries) {
        return network.stateful()
                ? graph.range(INT64, KEYS).add(network.firstStep()).sub(graph.sizes(List.of(PAST)))
                : queries;
    }

    /** The bias of each head and clipped distance from query to key: [1,heads,T,T]. */
    private Value relativeBias(int range) {
        Value queries = queries();
        Value distance = keys(queries).unsqueeze(0).sub(queries.unsqueeze(1)).cast(INT32);
        Value clipped = distance.max(graph.scalar(INT32, -range))
                .min(graph.scalar(INT32, range))
                .add(graph.scalar(INT32, range));
        return network.tensor("position.bias").gather(clipped, 1).unsqueeze(0);
    }

    /**
     * Attention to all steps of the utterance. What lies outside is hidden without a mask, with which ONNX Runtime would
     * write down the weights of all pairs of steps: each key has a further column that is very negative outside, and each
     * query has a one there.
     */
    private Value whole(ResidualStream.Normed h, String name) {
        List<Value> projections = projections(h, name);
        Dim rows = h.stream().rows();
        float[] one = new float[MARGIN];
        one[0] = 1;
        Value ones =
                graph.constant("one", new long[] {1, 1, 1, MARGIN}, one).expand(BATCH, rows, heads(), Dim.of(MARGIN));
        return mixed(List.of(
                widened(projections.get(0), rows, ones),
                widened(projections.get(1), STEPS, unseen),
                projections.get(2)));
    }

    /** Heads with a margin on their right. */
    private Value widened(Value projection, Dim steps, Value margin) {
        Dim head = Dim.of(architecture.headWidth());
        return graph.concat(3, List.of(projection.reshape(BATCH, steps, heads(), head), margin))
                .reshape(BATCH, steps, Dim.of(architecture.width() + (long) MARGIN * architecture.heads()));
    }

    private Dim heads() {
        return Dim.of(architecture.heads());
    }

    private Value masked(ResidualStream.Normed h, String name, int layer) {
        List<Value> projections = projections(h, name);
        if (network.stateful()) {
            Dim both = Dim.of(2L * architecture.width());
            Value present = graph.concat(2, projections.subList(1, 3)).as(BATCH, STEPS, both);
            graph.output("present." + layer, present, FLOAT, BATCH, STEPS, both);
            List<Value> all = graph.concat(1, List.of(pasts.get(layer), present))
                    .as(BATCH, KEYS, both)
                    .split(2);
            projections.set(1, all.get(0));
            projections.set(2, all.get(1));
        }
        List<Value> inputs = new ArrayList<>(projections);
        inputs.add(null);
        inputs.add(padding);
        if (bias != null) {
            if (h.stream().routings() > 1 && partedBias == null) {
                partedBias = h.stream().repeated(bias, 2);
            }
            inputs.add(h.stream().routings() > 1 ? partedBias : bias);
        }
        return mixed(inputs);
    }

    private Value mixed(List<Value> inputs) {
        float scale = (float) (1 / Math.sqrt(architecture.headWidth()));
        Map<String, Object> attributes =
                Map.of("num_heads", (long) architecture.heads(), "mask_filter_value", UNSEEN, "scale", scale);
        return graph.apply(Operator.MULTI_HEAD_ATTENTION, inputs, attributes, 1).get(0);
    }

    /** Query, of all routings; key and value, of the first. */
    private List<Value> projections(ResidualStream.Normed h, String name) {
        int d = architecture.width();
        Tensor qkv = network.parameters().read(name + ".qkv.weight");
        Tensor biases = network.has(name + ".qkv.bias") ? network.parameters().read(name + ".qkv.bias") : null;
        boolean keyBias = architecture.attention().bias() == Attention.Bias.NONE;
        List<Value> projections = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String part = name + "." + "qkv".charAt(i);
            Value x = i == 0 ? h.value() : h.stream().first(h.value());
            float[] rows = Arrays.copyOfRange(qkv.data(), i * d * d, (i + 1) * d * d);
            Value projection = network.matrices().product(network.matrices().operand(x), part, rows);
            if (biases != null && (i != 1 || keyBias)) {
                float[] own = Arrays.copyOfRange(biases.data(), i * d, (i + 1) * d);
                projection = projection.add(graph.constant(part + ".bias", new long[] {d}, own));
            }
            projections.add(projection);
        }
        return projections;
    }
}
