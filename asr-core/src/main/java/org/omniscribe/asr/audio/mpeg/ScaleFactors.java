package org.omniscribe.asr.audio.mpeg;

import java.util.Arrays;

/** The scale factors of a channel of layer III (ISO/IEC 11172-3, section 2.4.3.4.5; 13818-3, section 2.4.3.2). */
final class ScaleFactors {
    private static final int MAX_FACTORS = 40;
    private static final int[][] PARTITIONS = {
        {6, 5, 5, 5, 6, 5, 5, 5, 6, 5, 7, 3, 11, 10, 0, 0, 7, 7, 7, 0, 6, 6, 6, 3, 8, 8, 5, 0},
        {8, 9, 6, 12, 6, 9, 9, 9, 6, 9, 12, 6, 15, 18, 0, 0, 6, 15, 12, 0, 6, 12, 9, 6, 6, 18, 9, 0},
        {9, 9, 6, 12, 9, 9, 9, 9, 9, 9, 12, 6, 18, 18, 0, 0, 12, 12, 12, 0, 12, 9, 9, 6, 15, 12, 9, 0}
    };
    /** Four times the bits of the first two groups, plus those of the others. */
    private static final int[] LENGTHS = {0, 1, 2, 3, 12, 5, 6, 7, 9, 10, 11, 13, 14, 15, 18, 19};

    private static final int[] MODULI = {5, 5, 4, 4, 5, 5, 4, 1, 4, 3, 1, 1, 5, 6, 6, 1, 4, 4, 4, 1, 4, 3, 1, 1};
    private static final int[] AMPLIFIED = {1, 1, 1, 1, 2, 2, 3, 3, 3, 2};
    private static final int FIRST_AMPLIFIED = 11;
    private static final int BIAS = 214;
    /** 2^-30 to the power of quarters. */
    private static final float[] QUARTERS = {9.31322575e-10f, 7.83145814e-10f, 6.58544508e-10f, 5.53767716e-10f};

    /** As they were sent, which intensity stereo takes as positions; -1 for one that must not be used. */
    final int[] positions = new int[MAX_FACTORS];
    /** What the values of each band are multiplied by. */
    final float[] factors = new float[MAX_FACTORS];

    private final int[] sizes = new int[4];
    private final int[] whole = new int[MAX_FACTORS];

    void read(FrameHeader header, Bits bits, SideInfo info, int channel) {
        int kind = (info.shortBands() > 0 ? 1 : 0) + (info.longBands() == 0 ? 1 : 0);
        int partition = 0;
        int shared = info.sharedScales();
        boolean limited = !header.mpeg1();
        if (header.mpeg1()) {
            int lengths = LENGTHS[info.scaleCompress()];
            Arrays.fill(sizes, 0, 2, lengths >> 2);
            Arrays.fill(sizes, 2, 4, lengths & 3);
        } else {
            partition = lowRateSizes(info.scaleCompress(), header.intensity() && channel == 1);
        }
        values(bits, PARTITIONS[kind], partition, shared, limited);
        if (info.shortBands() > 0) {
            int shift = 3 - info.scaleShift();
            for (int i = 0; i < info.shortBands(); i++) {
                whole[info.longBands() + i] += info.subblockGains()[i % 3] << shift;
            }
        } else if (info.preflag()) {
            for (int i = 0; i < AMPLIFIED.length; i++) {
                whole[FIRST_AMPLIFIED + i] += AMPLIFIED[i];
            }
        }
        int exponent = info.gain() - BIAS - (header.midSide() ? 2 : 0);
        float gain = power(1 << 11, 44 - exponent);
        for (int i = 0; i < info.longBands() + info.shortBands(); i++) {
            factors[i] = power(gain, whole[i] << info.scaleShift());
        }
    }

    /** Bits of each group by MPEG 2; where in the partitions its numbers of bands are. */
    private int lowRateSizes(int compress, boolean intensity) {
        int rest = compress >> (intensity ? 1 : 0);
        int row = intensity ? 12 : 0;
        while (true) {
            int product = 1;
            for (int i = 3; i >= 0; i--) {
                sizes[i] = rest / product % MODULI[row + i];
                product *= MODULI[row + i];
            }
            row += 4;
            if (rest < product) {
                return row;
            }
            rest -= product;
        }
    }

    private void values(Bits bits, int[] counts, int from, int shared, boolean limited) {
        int at = 0;
        for (int group = 0; group < 4 && counts[from + group] > 0; group++) {
            int count = counts[from + group];
            if ((shared >> 3 - group & 1) == 1) {
                System.arraycopy(positions, at, whole, at, count);
            } else {
                int size = sizes[group];
                int illegal = limited ? (1 << size) - 1 : -1;
                for (int i = at; i < at + count; i++) {
                    int value = size == 0 ? 0 : bits.read(size);
                    positions[i] = size > 0 && value == illegal ? -1 : value;
                    whole[i] = value;
                }
            }
            at += count;
        }
        // The last band has none of its own.
        Arrays.fill(whole, at, Math.min(MAX_FACTORS, at + 3), 0);
    }

    /** {@code y * 2^(-exponent / 4)}. */
    static float power(float y, int exponent) {
        float result = y;
        int left = exponent;
        do {
            int e = Math.min(120, left);
            result *= QUARTERS[e & 3] * (1 << 30 >> (e >> 2));
            left -= e;
        } while (left > 0);
        return result;
    }
}
