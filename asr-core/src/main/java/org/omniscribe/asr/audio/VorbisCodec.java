package org.omniscribe.asr.audio;

import org.omniscribe.asr.audio.vorbis.VorbisDecoder;

/** Vorbis I in Ogg. */
final class VorbisCodec implements OggCodec {
    private final Input in;
    private VorbisDecoder decoder;
    private int headers;
    private int lastFrames;

    VorbisCodec(Input in) {
        this.in = in;
    }

    @Override
    public int headerPackets() {
        return 3;
    }

    @Override
    public void header(byte[] packet) {
        headers++;
        try {
            if (headers == 1) {
                decoder = new VorbisDecoder(packet);
            } else if (headers == 3) {
                decoder.setup(packet);
            }
            // The second header holds the comments, which nobody asks for.
        } catch (IllegalArgumentException e) {
            throw in.damaged("header " + headers + " of this Vorbis stream makes no sense", e);
        }
    }

    @Override
    public int sampleRate() {
        return decoder.sampleRate();
    }

    @Override
    public int channels() {
        return decoder.channels();
    }

    @Override
    public int preSkip() {
        return 0;
    }

    @Override
    public boolean positionTrimsStart() {
        return true;
    }

    @Override
    public int decode(byte[] packet, float[] out) throws BadPacket {
        try {
            lastFrames = decoder.decode(packet, out);
            return lastFrames;
        } catch (IllegalArgumentException e) {
            throw new BadPacket("a damaged packet", e);
        }
    }

    @Override
    public int duration(byte[] packet) {
        return lastFrames;
    }

    @Override
    public int mostFrames() {
        return decoder.mostFrames();
    }
}
