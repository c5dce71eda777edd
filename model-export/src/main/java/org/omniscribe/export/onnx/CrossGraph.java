package org.omniscribe.export.onnx;

import static org.omniscribe.export.onnx.ElementType.FLOAT;
import static org.omniscribe.export.onnx.ElementType.UINT8;

import org.omniscribe.asr.model.AttentionSpec;
import org.omniscribe.export.checkpoint.Tensors;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/**
 * Writes the graph that makes keys and values of an encoder's output, which a decoder needs once for each window.
 *
 * <p>Input: {@code encoded} float[B,T,D]. Outputs, for each layer l of the decoder: {@code cross_key_l} float[B,H,T,D/H],
 * which carry the scale of attention, and {@code cross_value_l} float[B,H,D/H,T]: so ONNX Runtime multiplies them fastest.
 * For integer products they are bytes, {@code cross_key_l} uint8[B,H,D/H,T] and {@code cross_value_l} uint8[B,H,T,D/H], around
 * 128, and {@code cross_key_scale_l} and {@code cross_value_scale_l} float[B,H,1,T] say what one of them stands for, step by
 * step, so that no step depends on another.
 */
public final class CrossGraph {
    private static final Dim WINDOWS = Dim.of("windows");
    private static final Dim STEPS = Dim.of("steps");

    private final OnnxGraph graph;
    private final AttentionSpec spec;
    private final Precision precision;
    private final Matrices matrices;
    private final Dim heads;
    private final Dim head;

    private CrossGraph(AttentionSpec spec, Precision precision, ExternalData data) {
        this.graph = new OnnxGraph("cross_attention", data);
        this.spec = spec;
        this.precision = precision;
        this.matrices = new Matrices(graph, precision);
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
        CrossGraph writer = new CrossGraph(spec, precision, data);
        writer.build(parameters);
        return writer.graph.toBytes("omniscribe", "1");
    }

    private void build(Tensors parameters) {
        int width = spec.width();
        float scale = (float) (1 / Math.sqrt(spec.headWidth()));
        Value encoded = graph.input("encoded", FLOAT, WINDOWS, STEPS, Dim.of(width));
        TransformerBlocks blocks = new TransformerBlocks(graph, parameters, matrices, encoded);
        for (int layer = 0; layer < spec.layers(); layer++) {
            String name = "decoder.layers." + layer + ".cross.";
            // A bias of the keys would add the same to all scores of a query, which a softmax does not see.
            Value key = blocks.part(encoded, name + "kv", name + "key", 0, width, scale, false)
                    .reshape(WINDOWS, STEPS, heads, head);
            Value value = blocks.part(encoded, name + "kv", name + "value", width, width, 1, true)
                    .reshape(WINDOWS, STEPS, heads, head);
            if (precision == Precision.INT8_DYNAMIC) {
                bytes(matrices.operand(key), "cross_key_", layer, 0, 2, 3, 1);
                bytes(matrices.operand(value), "cross_value_", layer, 0, 2, 1, 3);
            } else {
                Value turned = key.transpose(0, 2, 1, 3);
                graph.output("cross_key_" + layer, turned, FLOAT, WINDOWS, heads, STEPS, head);
                turned = value.transpose(0, 2, 3, 1);
                graph.output("cross_value_" + layer, turned, FLOAT, WINDOWS, heads, head, STEPS);
            }
        }
    }

    /** Bytes and the scales of their steps; {@code x} is {@code [window][step][head][number]}. */
    private void bytes(Matrices.Operand x, String name, int layer, long... order) {
        Value bytes = x.bytes().reshape(WINDOWS, STEPS, heads, head).transpose(order);
        graph.output(name + layer, bytes, UINT8, bytes.shape().toArray(Dim[]::new));
        Value scales =
                x.scales().reshape(WINDOWS, STEPS, heads).transpose(0, 2, 1).unsqueeze(2);
        graph.output(name + "scale_" + layer, scales, FLOAT, WINDOWS, heads, Dim.ONE, STEPS);
    }
}
