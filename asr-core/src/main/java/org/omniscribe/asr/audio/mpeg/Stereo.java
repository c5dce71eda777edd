package org.omniscribe.asr.audio.mpeg;

/** The two ways of joint stereo of layer III (ISO/IEC 11172-3, section 2.4.3.4.9; 13818-3, section 2.4.3.2). */
final class Stereo {
    private static final float[] PAN = {
        0,
        1,
        0.21132487f,
        0.78867513f,
        0.36602540f,
        0.63397460f,
        0.5f,
        0.5f,
        0.63397460f,
        0.36602540f,
        0.78867513f,
        0.21132487f,
        1,
        0
    };

    private Stereo() {}

    /** Sum and difference become left and right. */
    static void midSide(float[][] bands, int from, int to) {
        for (int i = from; i < to; i++) {
            float a = bands[0][i];
            float b = bands[1][i];
            bands[0][i] = a + b;
            bands[1][i] = a - b;
        }
    }

    /**
     * Above the last band where the right channel has values, its scale factors tell how the left one is spread.
     *
     * @param positions the scale factors of the right channel; those of its last bands are set here
     */
    static void intensity(FrameHeader header, SideInfo left, SideInfo right, int[] positions, float[][] bands) {
        int count = left.longBands() + left.shortBands();
        int blocks = left.shortBands() > 0 ? 3 : 1;
        int[] top = top(bands[1], left.bands(), count);
        if (left.longBands() > 0) {
            int highest = Math.max(Math.max(top[0], top[1]), top[2]);
            top = new int[] {highest, highest, highest};
        }
        for (int i = 0; i < blocks; i++) {
            int last = count - blocks + i;
            int before = last - blocks;
            positions[last] = top[i] >= before ? (header.mpeg1() ? 3 : 0) : positions[before];
        }
        int most = header.mpeg1() ? 7 : 64;
        float factor = header.midSide() ? 1.41421356f : 1;
        int at = 0;
        for (int i = 0; left.bands()[i] > 0; i++) {
            int to = at + left.bands()[i];
            int position = positions[i];
            if (i > top[i % 3] && position >= 0 && position < most) {
                float l;
                float r;
                if (header.mpeg1()) {
                    l = PAN[2 * position];
                    r = PAN[2 * position + 1];
                } else {
                    float less = ScaleFactors.power(1, position + 1 >> 1 << (right.scaleCompress() & 1));
                    l = (position & 1) == 1 ? less : 1;
                    r = (position & 1) == 1 ? 1 : less;
                }
                for (int k = at; k < to; k++) {
                    bands[1][k] = bands[0][k] * r * factor;
                    bands[0][k] *= l * factor;
                }
            } else if (header.midSide()) {
                midSide(bands, at, to);
            }
            at = to;
        }
    }

    /** The highest band of each window that has values. */
    private static int[] top(float[] values, int[] bands, int count) {
        int[] top = {-1, -1, -1};
        int at = 0;
        for (int i = 0; i < count; i++) {
            for (int k = at; k < at + bands[i]; k++) {
                if (values[k] != 0) {
                    top[i % 3] = i;
                    break;
                }
            }
            at += bands[i];
        }
        return top;
    }
}
