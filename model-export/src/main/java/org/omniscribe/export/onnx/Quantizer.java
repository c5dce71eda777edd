package org.omniscribe.export.onnx;

/** Rounds matrices to bytes: symmetric, with a scale of its own for each output channel. */
final class Quantizer {
    /** The largest byte in use; -128 is not, so that zero is in the middle. */
    static final int LEVELS = 127;

    /** Weights of a channel that share a scale when they are rounded to half bytes. */
    static final int BLOCK = 32;

    /** The middle of a half byte's sixteen levels, which stands for zero. */
    private static final int MIDDLE = 8;

    private Quantizer() {}

    /**
     * A matrix in bytes.
     *
     * @param values {@code [in][out]}, -127 to 127
     * @param scales {@code [out]}: a weight is its value times the scale of its column; positive
     */
    record Bytes(byte[] values, float[] scales) {}

    /**
     * A matrix in half bytes.
     *
     * @param values {@code [out][block][BLOCK / 2]}, two levels of 0 to 15 in each, the first in the lower half
     * @param scales {@code [out][block]}: a weight is its level less 8 times the scale of its block
     * @param blocks blocks of each channel
     */
    record Nibbles(byte[] values, float[] scales, int blocks) {
        /** The matrix that these stand for, {@code [out][in]}. */
        float[] floats(int columns) {
            float[] rows = new float[scales.length / blocks * columns];
            for (int i = 0; i < rows.length; i++) {
                int place = i / columns * blocks * BLOCK + i % columns;
                int level = values[place / 2] >> 4 * (place % 2) & 15;
                rows[i] = (level - MIDDLE) * scales[place / BLOCK];
            }
            return rows;
        }
    }

    /**
     * Rounds the matrix of a linear layer to half bytes. The largest weight of a block is -8 times its scale, or somewhat
     * more where a smaller scale makes the sum of the squared errors smaller.
     *
     * @param rows {@code [out][in]}, finite
     * @param columns in
     */
    static Nibbles halve(float[] rows, int columns) {
        int outputs = rows.length / columns;
        int blocks = (columns + BLOCK - 1) / BLOCK;
        byte[] values = new byte[outputs * blocks * BLOCK / 2];
        float[] scales = new float[outputs * blocks];
        for (int block = 0; block < scales.length; block++) {
            int from = block / blocks * columns + block % blocks * BLOCK;
            int to = Math.min(from + BLOCK, (block / blocks + 1) * columns);
            float scale = bestScale(rows, from, to);
            scales[block] = scale;
            for (int i = 0; i < BLOCK; i++) {
                int level = from + i < to ? level(rows[from + i], scale) + MIDDLE : MIDDLE;
                values[(block * BLOCK + i) / 2] |= (byte) (level << 4 * (i % 2));
            }
        }
        return new Nibbles(values, scales, blocks);
    }

    private static float bestScale(float[] rows, int from, int to) {
        float extreme = 0;
        for (int i = from; i < to; i++) {
            extreme = Math.abs(rows[i]) > Math.abs(extreme) ? rows[i] : extreme;
        }
        if (Math.abs(extreme) < Float.MIN_NORMAL * MIDDLE) {
            return Float.MIN_NORMAL;
        }
        float best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (float levels = MIDDLE; levels <= MIDDLE + 4; levels += 0.5f) {
            float scale = -extreme / levels;
            double error = 0;
            for (int i = from; i < to; i++) {
                double miss = rows[i] - level(rows[i], scale) * scale;
                error += miss * miss;
            }
            if (error < least) {
                least = error;
                best = scale;
            }
        }
        return best;
    }

    private static int level(float weight, float scale) {
        return Math.max(-MIDDLE, Math.min(MIDDLE - 1, Math.round(weight / scale)));
    }

    /**
     * Rounds the matrix of a linear layer to bytes, each weight to the nearest multiple of its channel's scale, which is the
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
