package org.omniscribe.asr.feature;

/** A rising tone in noise of a linear congruential generator; feature_golden.py has the same formula. */
final class TestSignal {
    private TestSignal() {}

    static float[] of(int length) {
        float[] samples = new float[length];
        int state = 1;
        for (int i = 0; i < length; i++) {
            state = (state * 1103515245 + 12345) & 0x7FFFFFFF;
            double noise = state / (double) (1 << 30) - 1;
            samples[i] = (float) (0.3 * Math.sin(2 * Math.PI * i * (200 + 0.8 * i) / 16000) + 0.05 * noise);
        }
        return samples;
    }
}
