package org.omniscribe.asr.audio;

/**
 * The four bytes at the start of an MPEG audio frame (ISO/IEC 11172-3 and 13818-3, and the MPEG 2.5 extension).
 *
 * @param version 1, 2, or 25 for MPEG 2.5
 * @param layer 1 to 3
 * @param bitRate bits a second; 0 for the free format, whose frames are as long as the encoder likes
 * @param sampleRate Hz
 * @param mono whether there is one channel rather than two
 * @param padding bytes that this frame is longer than others
 * @param frameBytes length of the frame with this header; 0 if that is not known
 */
record Mp3Header(int version, int layer, int bitRate, int sampleRate, boolean mono, int padding, int frameBytes) {
    private static final int[][] KILOBITS_1 = {
        {32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
        {32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
        {32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}
    };
    private static final int[][] KILOBITS_2 = {
        {32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
        {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
    };
    private static final int[] RATES_1 = {44100, 48000, 32000};

    /** The header at {@code bytes[offset]}, or null if there is none. */
    static Mp3Header parse(byte[] bytes, int offset) {
        return parse(bytes, offset, 0);
    }

    /** As {@link #parse(byte[], int)}, where frames of the free format have the given length without padding. */
    static Mp3Header parse(byte[] bytes, int offset, int freeBytes) {
        if (offset + 4 > bytes.length || bytes[offset] != -1 || (bytes[offset + 1] & 0xe0) != 0xe0) {
            return null;
        }
        int second = bytes[offset + 1] & 0xff;
        int third = bytes[offset + 2] & 0xff;
        int versionCode = second >> 3 & 3;
        int layer = 4 - (second >> 1 & 3);
        int bitRateCode = third >> 4;
        int rateCode = third >> 2 & 3;
        if (versionCode == 1 || layer == 4 || bitRateCode == 15 || rateCode == 3) {
            return null;
        }
        int version = versionCode == 3 ? 1 : versionCode == 2 ? 2 : 25;
        int rate = RATES_1[rateCode] / (version == 1 ? 1 : version == 2 ? 2 : 4);
        int padding = (third >> 1 & 1) * (layer == 1 ? 4 : 1);
        int kilobits = bitRateCode == 0
                ? 0
                : version == 1
                        ? KILOBITS_1[layer - 1][bitRateCode - 1]
                        : KILOBITS_2[layer == 1 ? 0 : 1][bitRateCode - 1];
        int length = bitRateCode == 0
                ? freeBytes
                : layer == 1
                        ? 12 * kilobits * 1000 / rate * 4
                        : (version != 1 && layer == 3 ? 72 : 144) * kilobits * 1000 / rate;
        int frameBytes = length == 0 ? 0 : length + padding;
        boolean mono = (bytes[offset + 3] & 0xc0) == 0xc0;
        return new Mp3Header(version, layer, kilobits * 1000, rate, mono, padding, frameBytes);
    }

    /** Samples a channel in a frame. */
    int samples() {
        return layer == 1 ? 384 : layer == 3 && version != 1 ? 576 : 1152;
    }

    /** Whether the header does not tell the length of its frame. */
    boolean free() {
        return bitRate == 0;
    }

    int channels() {
        return mono ? 1 : 2;
    }

    /** Whether a frame with the other header can belong to the same recording. */
    boolean fits(Mp3Header other) {
        return other != null
                && version == other.version
                && layer == other.layer
                && sampleRate == other.sampleRate
                && free() == other.free()
                && mono == other.mono;
    }
}
