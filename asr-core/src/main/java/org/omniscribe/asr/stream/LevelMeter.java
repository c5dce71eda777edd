package org.omniscribe.asr.stream;

import java.util.function.Consumer;
import org.omniscribe.asr.audio.AudioClip;

/** Measures loudness over intervals of equal length, however the samples come. Not thread-safe. */
final class LevelMeter {
    /** Seconds of an interval. */
    static final double SECONDS = 0.05;

    private static final int SAMPLES = (int) (SECONDS * AudioClip.SAMPLE_RATE);

    private final Consumer<? super RecognitionEvent.Level> listener;
    private long intervals;
    private int held;
    private double power;
    private float peak;

    LevelMeter(Consumer<? super RecognitionEvent.Level> listener) {
        this.listener = listener;
    }

    void push(float[] samples, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            power += samples[i] * (double) samples[i];
            peak = Math.max(peak, Math.abs(samples[i]));
            if (++held == SAMPLES) {
                intervals++;
                listener.accept(new RecognitionEvent.Level(intervals * SECONDS, Math.sqrt(power / SAMPLES), peak));
                held = 0;
                power = 0;
                peak = 0;
            }
        }
    }
}
