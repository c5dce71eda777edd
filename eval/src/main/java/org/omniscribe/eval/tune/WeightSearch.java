package org.omniscribe.eval.tune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Finds weights with few errors by trying neighbours: each weight a step up and down in turn for as long as that helps,
 * then with steps half as wide (Hooke and Jeeves 1961). No weights are tried twice.
 */
public final class WeightSearch {
    private static final int HALVINGS = 2;
    /** Steps that are multiples of this fraction are the same weight, however they were come by. */
    private static final double GRAIN = 1e-6;

    /**
     * A weight to be searched.
     *
     * @param name what it is called
     * @param start where to begin
     * @param step how far to go at first, above 0
     * @param least the smallest that is allowed
     * @param greatest the greatest that is allowed
     */
    public record Weight(String name, double start, double step, double least, double greatest) {}

    /**
     * Weights that were tried.
     *
     * @param weights in the order of the search
     * @param errors how many errors there were
     */
    public record Trial(List<Double> weights, long errors) {}

    private final List<Weight> weights;
    private final ToLongFunction<double[]> errors;
    private final Consumer<Trial> listener;
    private final Map<List<Double>, Long> known = new HashMap<>();

    /**
     * A search.
     *
     * @param weights what to search
     * @param errors counts the errors with some weights, in the order of {@code weights}
     * @param listener hears of every trial
     */
    public WeightSearch(List<Weight> weights, ToLongFunction<double[]> errors, Consumer<Trial> listener) {
        this.weights = List.copyOf(weights);
        this.errors = errors;
        this.listener = listener;
    }

    /** The best weights that were tried. */
    public Trial run() {
        double[] at = weights.stream().mapToDouble(Weight::start).toArray();
        long fewest = count(at);
        for (int halving = 0; halving <= HALVINGS; halving++) {
            boolean better = true;
            while (better) {
                better = false;
                for (int w = 0; w < at.length; w++) {
                    for (int direction : new int[] {1, -1}) {
                        long before = fewest;
                        fewest = walk(at, w, direction * weights.get(w).step / (1 << halving), fewest);
                        if (fewest < before) {
                            better = true;
                            break;
                        }
                    }
                }
            }
        }
        return new Trial(list(at), fewest);
    }

    /** Goes on in one direction for as long as there are fewer errors. */
    private long walk(double[] at, int w, double step, long fewest) {
        long best = fewest;
        while (true) {
            double[] next = at.clone();
            next[w] = Math.max(weights.get(w).least, Math.min(weights.get(w).greatest, at[w] + step));
            if (next[w] == at[w]) {
                return best;
            }
            long count = count(next);
            if (count >= best) {
                return best;
            }
            best = count;
            at[w] = next[w];
        }
    }

    private long count(double[] at) {
        List<Double> key = list(at);
        Long before = known.get(key);
        if (before != null) {
            return before;
        }
        long count = errors.applyAsLong(key.stream().mapToDouble(d -> d).toArray());
        known.put(key, count);
        listener.accept(new Trial(key, count));
        return count;
    }

    private static List<Double> list(double[] at) {
        List<Double> list = new ArrayList<>();
        Arrays.stream(at).forEach(d -> list.add(Math.round(d / GRAIN) / (1 / GRAIN)));
        return list;
    }
}
