package org.omniscribe.asr.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class AudioReaderTest {
    static final List<String> FILES = Sound.FILES;

    @ParameterizedTest
    @FieldSource("FILES")
    void samplesDoNotDependOnThePieces(String fixture) {
        byte[] bytes = Sound.bytes(fixture);
        float[] whole = Sound.samples(bytes);
        Random random = new Random(1);
        // The input arrives in pieces of any size, too.
        InputStream drip = new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] b, int offset, int length) {
                return super.read(b, offset, Math.min(length, 1 + random.nextInt(700)));
            }
        };
        try (AudioReader reader = AudioReader.open(drip, "drip", new Channel.Mix())) {
            assertArrayEquals(whole, Sound.samples(reader, 37));
        }
    }

    @Test
    void picksOneChannelOrMixesAll() {
        byte[] file = Sound.bytes("s16-pipe.wav");
        float[] left = pick(file, 0);
        float[] right = pick(file, 1);
        float[] mix = Sound.samples(file);
        float[] mean = new float[mix.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (left[i] + right[i]) / 2;
        }
        assertTrue(Sound.error(mix, mean) < 1e-6);
        // The right channel is a tone of 440 Hz.
        assertTrue(Sound.error(
                        Arrays.copyOfRange(right, 400, 2000),
                        scaled(Arrays.copyOfRange(Sound.sine(440, 16000, 2400), 400, 2000), 0.6f))
                < 1e-3);
        AudioException e = assertThrows(AudioException.class, () -> pick(file, 2));
        assertTrue(e.getMessage().contains("has no channel 3: it has 2"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Channel.Pick(-1));
    }

    private static float[] pick(byte[] file, int channel) {
        try (AudioReader reader = AudioReader.open(new ByteArrayInputStream(file), "test", new Channel.Pick(channel))) {
            return Sound.samples(reader, 1000);
        }
    }

    private static float[] scaled(float[] samples, float factor) {
        for (int i = 0; i < samples.length; i++) {
            samples[i] *= factor;
        }
        return samples;
    }

    @Test
    void readsManyChannels() {
        float[] one = Sound.sine(300, 16000, 1600);
        byte[] mono = Sound.wav(one, 16000);
        byte[] file = new byte[44 + (mono.length - 44) * 6];
        System.arraycopy(Sound.wavHeader(1, 6, 16000, 16, file.length - 44), 0, file, 0, 44);
        for (int i = 0; i < 1600; i++) {
            // The tone in channel 5, silence in the others.
            file[44 + 12 * i + 10] = mono[44 + 2 * i];
            file[44 + 12 * i + 11] = mono[44 + 2 * i + 1];
        }
        assertTrue(Sound.error(pick(file, 5), one) < 1e-3);
        assertEquals(0, Sound.rms(pick(file, 4), 0, 1600));
        assertTrue(Sound.error(Sound.samples(file), scaled(one.clone(), 1 / 6f)) < 1e-3);
    }

    @ParameterizedTest
    @ValueSource(ints = {4000, 11025, 16000, 44100, 96000, 192000})
    void readsAnyRate(int rate) {
        float[] samples = Sound.samples(Sound.wav(Sound.sine(1000, rate, rate), rate));
        assertEquals(16000, samples.length);
        float[] expected = Sound.sine(1000, 16000, 16000);
        double error = Sound.error(Arrays.copyOfRange(samples, 1000, 15000), Arrays.copyOfRange(expected, 1000, 15000));
        assertTrue(error < 1e-3, () -> "relative error " + error);
    }

    @Test
    void refusesRatesOutsideTheRange() {
        for (int rate : new int[] {0, 3999, 192001, -1}) {
            AudioException e = assertThrows(
                    AudioException.class, () -> Sound.samples(Sound.wav(new float[100], rate)), "rate " + rate);
            assertTrue(e.getMessage().contains("4000 to 192000 Hz"), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 0x7ffff000})
    void aLengthThatIsUnknownMeansToTheEnd(int claimed) {
        float[] tone = Sound.sine(500, 16000, 8000);
        byte[] file = Sound.wav(tone, 16000);
        System.arraycopy(Sound.wavHeader(1, 1, 16000, 16, claimed), 0, file, 0, 44);
        try (AudioReader reader = Sound.open(file)) {
            assertTrue(Double.isNaN(reader.seconds()));
            assertEquals(8000, Sound.samples(reader, 512).length);
            assertEquals(List.of(), reader.warnings());
        }
    }

    @Test
    void leavesOutChunksAfterTheSamples() {
        byte[] list = Sound.concat("LIST".getBytes(), new byte[] {8, 0, 0, 0}, "INFOabcd".getBytes());
        byte[] file = Sound.concat(Sound.wav(Sound.sine(500, 16000, 800), 16000), list);
        assertEquals(800, Sound.samples(file).length);
    }

    @Test
    void readsRf64() {
        byte[] plain = Sound.wav(Sound.sine(500, 16000, 800), 16000);
        byte[] ds64 = new byte[8 + 28];
        System.arraycopy("ds64".getBytes(), 0, ds64, 0, 4);
        ds64[4] = 28;
        ds64[16] = (byte) (1600 & 0xff);
        ds64[17] = (byte) (1600 >> 8);
        byte[] file = Sound.concat(
                "RF64".getBytes(),
                new byte[] {-1, -1, -1, -1},
                "WAVE".getBytes(),
                ds64,
                Arrays.copyOfRange(plain, 12, 40),
                new byte[] {-1, -1, -1, -1},
                Arrays.copyOfRange(plain, 44, plain.length),
                "LIST".getBytes());
        assertArrayEquals(Sound.samples(plain), Sound.samples(file));
    }

    @Test
    void infinitiesAndNaNsBecomeSilence() {
        byte[] file = new byte[44 + 4 * 1000];
        System.arraycopy(Sound.wavHeader(3, 1, 8000, 32, 4000), 0, file, 0, 44);
        file[44 + 4 * 500 + 2] = (byte) 0x80;
        file[44 + 4 * 500 + 3] = 0x7f;
        file[44 + 4 * 501 + 2] = (byte) 0xc0;
        file[44 + 4 * 501 + 3] = 0x7f;
        float[] samples = Sound.samples(file);
        assertEquals(2000, samples.length);
        assertEquals(0, Sound.rms(samples, 0, 2000));
    }

    @Test
    void silenceIsNoError() {
        float[] samples = Sound.samples(Sound.wav(new float[16000], 16000));
        assertArrayEquals(new float[16000], samples);
    }

    @Test
    void readsTwoHoursFromAPipeInTheMemoryOfAMinute() {
        long seconds = 2 * 3600;
        InputStream zeros = new InputStream() {
            private long left = seconds * 16000 * 2;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                if (left <= 0) {
                    return -1;
                }
                int n = (int) Math.min(length, left);
                Arrays.fill(bytes, offset, offset + n, (byte) 0);
                left -= n;
                return n;
            }
        };
        byte[] header = Sound.wavHeader(1, 1, 16000, 16, -1);
        InputStream pipe = new SequenceInputStream(new ByteArrayInputStream(header), zeros);
        float[] buffer = new float[16000];
        try (AudioReader reader = AudioReader.open(pipe, "pipe", new Channel.Mix())) {
            long count = 0;
            long used = 0;
            int n;
            while ((n = reader.read(buffer, 0, buffer.length)) >= 0) {
                count += n;
                if (count == 60 * 16000) {
                    used = usedMemory();
                }
            }
            assertEquals(seconds * 16000, count);
            // The whole would be 460 MB.
            long grown = usedMemory() - used;
            assertTrue(grown < 4 << 20, () -> "memory grew by " + grown + " bytes");
        }
    }

    private static long usedMemory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void closesTheStreamItWasGiven() {
        boolean[] closed = new boolean[1];
        InputStream in = new ByteArrayInputStream(Sound.bytes("u8.wav")) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        AudioReader.open(in, "test", new Channel.Mix()).close();
        assertTrue(closed[0]);
        closed[0] = false;
        InputStream garbage = new ByteArrayInputStream("not sound".getBytes()) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        assertThrows(AudioException.class, () -> AudioReader.open(garbage, "test", new Channel.Mix()));
        assertTrue(closed[0], "also where opening fails");
    }
}
