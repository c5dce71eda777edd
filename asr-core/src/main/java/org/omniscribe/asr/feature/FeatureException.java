package org.omniscribe.asr.feature;

import java.util.List;

/** A feature specification that does not add up; says everything that is wrong with it. */
public final class FeatureException extends IllegalArgumentException {
    private final transient List<String> faults;

    FeatureException(String where, List<String> faults) {
        super(where + ": " + String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    /** The faults, one sentence each, never empty. */
    public List<String> faults() {
        return faults;
    }
}
