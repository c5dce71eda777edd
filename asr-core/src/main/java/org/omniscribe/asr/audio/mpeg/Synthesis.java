package org.omniscribe.asr.audio.mpeg;

/**
 * The polyphase synthesis of 32 sub-bands (ISO/IEC 11172-3, section 2.4.3.2.2), as a DCT of 32 points and a window.
 *
 * <p>It keeps the last 15 slots of both channels.
 */
final class Synthesis {
    /** Samples of a channel in a block: 18 of each of 32 sub-bands, sub-band after sub-band. */
    static final int GRANULE = 576;

    private static final int SLOTS = 18;
    private static final int ROW = 64;
    private static final int HISTORY = 15;
    private static final float SCALE = 1 / 32768f;
    private static final int[] WINDOW = Tables.flat("window.txt");
    /** 1 / (2 cos(x)) of the angles of the first two stages of the DCT. */
    private static final float[] SECANTS = {
        10.19000816f, 0.50060302f, 0.50241929f, 3.40760851f, 0.50547093f, 0.52249861f, 2.05778098f, 0.51544732f,
                0.56694406f,
        1.48416460f, 0.53104258f, 0.64682180f, 1.16943991f, 0.55310392f, 0.78815460f, 0.97256821f, 0.58293498f,
                1.06067765f,
        0.83934963f, 0.62250412f, 1.72244716f, 0.74453628f, 0.67480832f, 5.10114861f
    };

    private final float[] state = new float[HISTORY * ROW];
    private final float[] lines = new float[(SLOTS + HISTORY) * ROW];
    private final float[] t = new float[32];
    private final float[] a = new float[4];
    private final float[] b = new float[4];

    /**
     * Makes samples of sub-bands.
     *
     * @param bands of one or two channels; overwritten
     * @param slots samples of a sub-band, an even number
     * @param out receives interleaved samples
     * @param from the first frame in {@code out}
     */
    void granule(float[][] bands, int slots, int channels, float[] out, int from) {
        for (int c = 0; c < channels; c++) {
            for (int slot = 0; slot < slots; slot++) {
                dct(bands[c], slot);
            }
        }
        System.arraycopy(state, 0, lines, 0, state.length);
        for (int slot = 0; slot < slots; slot += 2) {
            twoSlots(bands[0], bands[channels - 1], slot, channels, out, (from + 32 * slot) * channels);
        }
        if (channels == 1) {
            for (int i = 0; i < state.length; i += 2) {
                state[i] = lines[slots * ROW + i];
            }
        } else {
            System.arraycopy(lines, slots * ROW, state, 0, state.length);
        }
    }

    private void dct(float[] y, int k) {
        for (int i = 0; i < 8; i++) {
            float x0 = y[k + i * SLOTS];
            float x1 = y[k + (15 - i) * SLOTS];
            float x2 = y[k + (16 + i) * SLOTS];
            float x3 = y[k + (31 - i) * SLOTS];
            float t0 = x0 + x3;
            float t1 = x1 + x2;
            float t2 = (x1 - x2) * SECANTS[3 * i];
            float t3 = (x0 - x3) * SECANTS[3 * i + 1];
            t[i] = t0 + t1;
            t[i + 8] = (t0 - t1) * SECANTS[3 * i + 2];
            t[i + 16] = t3 + t2;
            t[i + 24] = (t3 - t2) * SECANTS[3 * i + 2];
        }
        for (int i = 0; i < 32; i += 8) {
            eight(i);
        }
        for (int i = 0; i < 7; i++) {
            int at = k + 4 * SLOTS * i;
            y[at] = t[i];
            y[at + SLOTS] = t[16 + i] + t[24 + i] + t[25 + i];
            y[at + 2 * SLOTS] = t[8 + i] + t[9 + i];
            y[at + 3 * SLOTS] = t[17 + i] + t[24 + i] + t[25 + i];
        }
        int at = k + 28 * SLOTS;
        y[at] = t[7];
        y[at + SLOTS] = t[23] + t[31];
        y[at + 2 * SLOTS] = t[15];
        y[at + 3 * SLOTS] = t[31];
    }

    /** A DCT of eight points in place. */
    private void eight(int i) {
        float x0 = t[i] + t[i + 7];
        float xt = t[i] - t[i + 7];
        float x1 = t[i + 1] + t[i + 6];
        float x7 = t[i + 1] - t[i + 6];
        float x2 = t[i + 2] + t[i + 5];
        float x6 = t[i + 2] - t[i + 5];
        float x3 = t[i + 3] + t[i + 4];
        float x5 = t[i + 3] - t[i + 4];
        float x4 = x0 - x3;
        x0 += x3;
        x3 = x1 - x2;
        x1 += x2;
        t[i] = x0 + x1;
        t[i + 4] = (x0 - x1) * 0.70710677f;
        x5 = x5 + x6;
        x6 = (x6 + x7) * 0.70710677f;
        x7 = x7 + xt;
        x3 = (x3 + x4) * 0.70710677f;
        // A rotation by an eighth of pi.
        x5 -= x7 * 0.198912367f;
        x7 += x5 * 0.382683432f;
        x5 -= x7 * 0.198912367f;
        x0 = xt - x6;
        xt += x6;
        t[i + 1] = (xt + x7) * 0.50979561f;
        t[i + 2] = (x4 + x3) * 0.54119611f;
        t[i + 3] = (x0 - x5) * 0.60134488f;
        t[i + 5] = (x0 + x5) * 0.89997619f;
        t[i + 6] = (x4 - x3) * 1.30656302f;
        t[i + 7] = (xt - x7) * 2.56291556f;
    }

    private void twoSlots(float[] left, float[] right, int slot, int channels, float[] out, int at) {
        int row = slot * ROW;
        int line = row + HISTORY * ROW;
        put(line + 60, left, right, slot + SLOTS * 16, slot);
        put(line + 124, left, right, slot + 1 + SLOTS * 16, slot + 1);
        int r = at + channels - 1;
        pair(out, r, channels, row + 61);
        pair(out, r + 32 * channels, channels, row + 60 + ROW + 1);
        pair(out, at, channels, row + 60);
        pair(out, at + 32 * channels, channels, row + 60 + ROW);
        int w = 0;
        for (int i = 14; i >= 0; i--) {
            int above = slot + SLOTS * (31 - i);
            int below = slot + SLOTS * (1 + i);
            lines[line + 4 * i] = left[above];
            lines[line + 4 * i + 1] = right[above];
            lines[line + 4 * i + 2] = left[above + 1];
            lines[line + 4 * i + 3] = right[above + 1];
            lines[line + 4 * i + 64] = left[below + 1];
            lines[line + 4 * i + 65] = right[below + 1];
            lines[line + 4 * i - 62] = left[below];
            lines[line + 4 * i - 61] = right[below];
            window(line + 4 * i, w);
            w += 16;
            out[r + (15 - i) * channels] = a[1] * SCALE;
            out[r + (17 + i) * channels] = b[1] * SCALE;
            out[at + (15 - i) * channels] = a[0] * SCALE;
            out[at + (17 + i) * channels] = b[0] * SCALE;
            out[r + (47 - i) * channels] = a[3] * SCALE;
            out[r + (49 + i) * channels] = b[3] * SCALE;
            out[at + (47 - i) * channels] = a[2] * SCALE;
            out[at + (49 + i) * channels] = b[2] * SCALE;
        }
    }

    private void put(int line, float[] left, float[] right, int first, int second) {
        lines[line] = left[first];
        lines[line + 1] = right[first];
        lines[line + 2] = left[second];
        lines[line + 3] = right[second];
    }

    /** Eight taps of the window from either side. */
    private void window(int line, int w) {
        for (int j = 0; j < 4; j++) {
            float sumA = 0;
            float sumB = 0;
            for (int k = 0; k < 8; k++) {
                float w0 = WINDOW[w + 2 * k];
                float w1 = WINDOW[w + 2 * k + 1];
                float z = lines[line + j - k * ROW];
                float y = lines[line + j - (15 - k) * ROW];
                sumB += z * w1 + y * w0;
                sumA += (k & 1) == 0 ? z * w0 - y * w1 : y * w1 - z * w0;
            }
            a[j] = sumA;
            b[j] = sumB;
        }
    }

    /** The two samples of a slot that need one line alone. */
    private void pair(float[] out, int at, int channels, int z) {
        float sum = (lines[z + 14 * ROW] - lines[z]) * 29;
        sum += (lines[z + ROW] + lines[z + 13 * ROW]) * 213;
        sum += (lines[z + 12 * ROW] - lines[z + 2 * ROW]) * 459;
        sum += (lines[z + 3 * ROW] + lines[z + 11 * ROW]) * 2037;
        sum += (lines[z + 10 * ROW] - lines[z + 4 * ROW]) * 5153;
        sum += (lines[z + 5 * ROW] + lines[z + 9 * ROW]) * 6574;
        sum += (lines[z + 8 * ROW] - lines[z + 6 * ROW]) * 37489;
        sum += lines[z + 7 * ROW] * 75038;
        out[at] = sum * SCALE;
        int y = z + 2;
        sum = lines[y + 14 * ROW] * 104;
        sum += lines[y + 12 * ROW] * 1567;
        sum += lines[y + 10 * ROW] * 9727;
        sum += lines[y + 8 * ROW] * 64019;
        sum += lines[y + 6 * ROW] * -9975;
        sum += lines[y + 4 * ROW] * -45;
        sum += lines[y + 2 * ROW] * 146;
        sum += lines[y] * -5;
        out[at + 16 * channels] = sum * SCALE;
    }
}
