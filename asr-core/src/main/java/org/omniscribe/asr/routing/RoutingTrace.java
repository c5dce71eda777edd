package org.omniscribe.asr.routing;

import java.util.Arrays;
import java.util.Objects;

/**
 * The experts that an utterance went through.
 *
 * @param expert {@code [layer][step]}, the expert chosen, from 0
 * @param probability {@code [layer][step]}, the router's probability of that expert, 0..1
 */
public record RoutingTrace(int[][] expert, float[][] probability) {
    /** Checks that both grids have the same form. */
    public RoutingTrace {
        Objects.requireNonNull(expert, "expert");
        Objects.requireNonNull(probability, "probability");
        if (expert.length != probability.length) {
            throw new IllegalArgumentException(
                    "expert has " + expert.length + " layers, probability has " + probability.length);
        }
        for (int l = 0; l < expert.length; l++) {
            if (expert[l].length != probability[l].length || expert[l].length != expert[0].length) {
                throw new IllegalArgumentException("layer " + l + " differs in steps");
            }
        }
    }

    /** Number of layers. */
    public int layers() {
        return expert.length;
    }

    /** The steps {@code from .. to - 1}. */
    public RoutingTrace slice(int from, int to) {
        return new RoutingTrace(
                Arrays.stream(expert)
                        .map(row -> Arrays.copyOfRange(row, from, to))
                        .toArray(int[][]::new),
                Arrays.stream(probability)
                        .map(row -> Arrays.copyOfRange(row, from, to))
                        .toArray(float[][]::new));
    }

    /** Number of steps. */
    public int steps() {
        return expert.length == 0 ? 0 : expert[0].length;
    }
}
