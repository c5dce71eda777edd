package org.omniscribe.export.compress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.omniscribe.asr.routing.Contingency;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.compress.ExpertStatistics.Importance;
import org.omniscribe.export.onnx.BundleNetwork;
import org.omniscribe.export.onnx.ExpertPlan;

/** Makes networks with other experts out of a network. None of these methods changes its input. */
public final class Surgery {
    private Surgery() {}

    /** What becomes of the steps whose expert is gone. */
    public enum Dropped {
        /** The router chooses anew among those that are left. */
        CHOOSE_ANEW,
        /** The most similar of those that are left does the work, with the probability of the one that is gone. */
        MOST_SIMILAR
    }

    /**
     * Keeps the experts that matter most in each layer.
     *
     * @param statistics of the network on recordings like those that it is meant for
     * @param keep experts to keep in each layer, at least 1; layers that have no more stay as they are
     * @param importance what it is to matter
     * @param dropped what becomes of the steps of the others
     */
    public static BundleNetwork prune(
            BundleNetwork network, ExpertStatistics statistics, int keep, Importance importance, Dropped dropped) {
        ExpertPlan plan = network.plan();
        for (int layer = 0; layer < plan.layers().size(); layer++) {
            ExpertPlan.Layer experts = plan.layers().get(layer);
            List<Integer> kept = most(experts, statistics.importance(layer, importance), keep);
            List<Integer> weights = kept.stream().map(experts.source()::get).toList();
            for (int e = 0; e < experts.experts(); e++) {
                if (experts.open().get(e) && !weights.contains(experts.source().get(e))) {
                    experts = dropped == Dropped.CHOOSE_ANEW
                            ? experts.closing(e)
                            : experts.replacing(e, mostSimilar(statistics, layer, e, kept));
                }
            }
            plan = plan.with(layer, experts);
        }
        return network.with(plan);
    }

    /** One expert for each of the weights that matter most; experts that share weights count together. */
    private static List<Integer> most(ExpertPlan.Layer experts, double[] importance, int keep) {
        Map<Integer, Double> sums = new LinkedHashMap<>();
        Map<Integer, Integer> first = new LinkedHashMap<>();
        for (int e = 0; e < experts.experts(); e++) {
            if (experts.open().get(e)) {
                int source = experts.source().get(e);
                sums.merge(source, importance[e], Double::sum);
                first.merge(source, e, (a, b) -> importance[b] > importance[a] ? b : a);
            }
        }
        return sums.entrySet().stream()
                .sorted(Map.Entry.<Integer, Double>comparingByValue().reversed())
                .limit(Math.max(1, keep))
                .map(entry -> first.get(entry.getKey()))
                .toList();
    }

    private static int mostSimilar(ExpertStatistics statistics, int layer, int expert, List<Integer> kept) {
        return kept.stream()
                .max(Comparator.comparingDouble(k -> statistics.outputSimilarity(layer, expert, k)))
                .orElseThrow();
    }

    /**
     * Merges the experts of each layer into those used most: the others join the one that the router takes for most like them;
     * their hidden units are brought into its order (the assignment with the largest sum of dot products of weights), and the
     * weights become the mean, each by its use. After M-SMoE (Li et al., "Merge, Then Compress", 2024).
     *
     * @param statistics of the network on recordings like those that it is meant for
     * @param keep experts that each layer is to have, at least 1
     */
    public static BundleNetwork merge(BundleNetwork network, ExpertStatistics statistics, int keep) {
        ExpertPlan plan = network.plan();
        Map<String, Tensor> weights = new LinkedHashMap<>(network.parameters());
        for (int layer = 0; layer < plan.layers().size(); layer++) {
            ExpertPlan.Layer experts = plan.layers().get(layer);
            List<Integer> dominant = most(experts, statistics.importance(layer, Importance.USAGE), keep);
            Map<Integer, List<Integer>> groups = new LinkedHashMap<>();
            dominant.forEach(d -> groups.put(d, new ArrayList<>()));
            for (int e = 0; e < experts.experts(); e++) {
                if (experts.open().get(e)) {
                    groups.get(dominant(experts, statistics, layer, e, dominant))
                            .add(e);
                }
            }
            for (Map.Entry<Integer, List<Integer>> group : groups.entrySet()) {
                mergeInto(weights, network, experts, layer, group.getKey(), group.getValue(), statistics.chosen(layer));
                for (int member : group.getValue()) {
                    experts = experts.replacing(member, group.getKey());
                }
            }
            plan = plan.with(layer, experts);
        }
        return network.with(plan, weights);
    }

    /** The one that an expert joins: who has its weights, else who is most like it. */
    private static int dominant(
            ExpertPlan.Layer experts, ExpertStatistics statistics, int layer, int expert, List<Integer> dominant) {
        return dominant.stream()
                .filter(d -> experts.source().get(d).equals(experts.source().get(expert)))
                .findFirst()
                .orElseGet(() -> dominant.stream()
                        .max(Comparator.comparingDouble(d -> statistics.routingSimilarity(layer, expert, d)))
                        .orElseThrow());
    }

    /** The mean of a group, in the place of its dominant expert. */
    private static void mergeInto(
            Map<String, Tensor> weights,
            BundleNetwork network,
            ExpertPlan.Layer experts,
            int layer,
            int dominant,
            List<Integer> group,
            long[] used) {
        String prefix = "layers." + layer + ".ffn.experts.";
        // Members may share weights already; each share counts by the use of all who have it.
        Map<Integer, Double> shares = new LinkedHashMap<>();
        group.forEach(e -> shares.merge(experts.source().get(e), used[e] + 1e-9, Double::sum));
        if (shares.size() == 1) {
            return;
        }
        double total = shares.values().stream().mapToDouble(s -> s).sum();
        int place = experts.source().get(dominant);
        Expert first = Expert.of(network.parameters(), prefix + place);
        Expert sum = first.zeros();
        shares.forEach((source, share) -> {
            Expert member = Expert.of(network.parameters(), prefix + source);
            sum.add(member, source == place ? null : first.order(member), share / total);
        });
        sum.put(weights, prefix + place);
    }

    /** The weights of one expert: {@code in [hidden][width]}, {@code out [width][hidden]}. */
    private record Expert(int width, int hidden, float[] in, float[] inBias, float[] out, float[] outBias) {
        static Expert of(Map<String, Tensor> weights, String name) {
            Tensor in = weights.get(name + ".in.weight");
            return new Expert(
                    (int) in.shape()[1],
                    (int) in.shape()[0],
                    in.data(),
                    weights.get(name + ".in.bias").data(),
                    weights.get(name + ".out.weight").data(),
                    weights.get(name + ".out.bias").data());
        }

        Expert zeros() {
            return new Expert(
                    width,
                    hidden,
                    new float[in.length],
                    new float[inBias.length],
                    new float[out.length],
                    new float[outBias.length]);
        }

        /** For each hidden unit of this expert, the unit of another that is to stand in its place. */
        int[] order(Expert other) {
            float[] outTurned = turned(out);
            float[] otherTurned = turned(other.out);
            double[][] cost = new double[hidden][hidden];
            for (int i = 0; i < hidden; i++) {
                for (int j = 0; j < hidden; j++) {
                    double product = inBias[i] * (double) other.inBias[j];
                    for (int k = 0; k < width; k++) {
                        product += in[i * width + k] * other.in[j * width + k]
                                + outTurned[i * width + k] * otherTurned[j * width + k];
                    }
                    cost[i][j] = -product;
                }
            }
            return Contingency.assignment(cost);
        }

        private float[] turned(float[] rows) {
            float[] turned = new float[rows.length];
            for (int w = 0; w < width; w++) {
                for (int h = 0; h < hidden; h++) {
                    turned[h * width + w] = rows[w * hidden + h];
                }
            }
            return turned;
        }

        void add(Expert other, int[] order, double share) {
            for (int h = 0; h < hidden; h++) {
                int unit = order == null ? h : order[h];
                inBias[h] += (float) (share * other.inBias[unit]);
                for (int w = 0; w < width; w++) {
                    in[h * width + w] += (float) (share * other.in[unit * width + w]);
                    out[w * hidden + h] += (float) (share * other.out[w * hidden + unit]);
                }
            }
            for (int w = 0; w < width; w++) {
                outBias[w] += (float) (share * other.outBias[w]);
            }
        }

        void put(Map<String, Tensor> weights, String name) {
            weights.put(name + ".in.weight", new Tensor(new long[] {hidden, width}, in));
            weights.put(name + ".in.bias", new Tensor(new long[] {hidden}, inBias));
            weights.put(name + ".out.weight", new Tensor(new long[] {width, hidden}, out));
            weights.put(name + ".out.bias", new Tensor(new long[] {width}, outBias));
        }
    }

    /** Closes an expert in some layers; where it is the only one open, or the layer does not have it, the layer stays as it is. */
    public static ExpertPlan disable(ExpertPlan plan, int expert, int... layers) {
        ExpertPlan changed = plan;
        for (int layer : layers) {
            ExpertPlan.Layer experts = plan.layers().get(layer);
            if (expert < experts.experts()) {
                changed = changed.with(layer, experts.closing(expert));
            }
        }
        return changed;
    }

    /**
     * Has one expert do the work of all in some layers, with the probability of the one that the router chose; where the layer does
     * not have it, the layer stays as it is.
     */
    public static ExpertPlan force(ExpertPlan plan, int expert, int... layers) {
        ExpertPlan changed = plan;
        for (int layer : layers) {
            ExpertPlan.Layer experts = plan.layers().get(layer);
            if (expert < experts.experts() && experts.open().get(expert)) {
                for (int e = 0; e < experts.experts(); e++) {
                    experts = experts.replacing(e, expert);
                }
                changed = changed.with(layer, experts);
            }
        }
        return changed;
    }

    /**
     * Deals the work out anew in some layers: what expert i did is done by expert order(i), drawn at random so that nobody keeps
     * its own work.
     *
     * @param random draws the orders, one a layer
     */
    public static ExpertPlan reassign(ExpertPlan plan, Random random, int... layers) {
        ExpertPlan changed = plan;
        for (int layer : layers) {
            ExpertPlan.Layer experts = plan.layers().get(layer);
            int[] open = IntStream.range(0, experts.experts())
                    .filter(experts.open()::get)
                    .toArray();
            if (open.length > 1) {
                int[] order = IntStream.range(0, experts.experts()).toArray();
                int[] drawn = derangement(open.length, random);
                for (int i = 0; i < open.length; i++) {
                    order[open[i]] = open[drawn[i]];
                }
                changed = changed.with(layer, experts.permuted(order));
            }
        }
        return changed;
    }

    /** A random order of 0 to n - 1, n at least 2, in which nothing is in its own place; all are equally likely. */
    private static int[] derangement(int n, Random random) {
        int[] order = IntStream.range(0, n).toArray();
        do {
            for (int i = n - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int swap = order[i];
                order[i] = order[j];
                order[j] = swap;
            }
        } while (Arrays.stream(order).anyMatch(i -> order[i] == i));
        return order;
    }
}
