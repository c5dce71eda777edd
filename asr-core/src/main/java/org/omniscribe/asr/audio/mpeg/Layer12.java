package org.omniscribe.asr.audio.mpeg;

/**
 * Layers I and II: sub-bands of scaled samples (ISO/IEC 11172-3, sections 2.4.3.2 and 2.4.3.3; ISO/IEC 13818-3, section 2.5 with
 * table B.1 for the lower rates).
 */
final class Layer12 {
    /** Samples of a sub-band in a part that shares its scale factors. */
    static final int SLOTS = 12;

    /** Samples of a sub-band in a block of {@link Synthesis}. */
    private static final int STRIDE = 18;

    /** Which quantiser a code stands for: bits of a sample (2 to 16), or 17 to 19 for three samples of 3, 5 or 9 levels. */
    private static final int[] QUANTIZERS = {
        0, 17, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0, 17, 18, 3, 19, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16,
        0, 17, 18, 3, 19, 4, 5, 16, 0, 17, 18, 16, 0, 17, 18, 19, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 17, 18,
        3, 19, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
    };
    /** Rows of offset into {@link #QUANTIZERS}, bits of a code, number of sub-bands. */
    private static final int[][] LAYER_1 = {{76, 4, 32}};

    private static final int[][] LOW_RATES = {{60, 4, 4}, {44, 3, 7}, {44, 2, 19}};
    private static final int[][] MANY_BITS = {{0, 4, 3}, {16, 4, 8}, {32, 3, 12}, {40, 2, 7}};
    private static final int[][] FEW_BITS = {{44, 4, 2}, {44, 3, 10}};
    private static final int[] LAYER_2_KILOBITS = {192, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384};
    private static final int[] LEVELS = {
        3, 7, 15, 31, 63, 127, 255, 511, 1023, 2047, 4095, 8191, 16383, 32767, 65535, 3, 5, 9
    };
    private final boolean first;
    private final int total;
    private final int stereo;
    private final int[][] quantizers;
    private final float[][][] scales;

    /** Reads how the bits of a frame are allocated, and its scale factors. */
    Layer12(FrameHeader header, Bits bits) {
        this.first = header.layer() == 1;
        int[][] rows;
        if (first) {
            rows = LAYER_1;
            total = 32;
        } else if (!header.mpeg1()) {
            rows = LOW_RATES;
            total = 30;
        } else {
            int kilobits =
                    LAYER_2_KILOBITS[header.bitRateCode()] / (header.mono() || header.bitRateCode() == 0 ? 1 : 2);
            boolean few = kilobits < 56;
            rows = few ? FEW_BITS : MANY_BITS;
            total = few ? (header.rateCode() == 2 ? 12 : 8) : kilobits >= 96 && header.rateCode() != 1 ? 30 : 27;
        }
        stereo = header.mono() ? 0 : header.joint() ? Math.min(4 * header.modeExtension() + 4, total) : total;
        int channels = header.channels();
        quantizers = new int[channels][total];
        scales = new float[channels][total][3];
        allocate(rows, bits);
        int[][] selections = new int[channels][total];
        for (int band = 0; band < total; band++) {
            for (int c = 0; c < channels; c++) {
                selections[c][band] = quantizers[c][band] == 0 ? 0 : first ? 2 : bits.read(2);
            }
        }
        for (int band = 0; band < total; band++) {
            for (int c = 0; c < channels; c++) {
                scale(bits, quantizers[c][band], selections[c][band], scales[c][band]);
            }
        }
    }

    private void allocate(int[][] rows, Bits bits) {
        int row = -1;
        int left = 0;
        for (int band = 0; band < total; band++) {
            if (left == 0) {
                row++;
                left = rows[row][2];
            }
            left--;
            int code = QUANTIZERS[rows[row][0] + bits.read(rows[row][1])];
            quantizers[0][band] = code;
            if (quantizers.length > 1) {
                // Above the bound of joint stereo, both channels have the samples of one.
                quantizers[1][band] = band < stereo ? QUANTIZERS[rows[row][0] + bits.read(rows[row][1])] : code;
            }
        }
    }

    /** The three scale factors of a sub-band; which of them are there is told by the selection. */
    private static void scale(Bits bits, int quantizer, int selection, float[] scales) {
        int mask = quantizer == 0 ? 0 : 4 + (19 >> selection & 3);
        float scale = 0;
        for (int i = 0, m = 4; m > 0; m >>= 1, i++) {
            if ((mask & m) != 0) {
                int index = bits.read(6);
                // Table 3-B.1, and the step between two of so many levels that go from -1 to 1
                scale = (float) (2 * Math.pow(2, -index / 3.0) / LEVELS[quantizer - 2]);
            }
            scales[i] = scale;
        }
    }

    /** Reads 12 samples of every sub-band; {@code part} says which of the three scale factors goes with them. */
    void part(Bits bits, int part, float[][] bands) {
        int group = first ? 1 : 3;
        for (int slot = 0; slot < SLOTS; slot += group) {
            for (int band = 0; band < total; band++) {
                for (int c = 0; c < quantizers.length && (c == 0 || band < stereo); c++) {
                    samples(bits, quantizers[c][band], bands[c], band * STRIDE + slot, group);
                }
            }
        }
        for (int band = 0; band < total; band++) {
            for (int c = quantizers.length - 1; c >= 0; c--) {
                float scale = scales[c][band][part];
                for (int i = band * STRIDE; i < band * STRIDE + SLOTS; i++) {
                    bands[c][i] = bands[band < stereo ? c : 0][i] * scale;
                }
            }
        }
    }

    private static void samples(Bits bits, int quantizer, float[] out, int at, int group) {
        if (quantizer == 0) {
            return;
        }
        if (quantizer < 17) {
            int half = (1 << quantizer - 1) - 1;
            for (int i = 0; i < group; i++) {
                out[at + i] = bits.read(quantizer) - half;
            }
            return;
        }
        int levels = (2 << quantizer - 17) + 1;
        int code = bits.read(levels + 2 - (levels >> 3));
        for (int i = 0; i < group; i++) {
            out[at + i] = code % levels - levels / 2;
            code /= levels;
        }
    }
}
