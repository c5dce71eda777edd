package org.omniscribe.asr.feature;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Arrays as a file that {@code numpy.load} reads: NPY version 1.0, little-endian {@code float32} or {@code int32}, the
 * last axis fastest.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the format's description</a>
 */
public final class NpyWriter {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;
    private static final int BLOCK = 4096;

    private NpyWriter() {}

    /**
     * Writes an array; the stream stays open.
     *
     * @param out where to
     * @param rows {@code [rows][columns]}, possibly no rows
     * @param columns length of every row, at least 0
     * @throws IllegalArgumentException if a row has another length
     * @throws IOException if the stream does not take it
     */
    public static void write(OutputStream out, float[][] rows, int columns) throws IOException {
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != columns) {
                throw new IllegalArgumentException(
                        "row " + i + " has " + rows[i].length + " numbers instead of " + columns);
            }
        }
        out.write(header("<f4", rows.length, columns));
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(columns, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : rows) {
            bytes.asFloatBuffer().put(row);
            out.write(bytes.array());
        }
    }

    /**
     * Writes an array of any number of axes; the stream stays open.
     *
     * @param data the values, last axis fastest
     * @param shape sizes whose product is their number
     * @throws IOException if the stream does not take it
     */
    public static void write(OutputStream out, float[] data, int... shape) throws IOException {
        out.write(header("<f4", shape));
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < data.length; at += BLOCK) {
            int count = Math.min(BLOCK, data.length - at);
            bytes.asFloatBuffer().put(data, at, count);
            out.write(bytes.array(), 0, count * Float.BYTES);
        }
    }

    /** Writes whole numbers; as {@link #write(OutputStream, float[], int...)}. */
    public static void write(OutputStream out, int[] data, int... shape) throws IOException {
        out.write(header("<i4", shape));
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < data.length; at += BLOCK) {
            int count = Math.min(BLOCK, data.length - at);
            bytes.asIntBuffer().put(data, at, count);
            out.write(bytes.array(), 0, count * Integer.BYTES);
        }
    }

    /** Magic, length and a Python dictionary, filled with spaces so that the numbers start at a multiple of 64. */
    private static byte[] header(String type, int... shape) {
        String sizes = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        String dictionary = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + sizes
                + (shape.length == 1 ? "," : "") + "), }";
        int preamble = MAGIC.length + Short.BYTES;
        int used = preamble + dictionary.length() + 1;
        int size = (used + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        String padded = dictionary + " ".repeat(size - used) + "\n";
        return ByteBuffer.allocate(size)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putShort((short) (size - preamble))
                .put(padded.getBytes(StandardCharsets.US_ASCII))
                .array();
    }
}
