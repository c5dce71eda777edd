package org.omniscribe.asr.audio.mpeg;

/** The four bytes at the start of a frame, as far as decoding needs them. */
record FrameHeader(int b1, int b2, int b3) {
    static FrameHeader of(byte[] frame) {
        return new FrameHeader(frame[1] & 0xff, frame[2] & 0xff, frame[3] & 0xff);
    }

    boolean mpeg1() {
        return (b1 & 0x08) != 0;
    }

    int layer() {
        return 4 - (b1 >> 1 & 3);
    }

    boolean checksum() {
        return (b1 & 1) == 0;
    }

    int bitRateCode() {
        return b2 >> 4;
    }

    int rateCode() {
        return b2 >> 2 & 3;
    }

    /** The rates of all versions in one row, from MPEG 2.5 to MPEG 1. */
    int rateRow() {
        return rateCode() + ((b1 >> 3 & 1) + (b1 >> 4 & 1)) * 3;
    }

    int mode() {
        return b3 >> 6;
    }

    int modeExtension() {
        return b3 >> 4 & 3;
    }

    boolean mono() {
        return mode() == 3;
    }

    boolean joint() {
        return mode() == 1;
    }

    boolean midSide() {
        return joint() && (b3 & 0x20) != 0;
    }

    boolean intensity() {
        return joint() && (b3 & 0x10) != 0;
    }

    int channels() {
        return mono() ? 1 : 2;
    }
}
