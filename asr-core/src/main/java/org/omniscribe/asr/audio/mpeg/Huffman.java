package org.omniscribe.asr.audio.mpeg;

/** The Huffman codes of layer III (ISO/IEC 11172-3, table 3-B.7), decoded and scaled. */
final class Huffman {
    /**
     * Trees in one row: a value of 0 or more is a leaf (length in the bits from 8, then the two values of 4 bits), one below 0
     * points to the next level (its length in the low three bits).
     */
    private static final int[] TREES = Tables.flat("huffman.txt");

    private static final int[] STARTS = {
        0, 32, 64, 98, 0, 132, 180, 218, 292, 364, 426, 538, 648, 746, 0, 1126, 1460, 1460, 1460, 1460, 1460, 1460,
        1460, 1460, 1842, 1842, 1842, 1842, 1842, 1842, 1842, 1842
    };
    private static final int[] EXTRA_BITS = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 6, 8, 10, 13, 4, 5, 6, 7, 8, 9, 11, 13
    };
    private static final int[] QUADS_A = {
        130, 162, 193, 209, 44, 28, 76, 140, 9, 9, 9, 9, 9, 9, 9, 9, 190, 254, 222, 238, 126, 94, 157, 157, 109, 61,
        173, 205
    };
    private static final int[] QUADS_B = {252, 236, 220, 204, 188, 172, 156, 140, 124, 108, 92, 76, 60, 44, 28, 12};
    private static final float[] POWERS = new float[16 + (1 << 13)];

    static {
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = (float) Math.pow(i, 4 / 3.0);
        }
    }

    private byte[] bytes;
    private int next;
    private int cache;
    private int shift;
    private int band;
    private float scale;

    /**
     * Decodes the values of a channel of a granule.
     *
     * @param out receives 576 values; all 0 before
     * @param limit the bit where they end
     */
    void read(Bits bits, SideInfo info, float[] scales, int limit, float[] out) {
        bytes = bits.bytes;
        int at = bits.at >> 3;
        cache = ((bytes[at] & 0xff) << 24
                        | (bytes[at + 1] & 0xff) << 16
                        | (bytes[at + 2] & 0xff) << 8
                        | bytes[at + 3] & 0xff)
                << (bits.at & 7);
        shift = (bits.at & 7) - 8;
        next = at + 4;
        band = 0;
        int done = 0;
        int left = info.bigValues();
        for (int region = 0; left > 0 && region < 3; region++) {
            int start = STARTS[info.tables()[region]];
            int extra = EXTRA_BITS[info.tables()[region]];
            for (int bands = info.regions()[region]; left > 0 && bands >= 0; bands--) {
                int pairs = info.bands()[band] / 2;
                scale = scales[band++];
                int n = Math.min(left, pairs);
                pairs(start, extra, n, out, done);
                done += 2 * n;
                left -= pairs;
            }
        }
        quads(info.count1Table() == 1 ? QUADS_B : QUADS_A, info.bands(), scales, 1 - left, limit, out, done);
        bits.at = limit;
    }

    private void pairs(int start, int extra, int count, float[] out, int from) {
        int at = from;
        for (int i = 0; i < count; i++) {
            int width = 5;
            int leaf = TREES[start + peek(width)];
            while (leaf < 0) {
                flush(width);
                width = leaf & 7;
                leaf = TREES[start + peek(width) - (leaf >> 3)];
            }
            flush(leaf >> 8);
            for (int j = 0; j < 2; j++) {
                int value = leaf & 15;
                leaf >>= 4;
                if (value == 15 && extra > 0) {
                    value += peek(extra);
                    flush(extra);
                    fill();
                }
                out[at++] = value == 0 ? 0 : scale * (cache < 0 ? -POWERS[value] : POWERS[value]);
                flush(value == 0 ? 0 : 1);
            }
            fill();
        }
    }

    /** The values of 0, 1 and -1, four with one code. */
    private void quads(int[] codes, int[] bands, float[] scales, int pairsLeft, int limit, float[] out, int from) {
        int left = pairsLeft;
        for (int at = from; ; at += 4) {
            int leaf = codes[peek(4)];
            if ((leaf & 8) == 0) {
                leaf = codes[(leaf >> 3) + (cache << 4 >>> 32 - (leaf & 3))];
            }
            flush(leaf & 7);
            if (next * 8 - 24 + shift > limit) {
                return;
            }
            for (int half = 0; half < 4; half += 2) {
                left--;
                if (left == 0) {
                    left = bands[band] / 2;
                    if (left == 0) {
                        return;
                    }
                    scale = scales[band++];
                }
                one(leaf, half, out, at);
                one(leaf, half + 1, out, at);
            }
            fill();
        }
    }

    private void one(int leaf, int index, float[] out, int at) {
        if ((leaf & 128 >> index) != 0) {
            out[at + index] = cache < 0 ? -scale : scale;
            flush(1);
        }
    }

    private int peek(int count) {
        return cache >>> 32 - count;
    }

    private void flush(int count) {
        cache <<= count;
        shift += count;
    }

    private void fill() {
        while (shift >= 0) {
            cache |= (bytes[next++] & 0xff) << shift;
            shift -= 8;
        }
    }
}
