package org.omniscribe.asr.audio;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.github.jaredmdobson.concentus.OpusMSDecoder;
import io.github.jaredmdobson.concentus.OpusPacketInfo;
import java.util.Arrays;

/**
 * Opus (RFC 6716) in Ogg (RFC 7845): one or two channels, or more as several coupled streams; the output gain applied.
 *
 * <p>Decodes at 48 kHz: at lower rates the decoder library turns packets in hybrid mode into silence.
 */
final class OpusCodec implements OggCodec {
    private static final int RATE = 48000;
    /** The longest packet there is: 120 ms. */
    private static final int MAX_FRAMES = RATE * 120 / 1000;

    /** A packet of so few bytes has no sound (RFC 6716, section 2.1.9), and after so many frames of such there is silence. */
    private static final int MAX_EMPTY_BYTES = 2;

    private static final int CONCEALED = 2 * RATE;

    /** One packet to interleaved 16-bit samples. */
    private interface Decoder {
        int decode(byte[] packet, short[] out) throws OpusException;
    }

    private final Input in;
    private Decoder decoder;
    private int channels;
    private int preSkip;
    private float scale;
    private short[] samples;
    /** Frames in a row that had no sound. */
    private long quiet;

    OpusCodec(Input in) {
        this.in = in;
    }

    @Override
    public int headerPackets() {
        return 2;
    }

    @Override
    public void header(byte[] packet) {
        if (decoder != null) {
            // The second header holds the tags.
            return;
        }
        if (packet.length < 19) {
            throw in.damaged("the header of this Opus stream is cut off");
        }
        if ((packet[8] & 0xf0) != 0) {
            throw in.unsupported("an Opus file of version " + (packet[8] & 0xff) + ", which is not known here");
        }
        channels = packet[9] & 0xff;
        int family = packet[18] & 0xff;
        if (channels == 0 || family == 0 && channels > 2 || family != 0 && packet.length < 21 + channels) {
            throw in.damaged("the header of this Opus stream makes no sense (" + channels + " channels)");
        }
        preSkip = (int) OggStream.little(packet, 10, 2);
        // Q7.8 decibels (RFC 7845, section 5.1)
        scale = (float) (Math.pow(10, (short) OggStream.little(packet, 16, 2) / (20.0 * 256)) / 32768);
        samples = new short[MAX_FRAMES * channels];
        try {
            decoder = decoder(family, packet);
        } catch (OpusException | RuntimeException e) {
            throw in.damaged("the header of this Opus stream makes no sense (" + e.getMessage() + ")", e);
        }
    }

    private Decoder decoder(int family, byte[] head) throws OpusException {
        if (family == 0) {
            OpusDecoder opus = new OpusDecoder(RATE, channels);
            return (packet, out) -> opus.decode(packet, 0, packet.length, out, 0, MAX_FRAMES, false);
        }
        short[] mapping = new short[channels];
        for (int c = 0; c < channels; c++) {
            mapping[c] = (short) (head[21 + c] & 0xff);
        }
        OpusMSDecoder opus = OpusMSDecoder.create(RATE, channels, head[19] & 0xff, head[20] & 0xff, mapping);
        return (packet, out) -> opus.decodeMultistream(packet, 0, packet.length, out, 0, MAX_FRAMES, 0);
    }

    @Override
    public int sampleRate() {
        return RATE;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public int preSkip() {
        return preSkip;
    }

    @Override
    public boolean positionTrimsStart() {
        return false;
    }

    @Override
    public int decode(byte[] packet, float[] out) throws BadPacket {
        if (packet.length == 0) {
            throw new BadPacket("an empty packet", null);
        }
        int frames;
        int length = duration(packet);
        quiet = packet.length <= MAX_EMPTY_BYTES && length > 0 ? quiet + length : 0;
        if (quiet > CONCEALED) {
            // The encoder sends nothing while nothing is to be heard, and what the decoder makes up has faded away.
            Arrays.fill(out, 0, length * channels, 0);
            return length;
        }
        try {
            frames = decoder.decode(packet, samples);
        } catch (OpusException | RuntimeException | AssertionError e) {
            throw new BadPacket("a damaged packet", e);
        }
        for (int i = 0; i < frames * channels; i++) {
            out[i] = samples[i] * scale;
        }
        return frames;
    }

    @Override
    public int duration(byte[] packet) {
        int frames = packet.length == 0 ? 0 : OpusPacketInfo.getNumSamples(packet, 0, packet.length, RATE);
        return frames < 0 || frames > MAX_FRAMES ? 0 : frames;
    }

    @Override
    public int mostFrames() {
        return MAX_FRAMES;
    }
}
