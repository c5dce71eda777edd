package org.omniscribe.export.onnx;

/** Rounds matrices to bytes: symmetric, with a scale of its own for each output channel. */
final class Quantizer {
    /** The largest byte in use; -128 is not, so that zero is in the middle. */
    static final int LEVELS = 127;

    private Quantizer() {}

    /**
     * A matrix in bytes.
     *
     * @param values {@code [in][out]}, -127 to 127
     * @param scales {@code [out]}: a weight is its value times the scale of its column; positive
     */
    record Bytes(byte[] values, float[] scales) {}

    /**
     * Rounds the matrix of a linear layer, each weight to the nearest multiple of its channel's scale, which is the
     * largest magnitude of the channel over 127.
     *
     * @param rows {@code [out][in]}, finite
     * @param columns in
     * @return the matrix, turned to {@code [in][out]}
     */
    static Bytes round(float[] rows, int columns) {
        int outputs = rows.length / columns;
        byte[] values = new byte[rows.length];
        float[] scales = new float[outputs];
        for (int out = 0; out < outputs; out++) {
            float largest = 0;
            for (int in = 0; in < columns; in++) {
                largest = Math.max(largest, Math.abs(rows[out * columns + in]));
            }
            // A channel of zeros has any scale; one below the smallest normal float would divide to infinity.
            float scale = Math.max(largest / LEVELS, Float.MIN_NORMAL);
            scales[out] = scale;
            for (int in = 0; in < columns; in++) {
                values[in * outputs + out] = (byte) Math.round(rows[out * columns + in] / scale);
            }
        }
        return new Bytes(values, scales);
    }
}
