package org.omniscribe.asr.audio;

import java.util.Locale;

/**
 * Refuses samples that are no sound: those that are not finite, and those beyond {@link #LIMIT}. A damaged file, or one whose
 * header names the wrong format, has such samples; a network would make nonsense of all that is near them. Not thread-safe.
 */
public final class SampleCheck {
    /** The largest magnitude of a sample, full scale being 1: 80 dB above what a loudspeaker plays. */
    public static final float LIMIT = 1e4f;

    private final String name;
    private final int sampleRate;
    private final int channels;
    private long samples;

    /**
     * Starts at the beginning of a recording.
     *
     * @param name what messages call the recording
     * @param sampleRate frames a second
     * @param channels samples of a frame
     */
    public SampleCheck(String name, int sampleRate, int channels) {
        this.name = name;
        this.sampleRate = sampleRate;
        this.channels = channels;
    }

    /** Frames that have passed. */
    public long frames() {
        return samples / channels;
    }

    /** Seconds of sound that have passed. */
    public double seconds() {
        return (double) frames() / sampleRate;
    }

    /**
     * Looks at the next samples.
     *
     * @param buffer holds them, frame after frame
     * @param offset the first of them
     * @param length how many there are, a multiple of the channels
     * @throws AudioException if one of them is no sound; the message names the first and its time
     */
    public void pass(float[] buffer, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            // Put this way round, the comparison also fails for what is not a number.
            if (!(Math.abs(buffer[i]) <= LIMIT)) {
                throw refusal(buffer[i], samples + i - offset);
            }
        }
        samples += length;
    }

    private AudioException refusal(float value, long index) {
        long frame = index / channels;
        String channel = channels == 1 ? "" : " of channel " + (index % channels + 1);
        return AudioException.unusable(
                name,
                String.format(
                        Locale.ROOT,
                        "at %.4f s, the sample%s is %s, where full scale is 1: this is no sound",
                        (double) frame / sampleRate,
                        channel,
                        Float.isFinite(value) ? String.format(Locale.ROOT, "%.3g", value) : "not a finite number"),
                "The file is damaged, or its header names the wrong sample format: copy or export it again as 16-bit PCM.",
                null);
    }
}
