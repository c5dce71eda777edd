package org.omniscribe.asr.feature;

import java.util.List;
import org.omniscribe.asr.io.OmniscribeException;

/** A feature specification that does not add up; says everything that is wrong with it. */
public final class FeatureException extends OmniscribeException {
    private final transient List<String> faults;

    FeatureException(String where, List<String> faults) {
        super(Kind.INPUT, where + ": " + String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    /** The faults, one sentence each, never empty. */
    public List<String> faults() {
        return faults;
    }
}
