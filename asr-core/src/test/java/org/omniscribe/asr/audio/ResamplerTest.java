package org.omniscribe.asr.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResamplerTest {
    @ParameterizedTest
    @CsvSource({"44100, 16000, 0", "44100, 16000, 1", "44100, 16000, 12345", "8000, 16000, 5000", "48000, 16000, 4096"})
    void lengthIsThatOfTheSameTime(int from, int to, int length) {
        assertEquals(Math.round(length * (double) to / from), Resampler.resample(new float[length], from, to).length);
    }

    @Test
    void neitherLevelNorTimeShift() {
        float[] out = Resampler.resample(Sound.sine(2000, 44100, 44100), 44100, 16000);
        float[] expected = Sound.sine(2000, 16000, 16000);
        double error = Sound.error(Arrays.copyOfRange(out, 500, 15500), Arrays.copyOfRange(expected, 500, 15500));
        assertTrue(error < 1e-3, () -> "relative error " + error);
    }

    @Test
    void theClockDoesNotDrift() {
        float[] out = Resampler.resample(Sound.sine(1000, 44100, 120 * 44100), 44100, 16000);
        float[] expected = Sound.sine(1000, 16000, 120 * 16000);
        int from = 118 * 16000;
        double error = Sound.error(
                Arrays.copyOfRange(out, from, from + 16000), Arrays.copyOfRange(expected, from, from + 16000));
        assertTrue(error < 1e-3, () -> "relative error " + error);
    }

    @Test
    void whatDoesNotFitTheNewRateIsRemoved() {
        float[] out = Resampler.resample(Sound.sine(10000, 44100, 44100), 44100, 16000);
        // It would come back as 6 kHz: here it is 60 dB below its level of 0.35.
        assertTrue(Sound.rms(out, 500, 15500) < 0.35e-3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 4095, 4097})
    void outputDoesNotDependOnThePieces(int piece) {
        float[] in = Sound.sine(700, 22050, 20000);
        float[] whole = Resampler.resample(in, 22050, 16000);
        Resampler resampler = new Resampler(22050, 16000);
        float[] pieces = new float[0];
        for (int at = 0; at < in.length; at += piece) {
            pieces = join(pieces, resampler.push(in, at, Math.min(piece, in.length - at)));
        }
        assertArrayEquals(whole, join(pieces, resampler.finish()));
    }

    private static float[] join(float[] a, float[] b) {
        float[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    void equalRatesChangeNothing() {
        float[] in = Sound.sine(700, 16000, 1000);
        assertArrayEquals(in, Resampler.resample(in, 16000, 16000));
    }

    @Test
    void refusesRatesThatAreNone() {
        assertThrows(IllegalArgumentException.class, () -> new Resampler(0, 16000));
    }

    /** Against the same sound with a hiss of -180 dB, which is never skipped. */
    @Test
    void digitalSilenceOfAnyLengthChangesNoSoundAroundIt() {
        Random random = new Random(6);
        for (int from : new int[] {8000, 11025, 12000, 22050, 32000, 37800, 44100, 48000, 96000, 192000}) {
            float[] quiet = new float[3 * from + random.nextInt(from)];
            int gap = (int) (from * (random.nextInt(100) + 1.5));
            float[] samples = Arrays.copyOf(quiet, 2 * quiet.length + gap);
            for (int i = 0; i < quiet.length; i++) {
                samples[i] = (float) (0.1 * random.nextGaussian());
                samples[quiet.length + gap + i] = (float) (0.1 * random.nextGaussian());
            }
            float[] hiss = samples.clone();
            for (int i = 0; i < hiss.length; i++) {
                hiss[i] += 1e-9f;
            }
            float[] skipping = Resampler.resample(samples, from, 16000);
            assertArrayEquals(Resampler.resample(hiss, from, 16000), skipping, 2e-6f, from + " Hz, " + gap);
            Resampler pieces = new Resampler(from, 16000);
            float[] given = new float[skipping.length];
            int at = 0;
            for (int i = 0, n; i < samples.length; i += n) {
                n = Math.min(samples.length - i, 1 + random.nextInt(20000));
                float[] more = pieces.push(samples, i, n);
                System.arraycopy(more, 0, given, at, more.length);
                at += more.length;
                double behind = (double) (i + n) / from - at / 16000.0;
                assertTrue(
                        behind >= -0.01 && behind <= 12300.0 / from + 0.01, from + " Hz is behind by " + behind + " s");
            }
            float[] rest = pieces.finish();
            System.arraycopy(rest, 0, given, at, rest.length);
            assertEquals(given.length, at + rest.length);
            assertArrayEquals(skipping, given);
        }
    }
}
