package org.omniscribe.asr.audio.vorbis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Decodes a Vorbis stream packet by packet: two headers that matter, then sound. Not thread-safe. */
public final class VorbisDecoder {
    private static final byte[] NAME = "vorbis".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 1 + NAME.length;
    private static final int MIN_EXPONENT = 6;
    private static final int MAX_EXPONENT = 13;

    private final int channels;
    private final int sampleRate;
    private final int[] blocks;
    private final Mdct[] transforms;
    private final float[][] windows;
    private Setup setup;
    private final float[][] curves;
    private final float[][] spectra;
    private final boolean[] silent;
    private final float[] block;
    /** The second half of the block before, windowed; how long that block was, 0 before the first. */
    private final float[][] tails;

    private int before;

    /**
     * A decoder at the start of a stream.
     *
     * @param identification the first header
     * @throws IllegalArgumentException if it makes no sense
     */
    public VorbisDecoder(byte[] identification) {
        PacketBits bits = begin(identification, 1);
        PacketBits.require(bits.need(32) == 0, "a version that is not known");
        channels = bits.need(8);
        sampleRate = bits.need(32);
        for (int i = 0; i < 3; i++) {
            bits.need(32);
        }
        int shorter = bits.need(4);
        int longer = bits.need(4);
        PacketBits.require(
                shorter >= MIN_EXPONENT && longer >= shorter && longer <= MAX_EXPONENT,
                "blocks of a size that cannot be");
        PacketBits.require(channels > 0, "no channels");
        blocks = new int[] {1 << shorter, 1 << longer};
        transforms = new Mdct[] {new Mdct(blocks[0]), new Mdct(blocks[1])};
        windows = new float[][] {window(blocks[0] / 2), window(blocks[1] / 2)};
        curves = new float[channels][blocks[1] / 2];
        spectra = new float[channels][blocks[1] / 2];
        silent = new boolean[channels];
        block = new float[blocks[1]];
        tails = new float[channels][blocks[1] / 2];
    }

    /** Channels of the stream. */
    public int channels() {
        return channels;
    }

    /** Frames a second. */
    public int sampleRate() {
        return sampleRate;
    }

    /** The most frames of a packet. */
    public int mostFrames() {
        return blocks[1];
    }

    /**
     * Takes the setup header, the third.
     *
     * @throws IllegalArgumentException if it makes no sense
     */
    public void setup(byte[] packet) {
        setup = Setup.read(begin(packet, 5), channels, blocks[1]);
    }

    private static PacketBits begin(byte[] packet, int type) {
        boolean named =
                packet.length > HEADER && packet[0] == type && Arrays.equals(packet, 1, HEADER, NAME, 0, NAME.length);
        PacketBits.require(named, "no header of Vorbis");
        return new PacketBits(packet, HEADER);
    }

    /** The rising half of the window (section 4.3.1). */
    private static float[] window(int length) {
        float[] window = new float[length];
        for (int i = 0; i < length; i++) {
            double sine = Math.sin((i + 0.5) / length * Math.PI / 2);
            window[i] = (float) Math.sin(Math.PI / 2 * sine * sine);
        }
        return window;
    }

    /**
     * Decodes a packet.
     *
     * @param out receives interleaved samples; {@link #mostFrames()} frames fit
     * @return frames written: from the middle of the block before to that of this; none for the first
     * @throws IllegalArgumentException if it is no packet of sound; what follows it begins from silence
     */
    public int decode(byte[] packet, float[] out) {
        PacketBits bits = new PacketBits(packet, 0);
        int number = -1;
        if (packet.length > 0 && !bits.flag()) {
            number = bits.read(PacketBits.width(setup.modes().length - 1));
        }
        if (number < 0 || number >= setup.modes().length || bits.over()) {
            for (float[] tail : tails) {
                Arrays.fill(tail, 0);
            }
            throw new IllegalArgumentException("no packet of sound");
        }
        Setup.Mode mode = setup.modes()[number];
        int n = blocks[mode.longBlock() ? 1 : 0];
        boolean longBefore = mode.longBlock() && bits.flag();
        boolean longAfter = mode.longBlock() && bits.flag();
        spectra(bits, setup.mappings()[mode.mapping()], n / 2);
        int frames = before == 0 ? 0 : before / 4 + n / 4;
        for (int c = 0; c < channels; c++) {
            if (silent[c]) {
                Arrays.fill(block, 0, n, 0);
            } else {
                transforms[mode.longBlock() ? 1 : 0].inverse(spectra[c], block);
                window(n, longBefore ? 1 : 0, longAfter ? 1 : 0);
            }
            overlap(c, n, frames, out);
        }
        before = n;
        return frames;
    }

    private void spectra(PacketBits bits, Setup.Mapping mapping, int half) {
        boolean[] floorless = new boolean[channels];
        for (int c = 0; c < channels; c++) {
            Floor floor = setup.floors()[mapping.floors()[mapping.submaps()[c]]];
            floorless[c] = !floor.read(bits, curves[c], half);
            silent[c] = floorless[c];
            Arrays.fill(spectra[c], 0, half, 0);
        }
        for (int i = 0; i < mapping.magnitudes().length; i++) {
            int a = mapping.magnitudes()[i];
            int b = mapping.angles()[i];
            if (!silent[a] || !silent[b]) {
                silent[a] = false;
                silent[b] = false;
            }
        }
        for (int part = 0; part < mapping.residues().length; part++) {
            residue(bits, mapping, part, half);
        }
        for (int i = mapping.magnitudes().length - 1; i >= 0; i--) {
            uncouple(spectra[mapping.magnitudes()[i]], spectra[mapping.angles()[i]], half);
        }
        for (int c = 0; c < channels; c++) {
            silent[c] = floorless[c];
            for (int i = 0; i < half && !floorless[c]; i++) {
                spectra[c][i] *= curves[c][i];
            }
        }
    }

    /** Reads the residue of the channels of a part, which need not be neighbours. */
    private void residue(PacketBits bits, Setup.Mapping mapping, int part, int half) {
        int count = 0;
        for (int c = 0; c < channels; c++) {
            count += mapping.submaps()[c] == part ? 1 : 0;
        }
        if (count == 0) {
            return;
        }
        float[][] chosen = new float[count][];
        boolean[] without = new boolean[count];
        int at = 0;
        for (int c = 0; c < channels; c++) {
            if (mapping.submaps()[c] == part) {
                chosen[at] = spectra[c];
                without[at++] = silent[c];
            }
        }
        setup.residues()[mapping.residues()[part]].read(bits, chosen, without, half);
    }

    /** Magnitude and angle become two channels (section 4.3.5). */
    private static void uncouple(float[] magnitudes, float[] angles, int half) {
        for (int i = 0; i < half; i++) {
            float m = magnitudes[i];
            float a = angles[i];
            if (m > 0) {
                magnitudes[i] = a > 0 ? m : m + a;
                angles[i] = a > 0 ? m - a : m;
            } else {
                magnitudes[i] = a > 0 ? m : m - a;
                angles[i] = a > 0 ? m + a : m;
            }
        }
    }

    /** Fades the block in and out over the shorter of it and its neighbours. */
    private void window(int n, int left, int right) {
        int own = n == blocks[1] ? 1 : 0;
        float[] rise = windows[Math.min(own, left)];
        float[] fall = windows[Math.min(own, right)];
        int from = n / 4 - rise.length / 2;
        Arrays.fill(block, 0, from, 0);
        for (int i = 0; i < rise.length; i++) {
            block[from + i] *= rise[i];
        }
        int to = 3 * n / 4 - fall.length / 2;
        for (int i = 0; i < fall.length; i++) {
            block[to + i] *= fall[fall.length - 1 - i];
        }
        Arrays.fill(block, to + fall.length, n, 0);
    }

    /** Adds the second half of the block before to the first half of this, and keeps the second half. */
    private void overlap(int channel, int n, int frames, float[] out) {
        float[] tail = tails[channel];
        int shift = n / 4 - before / 4;
        for (int i = 0; i < frames; i++) {
            float sample = i < before / 2 ? tail[i] : 0;
            int at = i + shift;
            out[i * channels + channel] = at >= 0 ? sample + block[at] : sample;
        }
        System.arraycopy(block, n / 2, tail, 0, n / 2);
    }
}
