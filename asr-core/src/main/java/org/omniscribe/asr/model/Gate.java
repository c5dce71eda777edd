package org.omniscribe.asr.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What the output of the chosen expert is multiplied by. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Gate.Probability.class, name = "PROBABILITY"),
    @JsonSubTypes.Type(value = Gate.Mixed.class, name = "MIXED")
})
public sealed interface Gate {
    /** The share of the probability in the gate: 0 is a gate that is always 1, 1 is the paper's. */
    double share();

    /** The router's probability p of the expert, as in the paper. */
    record Probability() implements Gate {
        @Override
        public double share() {
            return 1;
        }
    }

    /**
     * (1 - share) + share p: an upcycled network begins with a share of 0, at which it computes what the dense network
     * computed, whatever the router says.
     *
     * @param share from 0 to 1
     */
    record Mixed(double share) implements Gate {
        /** Checks the share. */
        public Mixed {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("share must be from 0 to 1, not " + share);
            }
        }
    }
}
