package org.omniscribe.asr.routing;

import java.util.Arrays;
import java.util.List;
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

    /**
     * Consecutive traces as one.
     *
     * @param traces with equally many layers
     */
    public static RoutingTrace join(List<RoutingTrace> traces) {
        int layers = traces.isEmpty() ? 0 : traces.get(0).layers();
        int steps = traces.stream().mapToInt(RoutingTrace::steps).sum();
        int[][] expert = new int[layers][steps];
        float[][] probability = new float[layers][steps];
        int at = 0;
        for (RoutingTrace trace : traces) {
            for (int l = 0; l < layers; l++) {
                System.arraycopy(trace.expert[l], 0, expert[l], at, trace.steps());
                System.arraycopy(trace.probability[l], 0, probability[l], at, trace.steps());
            }
            at += trace.steps();
        }
        return new RoutingTrace(expert, probability);
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
