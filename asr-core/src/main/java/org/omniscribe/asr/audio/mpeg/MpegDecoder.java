package org.omniscribe.asr.audio.mpeg;

import java.util.Arrays;

/** Decodes MPEG audio frame by frame; a frame of layer III may refer to those before it. Not thread-safe. */
public final class MpegDecoder {
    /** The most samples a channel in a frame. */
    public static final int MAX_SAMPLES = 1152;

    private static final int HEADER = 4;
    private static final int MIN_FRAME_BYTES = 8;

    private final Bits bits = new Bits();
    private final Layer3 layer3 = new Layer3();
    private final Synthesis synthesis = new Synthesis();
    private final float[][] bands = new float[2][Synthesis.GRANULE + Layer3.MARGIN];

    /** A decoder at the start of a recording. */
    public MpegDecoder() {}

    /**
     * Decodes a frame.
     *
     * @param frame the whole frame with its header; free format too
     * @param out receives interleaved samples, full scale is [-1, 1]; 2 times {@link #MAX_SAMPLES} always fit
     * @return whether the frame made sense, and all was there that it refers to; where not, {@code out} holds nothing of use
     */
    public boolean decode(byte[] frame, float[] out) {
        if (frame.length < MIN_FRAME_BYTES) {
            return false;
        }
        FrameHeader header = FrameHeader.of(frame);
        bits.wrap(frame, HEADER, frame.length);
        if (header.checksum()) {
            bits.read(16);
        }
        return header.layer() == 3 ? third(header, out) : firstOrSecond(header, out);
    }

    private boolean third(FrameHeader header, float[] out) {
        if (!layer3.begin(header, bits)) {
            return false;
        }
        int granules = header.mpeg1() ? 2 : 1;
        for (int granule = 0; granule < granules; granule++) {
            clear();
            layer3.granule(header, granule, bands);
            synthesis.granule(bands, Synthesis.GRANULE / 32, header.channels(), out, granule * Synthesis.GRANULE);
        }
        layer3.end();
        return true;
    }

    private boolean firstOrSecond(FrameHeader header, float[] out) {
        Layer12 layer = new Layer12(header, bits);
        int from = 0;
        int parts = header.layer() == 1 ? 1 : 3;
        for (int part = 0; part < parts; part++) {
            clear();
            layer.part(bits, part, bands);
            if (bits.overrun()) {
                return false;
            }
            synthesis.granule(bands, Layer12.SLOTS, header.channels(), out, from);
            from += 32 * Layer12.SLOTS;
        }
        return true;
    }

    private void clear() {
        Arrays.fill(bands[0], 0);
        Arrays.fill(bands[1], 0);
    }
}
