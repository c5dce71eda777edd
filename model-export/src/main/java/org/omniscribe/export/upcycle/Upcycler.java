package org.omniscribe.export.upcycle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.asr.model.Gate;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/**
 * Turns a dense network into one of experts that computes the same: every feed-forward block is copied into as many experts
 * as its layer is to have, and routers are put before them. Training then makes the copies different.
 *
 * <p>In the paper an expert's output is multiplied by the router's probability p of it (arXiv 2507.05724, section 3), which
 * no dense network did. Two ways keep the first result unchanged; see {@link Start}.
 */
public final class Upcycler {
    /** How the router begins, and what makes up for its probability. */
    public enum Start {
        /**
         * The router is zero, so that p = 1/E whatever comes in, and the second matrix and bias of each expert are
         * multiplied by E. The gate is the paper's from the start. All experts are equally likely, so that only noise on
         * the router's logits sends steps to more than one of them in the first updates.
         */
        SCALED,
        /**
         * The gate is (1 - share) + share p with a share of 0, and training raises the share to 1. The router has small
         * random weights, so that steps are spread over the experts from the first update on.
         */
        MIXED
    }

    /**
     * What the new network is to be.
     *
     * @param experts experts in each layer, first layer first; 1 leaves a layer dense
     * @param routing who owns the router matrices
     * @param start how routers begin; without meaning where no layer has experts
     * @param seed of the router's weights
     */
    public record Options(List<Integer> experts, Routing routing, Start start, long seed) {}

    /**
     * A network with its weights.
     *
     * @param architecture of the network
     * @param weights by the names of the architecture's parameters, and any others that the dense network had
     */
    public record Network(Architecture architecture, Map<String, Tensor> weights) {}

    private Upcycler() {}

    /**
     * Upcycles a network.
     *
     * @param dense a network with one expert in every layer
     * @param options what it is to become
     * @return a network that computes what {@code dense} does, within rounding
     * @throws IllegalArgumentException if {@code dense} has experts already, or the options do not fit it
     */
    public static Network upcycle(Network dense, Options options) {
        Architecture before = dense.architecture();
        if (before.anyRouted()) {
            throw new IllegalArgumentException(
                    "the network has experts already (" + before.formatExperts() + "). Upcycle a dense one.");
        }
        if (options.experts().size() != before.layers()) {
            throw new IllegalArgumentException("experts are given for "
                    + options.experts().size()
                    + " layers, but the network has " + before.layers() + ". Give one number for each layer, such as "
                    + before.layers() + "x4.");
        }
        Gate gate = options.start() == Start.MIXED ? new Gate.Mixed(0) : new Gate.Probability();
        boolean routed = options.experts().stream().anyMatch(e -> e > 1);
        Architecture after = before.toBuilder()
                .experts(options.experts())
                .routing(routed ? options.routing() : Routing.DENSE)
                .gate(routed ? gate : before.gate())
                .build();
        return new Network(after, weights(dense.weights(), after, options));
    }

    private static Map<String, Tensor> weights(Map<String, Tensor> dense, Architecture after, Options options) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        dense.forEach((name, tensor) -> {
            if (!name.startsWith("layers.") || !name.contains(".ffn.experts.")) {
                weights.put(name, tensor);
            }
        });
        Random random = new Random(options.seed());
        for (int l = 0; l < after.layers(); l++) {
            int experts = after.experts().get(l);
            float scale = experts > 1 && options.start() == Start.SCALED ? experts : 1;
            for (String part : List.of("in.weight", "in.bias", "out.weight", "out.bias")) {
                Tensor tensor = dense.get("layers." + l + ".ffn.experts.0." + part);
                if (tensor == null) {
                    missing.add("layers." + l + ".ffn.experts.0." + part);
                    continue;
                }
                for (int e = 0; e < experts; e++) {
                    weights.put(
                            "layers." + l + ".ffn.experts." + e + "." + part,
                            part.startsWith("out.") ? scaled(tensor, scale) : scaled(tensor, 1));
                }
            }
            router(weights, after, l, options.start(), random);
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("the network lacks " + String.join(", ", missing));
        }
        return weights;
    }

    private static void router(Map<String, Tensor> weights, Architecture after, int layer, Start start, Random random) {
        int group = after.routerGroup(layer);
        String name = "routers." + group + ".";
        if (group < 0 || weights.containsKey(name + "weight")) {
            return;
        }
        int experts = after.experts().get(layer);
        float[] values = new float[experts * after.width()];
        if (start == Start.MIXED) {
            double deviation = Math.sqrt(0.1 / after.width());
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * deviation);
            }
        }
        weights.put(name + "weight", new Tensor(new long[] {experts, after.width()}, values));
        weights.put(name + "bias", new Tensor(new long[] {experts}, new float[experts]));
    }

    private static Tensor scaled(Tensor tensor, float factor) {
        float[] data = Arrays.copyOf(tensor.data(), tensor.data().length);
        for (int i = 0; factor != 1 && i < data.length; i++) {
            data[i] *= factor;
        }
        return new Tensor(tensor.shape(), data);
    }
}
