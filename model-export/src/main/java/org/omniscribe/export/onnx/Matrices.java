package org.omniscribe.export.onnx;

import java.util.HashMap;
import java.util.Map;
import org.omniscribe.export.checkpoint.Float16;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/** Puts the weights of a network into its graph, and multiplies with them, as a precision says. */
final class Matrices {
    private static final int ZERO_POINT = 128;

    private final OnnxGraph graph;
    private final Precision precision;
    private final Map<Value, Rounded> rounded = new HashMap<>();

    Matrices(OnnxGraph graph, Precision precision) {
        this.graph = graph;
        this.precision = precision;
    }

    /** What an integer product takes in place of floats: bytes {@code [n][d]}, and a scale for each row {@code [n][1]}. */
    private record Rounded(Value bytes, Value scales) {}

    /**
     * A linear layer without bias.
     *
     * @param x {@code [...][in]}
     * @param rows its matrix, {@code [out][in]}
     */
    Value product(Value x, String name, float[] rows) {
        int columns = (int) x.dim(x.shape().size() - 1).size();
        if (precision != Precision.INT8 && precision != Precision.INT8_DYNAMIC) {
            return floatProduct(x, name, rows);
        }
        Quantizer.Bytes bytes = Quantizer.round(rows, columns);
        int outputs = rows.length / columns;
        Value matrix = graph.constant(name, new long[] {columns, outputs}, bytes.values());
        Value scales = graph.constant(name + ".scale", new long[] {outputs}, bytes.scales());
        if (precision == Precision.INT8) {
            return x.matmul(matrix.cast(ElementType.FLOAT).mul(scales));
        }
        Rounded input = rounded.computeIfAbsent(x, this::round);
        Value product = input.bytes()
                .matmulInteger(matrix, graph.scalar(ElementType.UINT8, ZERO_POINT))
                .cast(ElementType.FLOAT)
                .mul(input.scales())
                .mul(scales);
        if (x.shape().size() == 2) {
            return product;
        }
        Dim[] shape = x.shape().toArray(Dim[]::new);
        shape[shape.length - 1] = Dim.of(outputs);
        return product.reshape(shape);
    }

    /** {@link #product} of what is not to be rounded to bytes. */
    Value floatProduct(Value x, String name, float[] rows) {
        int columns = (int) x.dim(x.shape().size() - 1).size();
        return x.matmul(floats(name, new long[] {columns, rows.length / columns}, turn(rows, columns)));
    }

    /** {@link #product} in single precision. */
    Value exactProduct(Value x, String name, float[] rows) {
        int columns = (int) x.dim(x.shape().size() - 1).size();
        return x.matmul(graph.constant(name, new long[] {columns, rows.length / columns}, turn(rows, columns)));
    }

    /** A weight that is not rounded to bytes; one that half precision cannot hold stays single. */
    Value floats(String name, long[] shape, float[] data) {
        boolean half = precision != Precision.FLOAT32;
        for (int i = 0; half && i < data.length; i++) {
            half = Math.abs(data[i]) <= Float16.MAX;
        }
        return half ? graph.halfConstant(name, shape, data) : graph.constant(name, shape, data);
    }

    /** Each row to bytes around 128, by its own largest magnitude, so that rows do not depend on each other. */
    private Rounded round(Value x) {
        Dim columns = x.dim(x.shape().size() - 1);
        Dim rows = Dim.product(x.shape().subList(0, x.shape().size() - 1));
        Value flat = x.shape().size() == 2 ? x : x.reshape(rows, columns);
        Value largest =
                flat.largest().unsqueeze(1).max(flat.smallest().unsqueeze(1).mul(graph.scalar(-1f)));
        Value scales = largest.mul(graph.scalar(1f / Quantizer.LEVELS)).max(graph.scalar(Float.MIN_NORMAL));
        Value bytes = flat.div(scales).add(graph.scalar(128.5f)).cast(ElementType.UINT8);
        return new Rounded(bytes, scales);
    }

    /** A matrix of rows of so many columns, rows and columns exchanged. */
    static float[] turn(float[] rows, int columns) {
        int count = rows.length / columns;
        float[] turned = new float[rows.length];
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * count + row] = rows[row * columns + column];
            }
        }
        return turned;
    }
}
