package org.omniscribe.asr.model;

import java.util.Objects;
import org.omniscribe.asr.routing.RoutingTrace;

/**
 * What the acoustic model says of one utterance.
 *
 * @param logProbs {@code [step][token]}, natural logarithms that sum to one as probabilities; token 0 is the blank
 * @param routing the experts of every layer and step
 * @param stepSeconds seconds from one step to the next
 */
public record Emission(float[][] logProbs, RoutingTrace routing, double stepSeconds) {
    /** Checks that the parts fit each other. */
    public Emission {
        Objects.requireNonNull(logProbs, "logProbs");
        Objects.requireNonNull(routing, "routing");
        if (!(stepSeconds > 0)) {
            throw new IllegalArgumentException("stepSeconds must be positive, not " + stepSeconds);
        }
        if (routing.layers() > 0 && routing.steps() != logProbs.length) {
            throw new IllegalArgumentException(
                    "routing has " + routing.steps() + " steps, logProbs has " + logProbs.length);
        }
    }

    /** Number of steps. */
    public int steps() {
        return logProbs.length;
    }
}
