package org.omniscribe.export.onnx;

/** How a network makes use of its routers. */
public sealed interface RoutingMode {
    /** As it was trained: the likeliest expert of every step. */
    RoutingMode TOP_ONE = new TopOne();

    /** The likeliest expert of every step, its output times its probability. */
    record TopOne() implements RoutingMode {}

    /**
     * Roster of experts (Zibakhsh et al., "MoEs Are Stronger than You Think", 2025): several routings side by side, the first as
     * trained, the others of router logits with Gumbel noise, and of all outputs the mean log-probability, normalised anew. What is before
     * the first experts is computed once, and keys and values of attention are those of the first routing throughout (the paper's
     * clean cache). The noise is the same in every run. The traced experts are those of the first routing.
     *
     * @param samples routings, 1 to {@value #MAX_SAMPLES}
     * @param temperature factor of the noise, at least 0
     */
    record Sampled(int samples, double temperature) implements RoutingMode {
        /** Most routings side by side. */
        public static final int MAX_SAMPLES = 64;

        /** Checks the ranges. */
        public Sampled {
            if (samples < 1 || samples > MAX_SAMPLES || !(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("routings must be 1 to " + MAX_SAMPLES + ", not " + samples
                        + ", and their temperature at least 0, not " + temperature);
            }
        }
    }

    /**
     * Top-p: the likeliest experts whose probabilities add up to a mass, so that steps of which the router is unsure get more of
     * them; the sum of their outputs, each times its probability.
     *
     * @param mass above 0, at most 1; at 1 all experts work on every step
     */
    record TopP(double mass) implements RoutingMode {
        /** Checks the range. */
        public TopP {
            if (!(mass > 0 && mass <= 1)) {
                throw new IllegalArgumentException("the mass must be above 0 and at most 1, not " + mass);
            }
        }
    }

    /**
     * As trained, with more outputs for each routed layer: {@code router_probs_LAYER} float[B,T,E], the whole of the
     * router's distribution, and where asked for {@code expert_gram_LAYER} float[B,T,E+1,E+1], the dot products of the
     * layer's input to the experts' residual branch, before normalisation, and all experts' outputs with each other.
     *
     * @param outputs whether the second output is wanted; all experts then work on every step
     */
    record Observed(boolean outputs) implements RoutingMode {
        /** Name of the first of these outputs. */
        public static String probabilities(int layer) {
            return "router_probs_" + layer;
        }

        /** Name of the second of these outputs. */
        public static String gram(int layer) {
            return "expert_gram_" + layer;
        }
    }
}
