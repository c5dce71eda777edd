package org.omniscribe.export.onnx;

import java.util.Arrays;
import java.util.List;
import org.omniscribe.export.checkpoint.Tensors;

/** A residual stream of pre-norm blocks, and the linear layers in them. */
final class TransformerBlocks {
    static final float EPSILON = 1e-5f;

    private final OnnxGraph graph;
    private final Tensors parameters;
    private final Matrices matrices;

    private Value stream;
    /** What is still to be added to the stream; null for nothing. */
    private Value addition;

    /** @param stream {@code [row][step][width]} */
    TransformerBlocks(OnnxGraph graph, Tensors parameters, Matrices matrices, Value stream) {
        this.graph = graph;
        this.parameters = parameters;
        this.matrices = matrices;
        this.stream = stream;
    }

    /** The stream through a layer norm. */
    Value norm(String name) {
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

    /** Adds the output of a block to the stream. */
    void add(Value output) {
        addition = addition == null ? output : addition.add(output);
    }

    /** A feed-forward block with GELU. */
    void mlp(String norm, String name) {
        Value inner = linear(norm(norm), name + "in").gelu();
        add(linear(inner, name + "out"));
    }

    /** A linear layer with bias. */
    Value linear(Value x, String name) {
        return matrices.product(matrices.operand(x), name + ".weight", data(name + ".weight"))
                .add(vector(name + ".bias"));
    }

    /**
     * A part of the outputs of a linear layer.
     *
     * @param first first output
     * @param count outputs
     * @param scale what the outputs are multiplied by
     * @param bias whether they have a bias
     */
    Value part(Value x, String name, String partName, int first, int count, float scale, boolean bias) {
        int columns = (int) x.dim(x.shape().size() - 1).size();
        float[] rows = scaled(data(name + ".weight"), first * columns, count * columns, scale);
        Value product = matrices.product(matrices.operand(x), partName + ".weight", rows);
        if (!bias) {
            return product;
        }
        float[] biases = scaled(data(name + ".bias"), first, count, scale);
        return product.add(graph.constant(partName + ".bias", new long[] {count}, biases));
    }

    private static float[] scaled(float[] data, int first, int count, float scale) {
        float[] part = Arrays.copyOfRange(data, first, first + count);
        for (int i = 0; i < count; i++) {
            part[i] *= scale;
        }
        return part;
    }

    Value vector(String name) {
        float[] data = data(name);
        return graph.constant(name, new long[] {data.length}, data);
    }

    float[] data(String name) {
        return parameters.read(name).data();
    }
}
