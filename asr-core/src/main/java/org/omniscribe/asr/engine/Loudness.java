package org.omniscribe.asr.engine;

import java.util.Locale;

/** How loud samples are. */
final class Loudness {
    private Loudness() {}

    /** Magnitude of the loudest sample; 0 if there is none. */
    static float peak(float[] samples) {
        float peak = 0;
        for (float sample : samples) {
            peak = Math.max(peak, Math.abs(sample));
        }
        return peak;
    }

    /** A magnitude in decibels of full scale, such as "-12 dB of full scale". */
    static String decibels(float magnitude) {
        return magnitude == 0
                ? "digital silence"
                : String.format(Locale.ROOT, "%.0f dB of full scale", 20 * Math.log10(magnitude));
    }

    /**
     * Power of samples after pre-emphasis, which takes out offset and hum and keeps the hiss of s and f.
     *
     * @param from the first sample
     * @param to the sample after the last; what is beyond the end counts as nothing
     */
    static double power(float[] samples, int from, int to) {
        double sum = 0;
        for (int i = Math.max(1, from); i < Math.min(samples.length, to); i++) {
            double difference = samples[i] - 0.97 * samples[i - 1];
            sum += difference * difference;
        }
        return sum;
    }
}
