package org.omniscribe.export.onnx;

import java.util.Arrays;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/**
 * A table of tokens that is stored once and read in two ways: rows are looked up, and what comes out of a decoder is
 * multiplied with all of them. Rounded, each row has a scale of its own; half bytes are not used for it, as every token
 * that is written depends on its one row.
 */
final class TokenTable {
    private final OnnxGraph graph;
    private final Matrices matrices;
    private final boolean integer;
    /** {@code [token][width]}, floats or, for integer products, bytes. */
    private final Value table;

    private final Value scales;

    /**
     * @param rows {@code [token][width]}
     * @param columns width
     */
    TokenTable(OnnxGraph graph, Matrices matrices, Precision precision, String name, float[] rows, int columns) {
        this.graph = graph;
        this.matrices = matrices;
        this.integer = precision == Precision.INT8_DYNAMIC;
        long[] shape = {rows.length / columns, columns};
        if (precision == Precision.FLOAT32 || precision == Precision.FLOAT16) {
            table = matrices.floats(name, shape, rows);
            scales = null;
            return;
        }
        Quantizer.Bytes bytes = Quantizer.round(rows, columns);
        byte[] values = turn(bytes.values(), (int) shape[0]);
        scales = graph.constant(name + ".scale", new long[] {shape[0]}, bytes.scales());
        table = integer
                ? graph.bytes(name, shape, Matrices.unsigned(values))
                : graph.constant(name, shape, values).cast(ElementType.FLOAT).mul(scales.unsqueeze(1));
    }

    /** The rows of tokens: {@code [...][width]}. */
    Value rows(Value tokens) {
        Value rows = table.gather(tokens, 0);
        if (!integer) {
            return rows;
        }
        Value own = scales.gather(tokens, 0);
        return rows.cast(ElementType.FLOAT)
                .sub(graph.scalar(Matrices.ZERO_POINT))
                .mul(own.unsqueeze(own.shape().size()));
    }

    /** The product of {@code [...][width]} with every row: {@code [...][token]}. */
    Value products(Value x) {
        Value turned = table.transpose(1, 0);
        return integer ? matrices.integerProduct(matrices.operand(x), turned, scales) : x.matmul(turned);
    }

    /** A matrix {@code [columns][rows]} of bytes with rows and columns exchanged. */
    private static byte[] turn(byte[] values, int rows) {
        byte[] turned = new byte[values.length];
        int columns = values.length / rows;
        for (int column = 0; column < columns; column++) {
            byte[] line = Arrays.copyOfRange(values, column * rows, (column + 1) * rows);
            for (int row = 0; row < rows; row++) {
                turned[row * columns + column] = line[row];
            }
        }
        return turned;
    }
}
