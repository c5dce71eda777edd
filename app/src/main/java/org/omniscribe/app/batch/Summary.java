package org.omniscribe.app.batch;

import java.util.EnumMap;
import java.util.Map;

/** What became of a batch, added up from its events. Not thread-safe. */
public final class Summary {
    private final Map<Failure.Kind, Integer> failures = new EnumMap<>(Failure.Kind.class);
    private int done;
    private double audioSeconds;

    /** Takes an event in. */
    public void add(BatchEvent event) {
        if (event instanceof BatchEvent.Done one) {
            done++;
            audioSeconds += one.seconds();
        } else if (event instanceof BatchEvent.Failed one) {
            failures.merge(one.failure().kind(), 1, Integer::sum);
        }
    }

    /** Recordings that were transcribed. */
    public int done() {
        return done;
    }

    /** Recordings that failed. */
    public int failed() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Recordings that failed, by kind; those kinds only that there were. */
    public Map<Failure.Kind, Integer> failures() {
        return Map.copyOf(failures);
    }

    /** Seconds of audio that were transcribed. */
    public double audioSeconds() {
        return audioSeconds;
    }
}
