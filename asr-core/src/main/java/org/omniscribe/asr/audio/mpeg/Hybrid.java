package org.omniscribe.asr.audio.mpeg;

/** From frequency lines to sub-bands: reordering, alias reduction, inverse MDCT, overlap (ISO/IEC 11172-3, section 2.4.3.4.10). */
final class Hybrid {
    private static final int LINES = 18;
    private static final int HALF = 9;
    private static final float[][] ALIAS = {
        {0.85749293f, 0.88174200f, 0.94962865f, 0.98331459f, 0.99551782f, 0.99916056f, 0.99989920f, 0.99999316f},
        {0.51449576f, 0.47173197f, 0.31337745f, 0.18191320f, 0.09457419f, 0.04096558f, 0.01419856f, 0.00369997f}
    };
    private static final float[] NORMAL = {
        0.99904822f, 0.99144486f, 0.97629601f, 0.95371695f, 0.92387953f, 0.88701083f, 0.84339145f, 0.79335334f,
                0.73727734f,
        0.04361938f, 0.13052619f, 0.21643961f, 0.30070580f, 0.38268343f, 0.46174861f, 0.53729961f, 0.60876143f,
                0.67559021f
    };
    private static final float[] AFTER_SHORT = {
        1, 1, 1, 1, 1, 1, 0.99144486f, 0.92387953f, 0.79335334f, 0, 0, 0, 0, 0, 0, 0.13052619f, 0.38268343f, 0.60876143f
    };
    private static final float[] TWIDDLES_9 = {
        0.73727734f, 0.79335334f, 0.84339145f, 0.88701083f, 0.92387953f, 0.95371695f, 0.97629601f, 0.99144486f,
                0.99904822f,
        0.67559021f, 0.60876143f, 0.53729961f, 0.46174861f, 0.38268343f, 0.30070580f, 0.21643961f, 0.13052619f,
                0.04361938f
    };
    private static final float[] TWIDDLES_3 = {
        0.79335334f, 0.92387953f, 0.99144486f, 0.60876143f, 0.38268343f, 0.13052619f
    };

    private final float[][] overlaps = new float[2][32 * HALF];
    private final float[] scratch = new float[Synthesis.GRANULE];
    private final float[] co = new float[HALF];
    private final float[] si = new float[HALF];

    void apply(FrameHeader header, SideInfo info, int channel, float[] x) {
        int longBands = info.mixed() ? 2 << (header.rateRow() == 2 ? 1 : 0) : 0;
        int aliased = 31;
        if (info.shortBands() > 0) {
            aliased = longBands - 1;
            reorder(x, longBands * LINES, info.bands(), info.longBands());
        }
        for (int band = 0; band < aliased; band++) {
            int at = band * LINES;
            for (int i = 0; i < 8; i++) {
                float u = x[at + 18 + i];
                float d = x[at + 17 - i];
                x[at + 18 + i] = u * ALIAS[0][i] - d * ALIAS[1][i];
                x[at + 17 - i] = u * ALIAS[1][i] + d * ALIAS[0][i];
            }
        }
        float[] overlap = overlaps[channel];
        for (int band = 0; band < 32; band++) {
            if (band < longBands) {
                longBlock(x, band * LINES, overlap, band * HALF, NORMAL);
            } else if (info.blockType() == SideInfo.SHORT) {
                shortBlocks(x, band * LINES, overlap, band * HALF);
            } else {
                longBlock(
                        x,
                        band * LINES,
                        overlap,
                        band * HALF,
                        info.blockType() == SideInfo.STOP ? AFTER_SHORT : NORMAL);
            }
        }
        // The odd sub-bands have their frequencies upside down.
        for (int band = 1; band < 32; band += 2) {
            for (int i = 1; i < LINES; i += 2) {
                x[band * LINES + i] = -x[band * LINES + i];
            }
        }
    }

    /** Lines of three windows one after the other become lines of three windows side by side. */
    private void reorder(float[] x, int from, int[] bands, int firstBand) {
        int to = 0;
        int at = from;
        for (int band = firstBand; bands[band] > 0; band += 3) {
            int length = bands[band];
            for (int i = 0; i < length; i++) {
                scratch[to++] = x[at + i];
                scratch[to++] = x[at + i + length];
                scratch[to++] = x[at + i + 2 * length];
            }
            at += 3 * length;
        }
        System.arraycopy(scratch, 0, x, from, to);
    }

    private void longBlock(float[] x, int at, float[] overlap, int over, float[] window) {
        co[0] = -x[at];
        si[0] = x[at + 17];
        for (int i = 0; i < 4; i++) {
            si[8 - 2 * i] = x[at + 4 * i + 1] - x[at + 4 * i + 2];
            co[1 + 2 * i] = x[at + 4 * i + 1] + x[at + 4 * i + 2];
            si[7 - 2 * i] = x[at + 4 * i + 4] - x[at + 4 * i + 3];
            co[2 + 2 * i] = -(x[at + 4 * i + 3] + x[at + 4 * i + 4]);
        }
        dct9(co);
        dct9(si);
        for (int i = 1; i < 8; i += 2) {
            si[i] = -si[i];
        }
        for (int i = 0; i < HALF; i++) {
            float before = overlap[over + i];
            float sum = co[i] * TWIDDLES_9[9 + i] + si[i] * TWIDDLES_9[i];
            overlap[over + i] = co[i] * TWIDDLES_9[i] - si[i] * TWIDDLES_9[9 + i];
            x[at + i] = before * window[i] - sum * window[9 + i];
            x[at + 17 - i] = before * window[9 + i] + sum * window[i];
        }
    }

    /** A DCT-III of nine points in place. */
    private static void dct9(float[] y) {
        float t0 = y[0] + y[6] * 0.5f;
        float s0 = y[0] - y[6];
        float t4 = (y[4] + y[2]) * 0.93969262f;
        float t2 = (y[8] + y[2]) * 0.76604444f;
        float s6 = (y[4] - y[8]) * 0.17364818f;
        float s4 = y[4] + y[8] - y[2];
        float s2 = s0 - s4 * 0.5f;
        float middle = s4 + s0;
        float s8 = t0 - t2 + s6;
        s0 = t0 - t4 + t2;
        s4 = t0 + t4 - s6;
        float s3 = y[3] * 0.86602540f;
        t0 = (y[5] + y[1]) * 0.98480775f;
        t4 = (y[5] - y[7]) * 0.34202014f;
        t2 = (y[1] + y[7]) * 0.64278761f;
        float s1 = (y[1] - y[5] - y[7]) * 0.86602540f;
        float s5 = t0 - s3 - t2;
        float s7 = t4 - s3 - t0;
        s3 = t4 + s3 - t2;
        y[0] = s4 - s7;
        y[1] = s2 + s1;
        y[2] = s0 - s3;
        y[3] = s8 + s5;
        y[4] = middle;
        y[5] = s8 - s5;
        y[6] = s0 + s3;
        y[7] = s2 - s1;
        y[8] = s4 + s7;
    }

    private void shortBlocks(float[] x, int at, float[] overlap, int over) {
        System.arraycopy(x, at, scratch, 0, LINES);
        System.arraycopy(overlap, over, x, at, 6);
        shortBlock(0, x, at + 6, overlap, over + 6);
        shortBlock(1, x, at + 12, overlap, over + 6);
        shortBlock(2, overlap, over, overlap, over + 6);
    }

    private void shortBlock(int window, float[] out, int to, float[] overlap, int over) {
        float[] s = scratch;
        int w = window;
        idct3(-s[w], s[w + 6] + s[w + 3], s[w + 12] + s[w + 9], co);
        idct3(s[w + 15], s[w + 12] - s[w + 9], s[w + 6] - s[w + 3], si);
        si[1] = -si[1];
        for (int i = 0; i < 3; i++) {
            float before = overlap[over + i];
            float sum = co[i] * TWIDDLES_3[3 + i] + si[i] * TWIDDLES_3[i];
            overlap[over + i] = co[i] * TWIDDLES_3[i] - si[i] * TWIDDLES_3[3 + i];
            out[to + i] = before * TWIDDLES_3[2 - i] - sum * TWIDDLES_3[5 - i];
            out[to + 5 - i] = before * TWIDDLES_3[5 - i] + sum * TWIDDLES_3[2 - i];
        }
    }

    private static void idct3(float x0, float x1, float x2, float[] out) {
        float m1 = x1 * 0.86602540f;
        float a1 = x0 - x2 * 0.5f;
        out[1] = x0 + x2;
        out[0] = a1 + m1;
        out[2] = a1 - m1;
    }
}
