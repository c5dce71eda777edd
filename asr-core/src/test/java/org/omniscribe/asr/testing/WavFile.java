package org.omniscribe.asr.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.omniscribe.asr.audio.AudioClip;

/** Writes recordings for tests: WAV, 16 bits, 16 kHz. */
public final class WavFile {
    private static final int HEADER = 44;

    private WavFile() {}

    /**
     * Writes a recording.
     *
     * @param channels samples from -1 to 1, a row a channel, all rows of one length
     * @return the file
     */
    public static Path write(Path file, float[]... channels) throws IOException {
        short[] samples = new short[channels[0].length * channels.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) Math.round(channels[i % channels.length][i / channels.length] * Short.MAX_VALUE);
        }
        return write(file, channels.length, samples);
    }

    /**
     * Writes a recording of one channel.
     *
     * @param length in samples
     * @param sample the value of each sample, of 16 bits
     * @return the file
     */
    public static Path write(Path file, int length, IntUnaryOperator sample) throws IOException {
        short[] samples = new short[length];
        for (int i = 0; i < length; i++) {
            samples[i] = (short) sample.applyAsInt(i);
        }
        return write(file, 1, samples);
    }

    /** Writes silence. */
    public static Path silence(Path file, double seconds) throws IOException {
        return write(file, (int) (seconds * AudioClip.SAMPLE_RATE), i -> 0);
    }

    /** Writes a tone of a quarter of full scale. */
    public static Path tone(Path file, double seconds, double hertz) throws IOException {
        return write(file, (int) (seconds * AudioClip.SAMPLE_RATE), i ->
                (int) (8000 * Math.sin(2 * Math.PI * hertz * i / AudioClip.SAMPLE_RATE)));
    }

    /** Writes noise, the same for the same length. */
    public static Path noise(Path file, double seconds) throws IOException {
        int length = (int) (seconds * AudioClip.SAMPLE_RATE);
        Random random = new Random(length);
        return write(file, length, i -> random.nextInt());
    }

    private static Path write(Path file, int channels, short[] samples) throws IOException {
        int bytes = 2 * samples.length;
        ByteBuffer wav = ByteBuffer.allocate(HEADER + bytes).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(HEADER - 8 + bytes).put(ascii("WAVE"));
        wav.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) channels);
        wav.putInt(AudioClip.SAMPLE_RATE).putInt(2 * channels * AudioClip.SAMPLE_RATE);
        wav.putShort((short) (2 * channels)).putShort((short) 16);
        wav.put(ascii("data")).putInt(bytes);
        for (short sample : samples) {
            wav.putShort(sample);
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.write(file, wav.array());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
