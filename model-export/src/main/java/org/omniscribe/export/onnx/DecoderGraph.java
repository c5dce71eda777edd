package org.omniscribe.export.onnx;

import static org.omniscribe.export.onnx.ElementType.FLOAT;
import static org.omniscribe.export.onnx.ElementType.INT64;
import static org.omniscribe.export.onnx.ElementType.UINT8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.model.AttentionSpec;
import org.omniscribe.export.checkpoint.Tensors;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/**
 * Writes an attention decoder as an ONNX graph that takes every hypothesis of several windows further by some tokens.
 *
 * <p>Inputs, of K hypotheses of each of B windows and U new tokens of each: {@code tokens} int64[B,K,U]; {@code parents}
 * int64[B*K], which of the R rows of the last call a hypothesis continues; for each layer l {@code past_key_l} and {@code
 * past_value_l} float[R,H,P,D/H], and {@code cross_key_l} and {@code cross_value_l} as {@link CrossGraph} gives them;
 * {@code cross_lengths} int64[B], steps of each window, at least 1; {@code suppress} float[V], which is added to the
 * logits; {@code count} int64[1]; {@code wanted} int64[1], from 1 to U. P may be 0.
 *
 * <p>Outputs: {@code present_key_l}, {@code present_value_l} float[B*K,H,P+U,D/H]; {@code log_probs} float[B,K,wanted,V] of
 * the last wanted tokens; {@code top_log_probs} float[B,K,wanted,count] and {@code top_tokens} int64[B,K,wanted,count], the
 * likeliest first; {@code alignment} float[B,K,U,A,T], the weights of the A alignment heads.
 */
public final class DecoderGraph {
    /** Added to the scores of steps behind a window's end: their weight is 0. */
    private static final float UNSEEN = -1e9f;

    private static final Dim WINDOWS = Dim.of("windows");
    private static final Dim BEAMS = Dim.of("beams");
    private static final Dim TOKENS = Dim.of("tokens");
    private static final Dim ROWS = WINDOWS.times(BEAMS);
    private static final Dim QUERIES = BEAMS.times(TOKENS);
    private static final Dim FORMER = Dim.of("former");
    private static final Dim PAST = Dim.of("past");
    private static final Dim KEYS = Dim.of("keys");
    private static final Dim STEPS = Dim.of("steps");
    private static final Dim COUNT = Dim.of("count");
    private static final Dim WANTED = Dim.of("wanted");

    private final OnnxGraph graph;
    private final AttentionSpec spec;
    private final Tensors parameters;
    private final Matrices matrices;
    private final Precision precision;
    private final boolean integer;
    private final Dim width;
    private final Dim heads;
    private final Dim head;
    /** Weights of the alignment heads, {@code [B][heads of a layer][K*U][T]}, and which heads they are. */
    private final List<Value> alignments = new ArrayList<>();

    private final List<List<Integer>> aligned = new ArrayList<>();
    private TransformerBlocks blocks;
    private Value parents;
    private Value unseen;

    private DecoderGraph(AttentionSpec spec, Tensors parameters, Precision precision, ExternalData data) {
        this.graph = new OnnxGraph("decoder", data);
        this.spec = spec;
        this.parameters = parameters;
        this.precision = precision;
        this.integer = precision == Precision.INT8_DYNAMIC;
        this.matrices = new Matrices(graph, precision);
        this.width = Dim.of(spec.width());
        this.heads = Dim.of(spec.heads());
        this.head = Dim.of(spec.headWidth());
    }

    /**
     * Writes the graph.
     *
     * @param spec the decoder
     * @param parameters those of {@code WhisperDimensions}
     * @param precision how its weights are stored
     * @return the bytes of the ONNX file
     */
    public static byte[] write(AttentionSpec spec, Tensors parameters, Precision precision) {
        return write(spec, parameters, precision, null);
    }

    /** The same with its weights in another file; null for none. */
    static byte[] write(AttentionSpec spec, Tensors parameters, Precision precision, ExternalData data) {
        DecoderGraph writer = new DecoderGraph(spec, parameters, precision, data);
        writer.build();
        return writer.graph.toBytes("omniscribe", "1");
    }

    private void build() {
        Dim vocabulary = Dim.of(spec.vocabulary());
        Value tokens = graph.input("tokens", INT64, WINDOWS, BEAMS, TOKENS);
        parents = graph.input("parents", INT64, ROWS);
        Value lengths = graph.input("cross_lengths", INT64, WINDOWS);
        Value suppress = graph.input("suppress", FLOAT, vocabulary);
        Value count = graph.input("count", INT64, Dim.ONE);
        graph.define(COUNT, count);
        Value wanted = graph.input("wanted", INT64, Dim.ONE);
        graph.define(WANTED, wanted);
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < spec.layers(); layer++) {
            layers.add(inputs(layer));
        }
        Value past = graph.sizes(List.of(PAST));
        graph.define(KEYS, past.add(graph.sizes(List.of(TOKENS))));

        TokenTable table = new TokenTable(
                graph,
                matrices,
                precision,
                "decoder.embedding.weight",
                parameters.read("decoder.embedding.weight").data(),
                spec.width());
        Value places = graph.range(INT64, TOKENS).add(past);
        Value positions = matrices.floats(
                "decoder.position.weight",
                new long[] {spec.maxTokens(), spec.width()},
                parameters.read("decoder.position.weight").data());
        Value embedded = table.rows(tokens.reshape(ROWS, TOKENS)).add(positions.gather(places, 0));
        blocks = new TransformerBlocks(graph, parameters, matrices, embedded);
        unseen = graph.range(INT64, STEPS)
                .unsqueeze(0)
                .less(lengths.unsqueeze(1))
                .choose(graph.scalar(0f), graph.scalar(UNSEEN))
                .unsqueeze(1, 2);
        for (int layer = 0; layer < spec.layers(); layer++) {
            String prefix = "decoder.layers." + layer + ".";
            selfAttention(layer, prefix + "attention", layers.get(layer));
            crossAttention(layer, prefix + "cross", layers.get(layer));
            blocks.mlp(prefix + "ffn.norm", prefix + "ffn.");
        }
        Value last = graph.range(INT64, WANTED).add(graph.sizes(List.of(TOKENS)).sub(wanted));
        Value top = blocks.norm("decoder.norm").gather(last, 1);
        Value logits = table.products(top).reshape(WINDOWS, BEAMS, WANTED, vocabulary);
        Value logProbs = logits.add(suppress).logSoftmax();
        graph.output("log_probs", logProbs, FLOAT, WINDOWS, BEAMS, WANTED, vocabulary);
        List<Value> likeliest = logProbs.largest(count);
        Dim[] shape = {WINDOWS, BEAMS, WANTED, COUNT};
        graph.output("top_log_probs", likeliest.get(0).as(shape), FLOAT, shape);
        graph.output("top_tokens", likeliest.get(1).as(shape), INT64, shape);
        alignment();
    }

    /** What a layer is fed from outside; scales are null where keys and values are floats. */
    private record Layer(
            Value pastKey, Value pastValue, Value crossKey, Value crossValue, Value keyScale, Value valueScale) {}

    private Layer inputs(int layer) {
        Value pastKey = graph.input("past_key_" + layer, FLOAT, FORMER, heads, PAST, head);
        Value pastValue = graph.input("past_value_" + layer, FLOAT, FORMER, heads, PAST, head);
        if (!integer) {
            return new Layer(
                    pastKey,
                    pastValue,
                    graph.input("cross_key_" + layer, FLOAT, WINDOWS, heads, STEPS, head),
                    graph.input("cross_value_" + layer, FLOAT, WINDOWS, heads, head, STEPS),
                    null,
                    null);
        }
        return new Layer(
                pastKey,
                pastValue,
                graph.input("cross_key_" + layer, UINT8, WINDOWS, heads, head, STEPS),
                graph.input("cross_value_" + layer, UINT8, WINDOWS, heads, STEPS, head),
                graph.input("cross_key_scale_" + layer, FLOAT, WINDOWS, heads, Dim.ONE, STEPS),
                graph.input("cross_value_scale_" + layer, FLOAT, WINDOWS, heads, Dim.ONE, STEPS));
    }

    private void selfAttention(int layer, String name, Layer inputs) {
        Value h = blocks.norm(name + ".norm");
        List<Value> projections = blocks.linear(h, name + ".qkv").split(3);
        List<Value> operands = new ArrayList<>(projections);
        operands.add(null);
        operands.add(null);
        operands.add(null);
        operands.add(inputs.pastKey().gather(parents, 0));
        operands.add(inputs.pastValue().gather(parents, 0));
        Map<String, Object> attributes = Map.of(
                "num_heads",
                (long) spec.heads(),
                "scale",
                (float) (1 / Math.sqrt(spec.headWidth())),
                "mask_filter_value",
                UNSEEN,
                "unidirectional",
                1L);
        List<Value> outputs = graph.apply(Operator.MULTI_HEAD_ATTENTION, operands, attributes, 3);
        blocks.add(blocks.linear(outputs.get(0), name + ".out"));
        Dim[] shape = {ROWS, heads, KEYS, head};
        graph.output("present_key_" + layer, outputs.get(1).as(shape), FLOAT, shape);
        graph.output("present_value_" + layer, outputs.get(2).as(shape), FLOAT, shape);
    }

    /** The hypotheses of a window are so many more queries to its keys, which are therefore read once for all of them. */
    private void crossAttention(int layer, String name, Layer inputs) {
        Value query = blocks.linear(blocks.norm(name + ".norm"), name + ".query")
                .reshape(WINDOWS, QUERIES, heads, head)
                .transpose(0, 2, 1, 3);
        Value scores = integer
                ? bytes(matrices.operand(query), inputs.crossKey()).mul(inputs.keyScale())
                : query.matmul(inputs.crossKey().transpose(0, 1, 3, 2));
        Value weights = scores.add(unseen).softmax();
        Value mixed = integer
                ? bytes(matrices.positive(weights.mul(inputs.valueScale())), inputs.crossValue())
                : weights.matmul(inputs.crossValue().transpose(0, 1, 3, 2));
        blocks.add(blocks.linear(mixed.transpose(0, 2, 1, 3).reshape(ROWS, TOKENS, width), name + ".out"));
        long[] own = spec.alignmentHeads().stream()
                .filter(pair -> pair.get(0) == layer)
                .mapToLong(pair -> pair.get(1))
                .toArray();
        if (own.length > 0) {
            alignments.add(weights.gather(graph.sizes(Dim.list(own)), 1));
            for (long index : own) {
                aligned.add(List.of(layer, (int) index));
            }
        }
    }

    /** A product of bytes for each head of each window. */
    private Value bytes(Matrices.Operand x, Value bytes) {
        Dim inner = x.shape().get(3);
        return x.bytes()
                .reshape(WINDOWS, heads, QUERIES, inner)
                .matmulBytes(
                        bytes,
                        graph.scalar(1f),
                        graph.scalar(ElementType.UINT8, x.zeroPoint()),
                        graph.scalar(ElementType.UINT8, Matrices.ZERO_POINT))
                .mul(x.scales().reshape(WINDOWS, heads, QUERIES, Dim.ONE));
    }

    /** The weights of all alignment heads, in the order in which the specification names them. */
    private void alignment() {
        Dim count = Dim.of(aligned.size());
        Dim[] shape = {WINDOWS, BEAMS, TOKENS, count, STEPS};
        if (aligned.isEmpty()) {
            graph.output("alignment", graph.zeros(shape), FLOAT, shape);
            return;
        }
        Value all = graph.concat(1, alignments);
        if (!aligned.equals(spec.alignmentHeads())) {
            long[] order =
                    spec.alignmentHeads().stream().mapToLong(aligned::indexOf).toArray();
            all = all.gather(graph.sizes(Dim.list(order)), 1);
        }
        Value apart = all.reshape(WINDOWS, count, BEAMS, TOKENS, STEPS).transpose(0, 2, 3, 1, 4);
        graph.output("alignment", apart, FLOAT, shape);
    }
}
