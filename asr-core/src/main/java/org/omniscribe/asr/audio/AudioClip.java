package org.omniscribe.asr.audio;

import java.util.List;

/**
 * A piece of sound in memory.
 *
 * @param samples mono samples at {@value #SAMPLE_RATE} Hz, full scale is [-1, 1]; not copied
 * @param warnings what was wrong with the file it came from, in plain sentences; empty for a sound file
 */
public record AudioClip(float[] samples, List<String> warnings) {
    /** Samples a second of every clip. */
    public static final int SAMPLE_RATE = 16000;

    public AudioClip {
        if (samples == null) {
            throw new IllegalArgumentException("samples are missing");
        }
        warnings = List.copyOf(warnings);
    }

    /** Length in seconds. */
    public double seconds() {
        return samples.length / (double) SAMPLE_RATE;
    }

    /** The samples from the first on, to be read once. */
    public SampleSource source() {
        int[] at = {0};
        return (buffer, offset, length) -> {
            int count = Math.min(length, samples.length - at[0]);
            System.arraycopy(samples, at[0], buffer, offset, count);
            at[0] += count;
            return count == 0 && length > 0 ? -1 : count;
        };
    }
}
