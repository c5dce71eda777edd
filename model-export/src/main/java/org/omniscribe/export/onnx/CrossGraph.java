package org.omniscribe.export.onnx;

import static org.omniscribe.export.onnx.ElementType.FLOAT;

import org.omniscribe.asr.model.AttentionSpec;
import org.omniscribe.export.checkpoint.Tensors;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/**
 * Writes the graph that makes keys and values of an encoder's output, which a decoder needs once for each window.
 *
 * <p>Input: {@code encoded} float[B,T,D]. Outputs, for each layer l of the decoder: {@code cross_key_l} float[B,H,D/H,T],
 * which carry the scale of attention, and {@code cross_value_l} float[B,H,T,D/H].
 */
public final class CrossGraph {
    private static final Dim WINDOWS = Dim.of("windows");
    private static final Dim STEPS = Dim.of("steps");

    private CrossGraph() {}

    /**
     * Writes the graph.
     *
     * @param spec the decoder
     * @param parameters those of {@code WhisperDimensions}
     * @param precision how its weights are stored
     * @return the bytes of the ONNX file
     */
    public static byte[] write(AttentionSpec spec, Tensors parameters, Precision precision) {
        OnnxGraph graph = new OnnxGraph("cross_attention");
        int width = spec.width();
        float scale = (float) (1 / Math.sqrt(spec.headWidth()));
        Dim heads = Dim.of(spec.heads());
        Dim head = Dim.of(spec.headWidth());
        Value encoded = graph.input("encoded", FLOAT, WINDOWS, STEPS, Dim.of(width));
        TransformerBlocks blocks = new TransformerBlocks(graph, parameters, new Matrices(graph, precision), encoded);
        for (int layer = 0; layer < spec.layers(); layer++) {
            String name = "decoder.layers." + layer + ".cross.";
            // A bias of the keys would add the same to all scores of a query, which a softmax does not see.
            Value key = blocks.part(encoded, name + "kv", name + "key", 0, width, scale, false)
                    .reshape(WINDOWS, STEPS, heads, head)
                    .transpose(0, 2, 3, 1);
            Value value = blocks.part(encoded, name + "kv", name + "value", width, width, 1, true)
                    .reshape(WINDOWS, STEPS, heads, head)
                    .transpose(0, 2, 1, 3);
            graph.output("cross_key_" + layer, key, FLOAT, WINDOWS, heads, head, STEPS);
            graph.output("cross_value_" + layer, value, FLOAT, WINDOWS, heads, STEPS, head);
        }
        return graph.toBytes("omniscribe", "1");
    }
}
