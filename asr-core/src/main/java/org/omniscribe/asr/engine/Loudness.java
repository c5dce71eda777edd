package org.omniscribe.asr.engine;

/** How loud samples are. */
final class Loudness {
    /** Three units of 16-bit PCM, -80 dB of full scale: dither and the noise of an idle converter stay below it. */
    private static final float AUDIBLE = 1e-4f;

    private Loudness() {}

    /** Whether any sample is loud enough to belong to a recording of something. */
    static boolean audible(float[] samples) {
        for (float sample : samples) {
            if (Math.abs(sample) >= AUDIBLE) {
                return true;
            }
        }
        return false;
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
