package org.omniscribe.export.compress;

import java.util.Arrays;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.export.compress.ExpertProbe.Observation;

/** What calibration recordings tell of how much each expert matters and which of them are alike. Not thread-safe. */
public final class ExpertStatistics {
    /** How much an expert matters. Each is at least 0; only experts of one layer can be compared. */
    public enum Importance {
        /** The number of steps that chose it. */
        USAGE,
        /**
         * The mean over the steps that chose it of its probability times the length of its output (REAP: Lasby et al., "REAP the
         * Experts", 2025, equation 9).
         */
        REAP,
        /**
         * The sum over the steps that chose it of its probability times the length of its output times how far the step's
         * state was turned by it, one minus the cosine of before and after (EASY-EP: Dong et al., "Domain-Specific Pruning of
         * Large Mixture-of-Experts Models with Few-shot Demonstrations", 2025).
         */
        EASY_EP
    }

    private final LayerSums[] layers;
    private long steps;

    private static final class LayerSums {
        final long[] chosen;
        final double[] weighted;
        final double[] turning;
        final double[][] alike;
        final double[][] together;

        LayerSums(int experts) {
            chosen = new long[experts];
            weighted = new double[experts];
            turning = new double[experts];
            alike = new double[experts][experts];
            together = new double[experts][experts];
        }
    }

    /** Nothing seen yet. */
    public ExpertStatistics(Architecture architecture) {
        layers = architecture.experts().stream().map(LayerSums::new).toArray(LayerSums[]::new);
    }

    /**
     * Adds what a probe saw.
     *
     * @param observation with the experts' outputs
     */
    public void add(Observation observation) {
        for (int layer = 0; layer < layers.length; layer++) {
            if (observation.products()[layer] != null) {
                int[] chosen = observation.routing().expert()[layer];
                for (int t = 0; t < chosen.length; t++) {
                    add(
                            layers[layer],
                            chosen[t],
                            observation.probabilities()[layer][t],
                            observation.products()[layer][t]);
                }
            }
        }
        steps += observation.routing().steps();
    }

    private static void add(LayerSums sums, int chosen, float[] probability, float[][] products) {
        int experts = probability.length;
        double gate = probability[chosen];
        double length = Math.sqrt(products[chosen + 1][chosen + 1]);
        // x and x + g y, by their dot products.
        double before = products[0][0];
        double across = before + gate * products[0][chosen + 1];
        double after = before + 2 * gate * products[0][chosen + 1] + gate * gate * length * length;
        sums.chosen[chosen]++;
        sums.weighted[chosen] += gate * length;
        sums.turning[chosen] += gate * length * (1 - cosine(across, before, after));
        for (int i = 0; i < experts; i++) {
            for (int j = 0; j < experts; j++) {
                sums.alike[i][j] += cosine(products[i + 1][j + 1], products[i + 1][i + 1], products[j + 1][j + 1]);
                sums.together[i][j] += probability[i] * (double) probability[j];
            }
        }
    }

    private static double cosine(double product, double first, double second) {
        return first > 0 && second > 0 ? Math.max(-1, Math.min(1, product / Math.sqrt(first * second))) : 0;
    }

    /** Steps seen. */
    public long steps() {
        return steps;
    }

    /** Steps that chose each expert of a layer. */
    public long[] chosen(int layer) {
        return layers[layer].chosen.clone();
    }

    /** How much each expert of a layer matters. */
    public double[] importance(int layer, Importance importance) {
        LayerSums sums = layers[layer];
        double[] values =
                switch (importance) {
                    case USAGE -> Arrays.stream(sums.chosen).asDoubleStream().toArray();
                    case REAP -> sums.weighted.clone();
                    case EASY_EP -> sums.turning.clone();
                };
        if (importance == Importance.REAP) {
            for (int e = 0; e < values.length; e++) {
                values[e] /= Math.max(1, sums.chosen[e]);
            }
        }
        return values;
    }

    /**
     * How alike two experts of a layer are in what they make of the same steps: the mean cosine of their outputs, -1 to 1 (one of
     * the measures of SERE: Wu et al., "Similarity-based Expert Re-routing", 2026).
     */
    public double outputSimilarity(int layer, int first, int second) {
        return layers[layer].alike[first][second] / Math.max(1, steps);
    }

    /**
     * How alike two experts of a layer are to the router: the cosine of their probabilities over all steps, 0 to 1 (in the manner
     * of MC-SMoE: Li et al., "Merge, Then Compress", 2024, which takes the router's logits).
     */
    public double routingSimilarity(int layer, int first, int second) {
        double[][] together = layers[layer].together;
        return cosine(together[first][second], together[first][first], together[second][second]);
    }
}
