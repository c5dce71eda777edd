package org.omniscribe.export.train;

import be.tarsos.dsp.util.fft.FFT;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.Resampler;

/** Applies a {@link Perturbation} to waveforms: speed, then a room, then noise. Safe for use by several threads. */
final class AudioAugmenter {
    private static final int MAX_ROOM_SAMPLES = AudioClip.SAMPLE_RATE;

    private final List<float[]> noise;
    private final List<float[]> rooms;

    AudioAugmenter(List<Path> noiseFolders, List<Path> roomFolders) {
        noise = load(noiseFolders, "noise");
        rooms = load(roomFolders, "rooms").stream()
                .map(AudioAugmenter::fromPeak)
                .toList();
    }

    private static List<float[]> load(List<Path> folders, String setting) {
        List<float[]> clips = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
                files.filter(f -> f.toString().matches(".*\\.(wav|opus|ogg|flac)"))
                        .sorted()
                        .forEach(f -> {
                            float[] samples = AudioReader.readAll(f).samples();
                            if (power(samples) > 0) {
                                clips.add(samples);
                            }
                        });
            } catch (IOException e) {
                throw new RecipeException(
                        "the recipe's " + setting + " cannot be read (" + e
                                + "). Name files or folders that are there.",
                        e);
            }
        }
        if (clips.isEmpty() && !folders.isEmpty()) {
            throw new RecipeException("the recipe's " + setting + " " + folders
                    + " hold no recording that is not silent. Name a file or folder of WAV, FLAC, Ogg or Opus.");
        }
        return clips;
    }

    /** Cuts what comes before the direct sound, so that a room does not delay its speaker, and very long tails. */
    private static float[] fromPeak(float[] room) {
        int peak = 0;
        for (int i = 0; i < room.length; i++) {
            if (Math.abs(room[i]) > Math.abs(room[peak])) {
                peak = i;
            }
        }
        return Arrays.copyOfRange(room, peak, Math.min(room.length, peak + MAX_ROOM_SAMPLES));
    }

    float[] apply(float[] samples, Perturbation perturbation, Random random) {
        float[] x = samples;
        if (perturbation.speed() != 1) {
            // Played at another rate and sampled again: speed 1.1 means 1.1 times as many samples a second.
            x = Resampler.resample(
                    x, (int) Math.round(AudioClip.SAMPLE_RATE * perturbation.speed()), AudioClip.SAMPLE_RATE);
        }
        if (random.nextDouble() < perturbation.roomShare()) {
            x = convolve(x, rooms.get(random.nextInt(rooms.size())));
        }
        if (random.nextDouble() < perturbation.noiseShare()) {
            double snr = perturbation.minSnr() + random.nextDouble() * (perturbation.maxSnr() - perturbation.minSnr());
            x = mix(x, noise.get(random.nextInt(noise.size())), snr, random);
        }
        return x;
    }

    private static float[] mix(float[] speech, float[] noise, double snr, Random random) {
        double gain = Math.sqrt(power(speech) / power(noise) * Math.pow(10, -snr / 10));
        int from = random.nextInt(noise.length);
        float[] mixed = new float[speech.length];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = speech[i] + (float) gain * noise[(from + i) % noise.length];
        }
        return mixed;
    }

    private static double power(float[] samples) {
        double sum = 0;
        for (float v : samples) {
            sum += (double) v * v;
        }
        return samples.length == 0 ? 0 : sum / samples.length;
    }

    /** The first {@code x.length} samples of the convolution, scaled to the power of {@code x}. */
    static float[] convolve(float[] x, float[] room) {
        if (x.length == 0) {
            return x;
        }
        int size = Integer.highestOneBit(x.length + room.length) * 2;
        FFT fft = new FFT(size);
        float[] a = Arrays.copyOf(x, size);
        float[] b = Arrays.copyOf(room, size);
        fft.forwardTransform(a);
        fft.forwardTransform(b);
        // Packed spectrum: [0] and [1] are the real bins 0 and size / 2, then pairs of real and imaginary parts.
        a[0] *= b[0];
        a[1] *= b[1];
        for (int i = 2; i < size; i += 2) {
            float re = a[i] * b[i] - a[i + 1] * b[i + 1];
            a[i + 1] = a[i] * b[i + 1] + a[i + 1] * b[i];
            a[i] = re;
        }
        fft.backwardsTransform(a);
        float[] y = Arrays.copyOf(a, x.length);
        double power = power(y);
        if (power > 0) {
            float gain = (float) Math.sqrt(power(x) / power);
            for (int i = 0; i < y.length; i++) {
                y[i] *= gain;
            }
        }
        return y;
    }
}
