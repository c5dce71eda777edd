package org.omniscribe.asr.model;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.omniscribe.asr.routing.RoutingTrace;

/**
 * What the acoustic model says of one utterance.
 *
 * @param logProbs {@code [step][token]}, natural logarithms that sum to one as probabilities; token 0 is the blank
 * @param phoneLogProbs {@code [step][phone]}, likewise for the phones of a second read-out; empty where the model has
 *     none
 * @param routing the experts of every layer and step
 * @param stepSeconds seconds from one step to the next
 */
public record Emission(float[][] logProbs, float[][] phoneLogProbs, RoutingTrace routing, double stepSeconds) {
    private static final float[][] NO_PHONES = {};

    /** Checks that the parts fit each other. */
    public Emission {
        Objects.requireNonNull(logProbs, "logProbs");
        Objects.requireNonNull(phoneLogProbs, "phoneLogProbs");
        Objects.requireNonNull(routing, "routing");
        if (!(stepSeconds > 0)) {
            throw new IllegalArgumentException("stepSeconds must be positive, not " + stepSeconds);
        }
        if (phoneLogProbs.length > 0 && phoneLogProbs.length != logProbs.length) {
            throw new IllegalArgumentException(
                    "phoneLogProbs has " + phoneLogProbs.length + " steps, logProbs has " + logProbs.length);
        }
        if (routing.layers() > 0 && routing.steps() != logProbs.length) {
            throw new IllegalArgumentException(
                    "routing has " + routing.steps() + " steps, logProbs has " + logProbs.length);
        }
    }

    /** An emission without phones. */
    public Emission(float[][] logProbs, RoutingTrace routing, double stepSeconds) {
        this(logProbs, NO_PHONES, routing, stepSeconds);
    }

    /** Number of steps. */
    public int steps() {
        return logProbs.length;
    }

    /** Whether the model also read out phones. */
    public boolean hasPhones() {
        return phoneLogProbs.length > 0;
    }

    /** This and what comes right after it, as one; shares the rows of both. */
    public Emission followedBy(Emission next) {
        return new Emission(
                joined(logProbs, next.logProbs),
                joined(phoneLogProbs, next.phoneLogProbs),
                RoutingTrace.join(List.of(routing, next.routing)),
                stepSeconds);
    }

    private static float[][] joined(float[][] rows, float[][] more) {
        float[][] all = Arrays.copyOf(rows, rows.length + more.length);
        System.arraycopy(more, 0, all, rows.length, more.length);
        return all;
    }

    /** The steps {@code from .. to - 1}; shares the rows of this emission. */
    public Emission slice(int from, int to) {
        return new Emission(
                Arrays.copyOfRange(logProbs, from, to),
                hasPhones() ? Arrays.copyOfRange(phoneLogProbs, from, to) : NO_PHONES,
                routing.slice(from, to),
                stepSeconds);
    }
}
