package org.omniscribe.asr.audio;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Fixtures and measures that the tests of this package share. */
final class Sound {
    /** Every recording among the fixtures. */
    static final List<String> FILES = List.of(
            "u8.wav",
            "s16-pipe.wav",
            "s24-extensible.wav",
            "s32.wav",
            "f32.wav",
            "f64.wav",
            "mulaw.wav",
            "alaw.wav",
            "s24.aiff",
            "sowt.aifc",
            "mulaw.au",
            "s16-big.sph",
            "mulaw.sph",
            "shorten.sph",
            "s16.flac",
            "s24.flac",
            "constant.mp3",
            "variable-tagged.mp3",
            "vorbis.ogg",
            "s32.flac",
            "flac.ogg",
            "surround.ogg",
            "layer2-24000-1-96.mp2",
            "layer3-8000.mp3",
            "speech-gain.opus");

    private Sound() {}

    static byte[] bytes(String fixture) {
        try (InputStream in = Sound.class.getResourceAsStream(fixture)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static AudioReader open(byte[] bytes) {
        return AudioReader.open(new ByteArrayInputStream(bytes), "test", new Channel.Mix());
    }

    /** All samples of a recording, read in pieces of the given size. */
    static float[] samples(AudioReader reader, int piece) {
        float[] all = new float[0];
        float[] buffer = new float[piece];
        int n;
        while ((n = reader.read(buffer, 0, piece)) >= 0) {
            all = Arrays.copyOf(all, all.length + n);
            System.arraycopy(buffer, 0, all, all.length - n, n);
        }
        return all;
    }

    static float[] samples(byte[] bytes) {
        try (AudioReader reader = open(bytes)) {
            return samples(reader, 1 << 16);
        }
    }

    /** A reference decode: 16-bit little-endian samples. */
    static float[] reference(String fixture) {
        var shorts =
                ByteBuffer.wrap(bytes(fixture)).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        float[] samples = new float[shorts.remaining()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = shorts.get(i) / 32768f;
        }
        return samples;
    }

    /** Root mean square of the difference over that of the reference, over their common length. */
    static double error(float[] actual, float[] reference) {
        double difference = 0;
        double power = 0;
        for (int i = 0; i < Math.min(actual.length, reference.length); i++) {
            difference += Math.pow(actual[i] - reference[i], 2);
            power += Math.pow(reference[i], 2);
        }
        return Math.sqrt(difference / power);
    }

    static double rms(float[] samples, int from, int to) {
        double power = 0;
        for (int i = from; i < to; i++) {
            power += samples[i] * samples[i];
        }
        return Math.sqrt(power / (to - from));
    }

    static float[] sine(double hertz, int rate, int length) {
        float[] samples = new float[length];
        for (int i = 0; i < length; i++) {
            samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        return samples;
    }

    /** The 44 bytes of a plain WAV header. */
    static byte[] wavHeader(int format, int channels, int rate, int bits, int dataSize) {
        ByteBuffer head = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN);
        head.put("RIFF".getBytes()).putInt(dataSize + 36).put("WAVEfmt ".getBytes());
        head.putInt(16).putShort((short) format).putShort((short) channels).putInt(rate);
        head.putInt(rate * channels * bits / 8)
                .putShort((short) (channels * bits / 8))
                .putShort((short) bits);
        head.put("data".getBytes()).putInt(dataSize);
        return head.array();
    }

    /** A mono 16-bit WAV file. */
    static byte[] wav(float[] samples, int rate) {
        ByteBuffer file = ByteBuffer.allocate(44 + 2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(wavHeader(1, 1, rate, 16, 2 * samples.length));
        for (float sample : samples) {
            file.putShort((short) Math.round(sample * 32767));
        }
        return file.array();
    }

    static byte[] concat(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(p -> p.length).sum();
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    /** Makes the checksums of an Ogg file's pages right again (RFC 3533, section 6). */
    static void fixOggChecksums(byte[] file) {
        int page = 0;
        while (page + 27 <= file.length) {
            int length = 27 + file[page + 26];
            for (int i = 27; i < 27 + file[page + 26]; i++) {
                length += file[page + i] & 0xff;
            }
            Arrays.fill(file, page + 22, page + 26, (byte) 0);
            int crc = 0;
            for (int i = page; i < page + length; i++) {
                crc ^= file[i] << 24;
                for (int bit = 0; bit < 8; bit++) {
                    crc = crc < 0 ? crc << 1 ^ 0x04C11DB7 : crc << 1;
                }
            }
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(page + 22, crc);
            page += length;
        }
    }
}
