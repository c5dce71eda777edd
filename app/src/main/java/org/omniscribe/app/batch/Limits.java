package org.omniscribe.app.batch;

import java.time.Duration;
import java.util.Optional;
import org.omniscribe.asr.io.Faults;

/**
 * What one recording may take of a batch; what takes more is abandoned, and the rest goes on.
 *
 * @param longest seconds of audio, positive; infinite for no limit
 * @param time wall-clock time for one recording; empty for no limit
 * @param silence longest time without any progress, after which a recording counts as stuck
 * @param memory bytes of Java's heap for each recording in work, above what the batch began with, positive;
 *     {@link Long#MAX_VALUE} for no limit
 */
public record Limits(double longest, Optional<Duration> time, Duration silence, long memory) {
    /** No limits but that of being stuck, ten minutes. */
    public static final Limits NONE =
            new Limits(Double.POSITIVE_INFINITY, Optional.empty(), Duration.ofMinutes(10), Long.MAX_VALUE);

    /** Checks all fields and reports every fault at once. */
    public Limits {
        Faults faults = new Faults();
        if (!(longest > 0)) {
            faults.add("the longest recording must be positive, not " + longest + " s");
        }
        if (time.filter(limit -> limit.isNegative() || limit.isZero()).isPresent()
                || silence.isNegative()
                || silence.isZero()) {
            faults.add("times must be positive");
        }
        faults.positive("memory", memory);
        faults.orThrow("Limits");
    }
}
