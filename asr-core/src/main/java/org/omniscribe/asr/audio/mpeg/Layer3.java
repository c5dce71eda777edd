package org.omniscribe.asr.audio.mpeg;

import java.util.List;

/** Layer III: the data of a frame, which may begin in the frames before it, become sub-bands. */
final class Layer3 {
    /** Values behind the last band that a damaged granule may reach. */
    static final int MARGIN = 8;

    private static final int RESERVOIR = 511;

    private final Bits data = new Bits();
    private final Huffman huffman = new Huffman();
    private final ScaleFactors[] scales = {new ScaleFactors(), new ScaleFactors()};
    private final Hybrid hybrid = new Hybrid();
    private byte[] reservoir = new byte[0];
    private List<SideInfo> infos;

    /** Reads the side information of a frame and gathers its data; false if they are damaged or not all there. */
    boolean begin(FrameHeader header, Bits frame) {
        int channels = header.channels();
        int mainDataBegin;
        int shared = 0;
        if (header.mpeg1()) {
            mainDataBegin = frame.read(9);
            shared = frame.read(7 + 2 * channels) & (1 << 4 * channels) - 1;
        } else {
            mainDataBegin = frame.read(8 + channels) >> channels;
        }
        infos = SideInfo.read(header, frame, shared);
        if (infos == null || frame.overrun()) {
            reservoir = new byte[0];
            return false;
        }
        int needed = infos.stream().mapToInt(SideInfo::bits).sum();
        if (needed + frame.at > frame.end + 8 * mainDataBegin) {
            reservoir = new byte[0];
            return false;
        }
        int before = Math.min(reservoir.length, mainDataBegin);
        int own = (frame.end - frame.at) / 8;
        byte[] all = new byte[before + own];
        System.arraycopy(reservoir, reservoir.length - before, all, 0, before);
        System.arraycopy(frame.bytes, frame.at / 8, all, before, own);
        data.wrap(all, 0, all.length);
        if (before < mainDataBegin) {
            // This frame is lost, but the next may refer to its data.
            keep(0);
            return false;
        }
        return true;
    }

    /** Keeps what the frames to come may refer to. */
    void end() {
        keep((data.at + 7) / 8);
    }

    private void keep(int from) {
        int end = data.end / 8;
        int start = Math.min(end, Math.max(from, end - RESERVOIR));
        byte[] kept = new byte[end - start];
        System.arraycopy(data.bytes, start, kept, 0, kept.length);
        reservoir = kept;
    }

    /** Decodes a granule into sub-bands, sub-band after sub-band; {@code bands} is 0 before. */
    void granule(FrameHeader header, int granule, float[][] bands) {
        int channels = header.channels();
        int first = granule * channels;
        for (int c = 0; c < channels; c++) {
            SideInfo info = infos.get(first + c);
            int limit = data.at + info.bits();
            scales[c].read(header, data, info, c);
            huffman.read(data, info, scales[c].factors, limit, bands[c]);
        }
        if (channels == 2) {
            SideInfo left = infos.get(first);
            if (header.intensity()) {
                Stereo.intensity(header, left, infos.get(first + 1), scales[1].positions, bands);
            } else if (header.midSide()) {
                Stereo.midSide(bands, 0, Synthesis.GRANULE);
            }
        }
        for (int c = 0; c < channels; c++) {
            hybrid.apply(header, infos.get(first + c), c, bands[c]);
        }
    }
}
