package org.omniscribe.asr.routing;

import java.util.Arrays;
import java.util.List;

/** How many steps each expert of each layer handled. Not thread-safe. */
public final class ExpertUsage {
    private final long[][] counts;

    /**
     * No steps yet.
     *
     * @param experts experts in each layer
     */
    public ExpertUsage(List<Integer> experts) {
        counts = experts.stream().map(long[]::new).toArray(long[][]::new);
    }

    /**
     * Counts the steps of an utterance.
     *
     * @throws IllegalArgumentException if the trace has other layers, or an expert that its layer does not have
     */
    public void add(RoutingTrace trace) {
        if (trace.layers() != counts.length) {
            throw new IllegalArgumentException("the trace has " + trace.layers() + " layers, not " + counts.length);
        }
        for (int layer = 0; layer < counts.length; layer++) {
            for (int expert : trace.expert()[layer]) {
                if (expert < 0 || expert >= counts[layer].length) {
                    throw new IllegalArgumentException("layer " + layer + " has no expert " + expert);
                }
                counts[layer][expert]++;
            }
        }
    }

    /** Number of layers. */
    public int layers() {
        return counts.length;
    }

    /** Number of steps counted. */
    public long steps() {
        return counts.length == 0 ? 0 : Arrays.stream(counts[0]).sum();
    }

    /** Steps of each expert of a layer. */
    public long[] counts(int layer) {
        return counts[layer].clone();
    }

    /** The share of steps of each expert of a layer, 0 to 1; zeros before the first step. */
    public double[] shares(int layer) {
        long steps = Math.max(1, steps());
        return Arrays.stream(counts[layer])
                .mapToDouble(count -> (double) count / steps)
                .toArray();
    }

    /** Entropy of a layer's usage in bits: the logarithm of the number of experts if all are used alike, 0 if one does all. */
    public double entropy(int layer) {
        return Contingency.entropy(counts[layer]);
    }
}
