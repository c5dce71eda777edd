package org.omniscribe.asr.feature;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Frames as a file that {@code numpy.load} reads: NPY version 1.0, a two-dimensional array of little-endian
 * {@code float32}, rows one after another.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the format's description</a>
 */
public final class NpyWriter {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

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
        out.write(header(rows.length, columns));
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(columns, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : rows) {
            bytes.asFloatBuffer().put(row);
            out.write(bytes.array());
        }
    }

    /** Magic, length and a Python dictionary, filled with spaces so that the numbers start at a multiple of 64. */
    private static byte[] header(int rows, int columns) {
        String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + columns + "), }";
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
