package org.omniscribe.asr.audio;

import java.io.ByteArrayInputStream;

/** FLAC in Ogg (RFC 9639, section 10.1): a frame a packet. */
final class OggFlacCodec implements OggCodec {
    private static final int MAX_FRAMES = 65536;
    /** Before the stream description: a mark, the version of the mapping, the number of headers, and FLAC's own mark. */
    private static final int MAPPING = 9;

    private static final int STREAM_INFO = 13 + 4 + 34;

    private final Input in;
    private int sampleRate;
    private int channels;
    private int width;
    private int headers = 1;
    private int lastFrames;

    OggFlacCodec(Input in) {
        this.in = in;
    }

    @Override
    public int headerPackets() {
        return headers;
    }

    @Override
    public void header(byte[] packet) {
        if (sampleRate > 0) {
            return;
        }
        if (packet.length < STREAM_INFO || !Input.ascii(packet, MAPPING, 4).equals("fLaC")) {
            throw in.damaged("the header of this FLAC stream in Ogg is cut off");
        }
        headers = 1 + ((packet[7] & 0xff) << 8 | packet[8] & 0xff);
        int at = STREAM_INFO - 34 + 10;
        int packed = (packet[at] & 0xff) << 24
                | (packet[at + 1] & 0xff) << 16
                | (packet[at + 2] & 0xff) << 8
                | packet[at + 3] & 0xff;
        sampleRate = packed >>> 12;
        channels = (packed >> 9 & 7) + 1;
        width = (packed >> 4 & 31) + 1;
    }

    @Override
    public int sampleRate() {
        return sampleRate;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public int preSkip() {
        return 0;
    }

    @Override
    public boolean positionTrimsStart() {
        return false;
    }

    @Override
    public int decode(byte[] packet, float[] out) throws BadPacket {
        FlacFrame frame = new FlacFrame(new Input(new ByteArrayInputStream(packet), in.name()), sampleRate, width);
        try {
            frame.decode();
        } catch (FlacFrame.Nonsense e) {
            throw new BadPacket("a damaged packet", e);
        }
        if (frame.channels() != channels || frame.rate() != sampleRate) {
            throw new BadPacket("a packet of another rate or other channels", null);
        }
        float scale = (float) (1.0 / (1L << frame.width() - 1));
        for (int c = 0; c < channels; c++) {
            long[] samples = frame.samples(c);
            for (int i = 0; i < frame.blockSize(); i++) {
                out[i * channels + c] = samples[i] * scale;
            }
        }
        lastFrames = frame.blockSize();
        return lastFrames;
    }

    @Override
    public int duration(byte[] packet) {
        return lastFrames;
    }

    @Override
    public int mostFrames() {
        return MAX_FRAMES;
    }
}
