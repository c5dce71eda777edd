package org.omniscribe.export.onnx;

import static org.omniscribe.export.onnx.ElementType.FLOAT;
import static org.omniscribe.export.onnx.ElementType.INT64;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.omniscribe.export.checkpoint.Tensors;
import org.omniscribe.export.checkpoint.WhisperDimensions;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/**
 * Writes Whisper's encoder as an ONNX graph.
 *
 * <p>Inputs: {@code features} float[B,F,M], F from 1 to twice the positions; {@code lengths} int64[B], frames of each row, at
 * least 1. Outputs: {@code encoded} float[B,T,D], {@code output_lengths} int64[B]. T is half of F, rounded up. Frames
 * behind a length are what the convolutions are padded with, and steps behind it are seen by none, so that rows do not depend
 * on each other.
 */
public final class WhisperEncoderGraph {
    private static final float UNSEEN = -1e9f;
    /** Columns that heads get to see the end of their row by; runtimes like head sizes that are multiples of 8. */
    private static final int MARGIN = 8;

    private static final Dim BATCH = Dim.of("batch");
    private static final Dim FRAMES = Dim.of("frames");
    private static final Dim STEPS = Dim.of("steps");

    private final OnnxGraph graph = new OnnxGraph("encoder");
    private final WhisperDimensions dimensions;
    private final Tensors parameters;
    private final Matrices matrices;
    private final Dim width;
    private final Dim heads;

    private WhisperEncoderGraph(WhisperDimensions dimensions, Tensors parameters, Precision precision) {
        this.dimensions = dimensions;
        this.parameters = parameters;
        this.matrices = new Matrices(graph, precision);
        this.width = Dim.of(dimensions.width());
        this.heads = Dim.of(dimensions.heads());
    }

    /**
     * Writes the graph.
     *
     * @param parameters those of {@link WhisperDimensions#shapes}
     * @param precision how its weights are stored
     * @return the bytes of the ONNX file
     */
    public static byte[] write(WhisperDimensions dimensions, Tensors parameters, Precision precision) {
        WhisperEncoderGraph writer = new WhisperEncoderGraph(dimensions, parameters, precision);
        writer.build();
        return writer.graph.toBytes("omniscribe", "1");
    }

    private void build() {
        Value features = graph.input("features", FLOAT, BATCH, FRAMES, Dim.of(dimensions.melBins()));
        Value lengths = graph.input("lengths", INT64, BATCH);
        Value one = graph.scalar(INT64, 1);
        Value two = graph.scalar(INT64, 2);
        graph.define(
                STEPS,
                graph.sizes(List.of(FRAMES)).add(graph.sizes(Dim.list(1))).div(graph.sizes(Dim.list(2))));
        Value outputLengths = lengths.add(one).div(two);
        Value framesInside = before(lengths, FRAMES).cast(FLOAT).unsqueeze(1);
        Value clean = before(lengths, FRAMES).unsqueeze(2).choose(features, graph.scalar(0f));
        Value first = convolve(clean.transpose(0, 2, 1), "input.conv0", 1).gelu().mul(framesInside);
        Value second = convolve(first, "input.conv1", 2).as(BATCH, width, STEPS).gelu();
        float[] sinusoids = dimensions.sinusoids();
        Value positions = graph.constant(
                        "positions", new long[] {dimensions.positions(), dimensions.width()}, sinusoids)
                .gather(graph.range(INT64, STEPS), 0);
        Value x = second.transpose(0, 2, 1).add(positions);

        TransformerBlocks blocks = new TransformerBlocks(graph, parameters, matrices, x);
        Value inside = before(outputLengths, STEPS);
        Dim margin = Dim.of(MARGIN);
        Value unseen = inside.choose(graph.scalar(0f), graph.scalar(UNSEEN))
                .unsqueeze(2, 3)
                .expand(BATCH, STEPS, heads, margin);
        float[] marks = new float[MARGIN];
        marks[0] = 1;
        Value mark = graph.constant("mark", new long[] {1, 1, 1, MARGIN}, marks).expand(BATCH, STEPS, heads, margin);
        for (int layer = 0; layer < dimensions.encoderLayers(); layer++) {
            String prefix = "layers." + layer + ".";
            attention(blocks, prefix + "attention", mark, unseen);
            blocks.mlp(prefix + "ffn.norm", prefix + "ffn.experts.0.");
        }
        graph.output("encoded", blocks.norm("final.norm"), FLOAT, BATCH, STEPS, width);
        graph.output("output_lengths", outputLengths, INT64, BATCH);
    }

    private Value convolve(Value x, String name, long stride) {
        float[] kernel = parameters.read(name + ".weight").data();
        long[] shape = {dimensions.width(), kernel.length / 3 / dimensions.width(), 3};
        Value weight = matrices.floats(name + ".weight", shape, kernel);
        Value bias = graph.constant(
                name + ".bias",
                new long[] {dimensions.width()},
                parameters.read(name + ".bias").data());
        return x.conv(weight, bias, new long[] {stride}, new long[] {1, 1}, 1);
    }

    /**
     * Attention to all steps of a row. What lies outside is hidden without a mask, with which ONNX Runtime would write down
     * the weights of all pairs of steps: each key has a further column that is very negative outside, and each query has a
     * one there.
     */
    private void attention(TransformerBlocks blocks, String name, Value mark, Value unseen) {
        Value h = blocks.norm(name + ".norm");
        int d = dimensions.width();
        Value query = blocks.part(h, name + ".qkv", name + ".q", 0, d, 1, true);
        Value key = blocks.part(h, name + ".qkv", name + ".k", d, d, 1, false);
        Value value = blocks.part(h, name + ".qkv", name + ".v", 2 * d, d, 1, true);
        List<Value> inputs = new ArrayList<>(List.of(widened(query, mark), widened(key, unseen), value));
        Map<String, Object> attributes = Map.of(
                "num_heads",
                (long) dimensions.heads(),
                "mask_filter_value",
                UNSEEN,
                "scale",
                (float) (1 / Math.sqrt(dimensions.headWidth())));
        Value mixed = graph.apply(Operator.MULTI_HEAD_ATTENTION, inputs, attributes, 1).get(0);
        blocks.add(blocks.linear(mixed, name + ".out"));
    }

    /** Heads with a margin on their right. */
    private Value widened(Value projection, Value margin) {
        return graph.concat(
                        3,
                        List.of(projection.reshape(BATCH, STEPS, heads, Dim.of(dimensions.headWidth())), margin))
                .reshape(BATCH, STEPS, Dim.of(dimensions.width() + (long) MARGIN * dimensions.heads()));
    }

    /** Whether an index along an axis lies before a length: [B,size]. */
    private Value before(Value lengths, Dim size) {
        return graph.range(INT64, size).unsqueeze(0).less(lengths.unsqueeze(1));
    }
}
