package org.omniscribe.export.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.export.checkpoint.Float16;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/** Puts the weights of a network into its graph, and multiplies with them, as a precision says. */
final class Matrices {
    /** The unsigned byte that stands for zero. */
    static final int ZERO_POINT = 128;

    private static final int POSITIVE_LEVELS = 255;

    private final OnnxGraph graph;
    private final Precision precision;
    private final Map<Value, Operand> operands = new HashMap<>();

    Matrices(OnnxGraph graph, Precision precision) {
        this.graph = graph;
        this.precision = precision;
    }

    /**
     * What is multiplied with a matrix.
     *
     * @param shape its shape, {@code [...][d]}
     * @param floats its values; null for an integer product, for which there are
     * @param bytes values {@code [n][d]}
     * @param scales of each row, {@code [n]}
     * @param zeroPoint what byte is zero
     */
    record Operand(List<Dim> shape, Value floats, Value bytes, Value scales, int zeroPoint) {}

    /** Values as products take them. */
    Operand operand(Value x) {
        return operands.computeIfAbsent(x, this::symmetric);
    }

    /** Values that are not negative, as products take them. */
    Operand positive(Value x) {
        if (precision != Precision.INT8_DYNAMIC) {
            return operand(x);
        }
        Value flat = flat(x);
        Value scales = scales(flat.largest(), POSITIVE_LEVELS);
        return new Operand(x.shape(), null, flat.toBytes(scales), scales, 0);
    }

    /** Some rows of an operand of rank 2. */
    Operand rows(Operand x, Value indices) {
        if (x.floats() != null) {
            return operand(x.floats().gather(indices, 0));
        }
        List<Dim> shape = List.of(indices.dim(0), x.shape().get(1));
        return new Operand(shape, null, x.bytes().gather(indices, 0), x.scales().gather(indices, 0), x.zeroPoint());
    }

    /**
     * A linear layer without bias.
     *
     * @param x {@code [...][in]}
     * @param rows its matrix, {@code [out][in]}
     */
    Value product(Operand x, String name, float[] rows) {
        int columns = (int) x.shape().get(x.shape().size() - 1).size();
        int outputs = rows.length / columns;
        return switch (precision) {
            case FLOAT32, FLOAT16 -> floatProduct(x.floats(), name, rows);
            case INT8 -> {
                Quantizer.Bytes bytes = Quantizer.round(rows, columns);
                Value matrix = graph.constant(name, new long[] {columns, outputs}, bytes.values());
                yield x.floats().matmul(matrix.cast(ElementType.FLOAT).mul(scales(name, bytes)));
            }
            case INT8_DYNAMIC -> {
                Quantizer.Bytes bytes = Quantizer.round(rows, columns);
                // Unsigned, as products of unsigned and signed bytes overflow on processors without VNNI.
                Value matrix = graph.bytes(name, new long[] {columns, outputs}, unsigned(bytes.values()));
                yield integerProduct(x, matrix, scales(name, bytes));
            }
            case INT4 -> {
                Quantizer.Nibbles nibbles = Quantizer.halve(rows, columns);
                Value matrix = graph.bytes(
                        name, new long[] {outputs, nibbles.blocks(), Quantizer.BLOCK / 2}, nibbles.values());
                Value scales = graph.constant(name + ".scale", new long[] {nibbles.scales().length}, nibbles.scales());
                yield x.floats().matmulNibbles(matrix, scales, columns, Quantizer.BLOCK);
            }
        };
    }

    /**
     * A product of bytes.
     *
     * @param x {@code [...][in]}, in bytes
     * @param matrix {@code [in][out]}, bytes around {@link #ZERO_POINT}
     * @param scales of its columns
     */
    Value integerProduct(Operand x, Value matrix, Value scales) {
        Value product = x.bytes()
                .matmulBytes(
                        matrix,
                        scales,
                        graph.scalar(ElementType.UINT8, x.zeroPoint()),
                        graph.scalar(ElementType.UINT8, ZERO_POINT))
                .mul(x.scales().unsqueeze(1));
        Dim[] shape = x.shape().toArray(Dim[]::new);
        shape[shape.length - 1] = matrix.dim(1);
        return shape.length == 2 ? product : product.reshape(shape);
    }

    static byte[] unsigned(byte[] signed) {
        byte[] unsigned = new byte[signed.length];
        for (int i = 0; i < signed.length; i++) {
            unsigned[i] = (byte) (signed[i] + ZERO_POINT);
        }
        return unsigned;
    }

    private Value scales(String name, Quantizer.Bytes bytes) {
        return graph.constant(name + ".scale", new long[] {bytes.scales().length}, bytes.scales());
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
    private Operand symmetric(Value x) {
        if (precision != Precision.INT8_DYNAMIC) {
            return new Operand(x.shape(), x, null, null, 0);
        }
        Value flat = flat(x);
        Value scales = scales(flat.largest().max(flat.smallest().mul(graph.scalar(-1f))), Quantizer.LEVELS);
        Value zeroPoints =
                graph.scalar(ElementType.UINT8, ZERO_POINT).unsqueeze(0).expand(flat.dim(0));
        return new Operand(x.shape(), null, flat.toBytes(scales, zeroPoints), scales, ZERO_POINT);
    }

    private static Value flat(Value x) {
        int last = x.shape().size() - 1;
        return last == 1 ? x : x.reshape(Dim.product(x.shape().subList(0, last)), x.dim(last));
    }

    private Value scales(Value largest, int levels) {
        return largest.mul(graph.scalar(1f / levels)).max(graph.scalar(Float.MIN_NORMAL));
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
