package org.omniscribe.asr.engine;

import java.util.Random;
import org.omniscribe.asr.audio.AudioClip;

/**
 * A signal that every model must be able to take: two seconds of a voice-like sound at the level of speech. Where a model
 * fails on a recording and not on this, the recording is at fault.
 */
final class KnownGood {
    private static final int SECONDS = 2;

    /** Hertz of the fundamental: a low voice. */
    private static final double PITCH = 120;

    private static final int HARMONICS = 25;

    private KnownGood() {}

    /** Mono samples at {@link AudioClip#SAMPLE_RATE}; the same every time. */
    static float[] samples() {
        Random random = new Random(1);
        float[] samples = new float[SECONDS * AudioClip.SAMPLE_RATE];
        for (int i = 0; i < samples.length; i++) {
            double second = (double) i / AudioClip.SAMPLE_RATE;
            double sum = 0.05 * random.nextGaussian();
            for (int h = 1; h <= HARMONICS; h++) {
                sum += Math.sin(2 * Math.PI * PITCH * h * second) / h;
            }
            // Four syllables a second.
            samples[i] = (float) (0.1 * sum * Math.pow(Math.sin(Math.PI * 4 * second), 2));
        }
        return samples;
    }
}
