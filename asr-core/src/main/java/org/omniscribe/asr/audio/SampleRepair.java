package org.omniscribe.asr.audio;

import java.util.Locale;

/**
 * Takes samples out of a recording that are no sound: those that are not finite, and those far beyond full scale. A few become
 * silence, with a warning; where there are many, the file is not what its header says, and is refused.
 */
final class SampleRepair {
    /** The largest magnitude of a sample, full scale being 1; filters behind this must not come beyond 10,000. */
    static final float LIMIT = 8000;

    private static final long MANY = 1000;

    private final Input in;
    private final int channels;
    private final int rate;
    private long samples;
    private long bad;
    private long firstBad;

    SampleRepair(Input in, int channels, int rate) {
        this.in = in;
        this.channels = channels;
        this.rate = rate;
    }

    /**
     * Looks at the next samples and repairs them in place.
     *
     * @param last whether they are the last
     * @throws AudioException if more than one in a hundred is no sound
     */
    void repair(float[] interleaved, int count, boolean last) {
        for (int i = 0; i < count; i++) {
            // Put this way round, the comparison also fails for what is not a number.
            if (!(Math.abs(interleaved[i]) <= LIMIT)) {
                firstBad = bad == 0 ? samples + i : firstBad;
                bad++;
                interleaved[i] = 0;
            }
        }
        samples += count;
        if (bad * 100 > samples && (last || bad >= MANY)) {
            throw in.damagedAt(
                    -1,
                    String.format(
                            Locale.ROOT,
                            "%,d of its first %,d samples are no numbers, or are beyond %,.0f times full scale (the first at"
                                    + " %s): they are out of range for sound, so the header names the wrong sample format",
                            bad,
                            samples,
                            LIMIT,
                            time()),
                    null);
        }
        if (last && bad > 0) {
            in.warn(String.format(
                    Locale.ROOT,
                    "samples that are no numbers or beyond %,.0f times full scale were replaced by silence: %,d (the first at %s)",
                    LIMIT,
                    bad,
                    time()));
        }
    }

    private String time() {
        return Damage.time(firstBad / channels / (double) rate);
    }
}
