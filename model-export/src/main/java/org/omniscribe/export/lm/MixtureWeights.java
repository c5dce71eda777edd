package org.omniscribe.export.lm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The weights of a linear mixture under which a held-out text is most probable, by expectation maximisation (Jelinek and
 * Mercer 1980; Dempster, Laird and Rubin 1977).
 *
 * <p>Each step makes the weight of a part the mean, over the words of the text, of the part's share in the probability
 * of the word: {@code w_i <- 1/T sum_t w_i p_i(t) / sum_j w_j p_j(t)}. The likelihood has no other maximum than the
 * highest, so where the steps begin does not matter.
 */
final class MixtureWeights {
    private static final int MAX_STEPS = 2000;
    /** The steps end when none of the weights changes by more. */
    private static final double CLOSE = 1e-7;

    private MixtureWeights() {}

    /**
     * Fits the weights.
     *
     * @param probabilities by part: that of each word of the text; words that no part can tell do not matter
     * @return one weight a part, 0 to 1, 1 together; all equal if no part can tell any word
     */
    static double[] fit(List<double[]> probabilities) {
        double[] weights = new double[probabilities.size()];
        Arrays.fill(weights, 1.0 / weights.length);
        for (int i = 0; i < MAX_STEPS; i++) {
            double[] next = step(probabilities, weights);
            double change = 0;
            for (int part = 0; part < weights.length; part++) {
                change = Math.max(change, Math.abs(next[part] - weights[part]));
            }
            weights = next;
            if (change < CLOSE) {
                break;
            }
        }
        return weights;
    }

    /**
     * Fits the weights, and again without the part of the least weight as long as that is too small: what a part takes
     * from the others goes back to them as it leaves, so that parts leave one by one.
     *
     * @param probabilities as for {@link #fit(List)}
     * @param least the smallest weight that is kept
     * @return one weight a part, 0 for those that are left out
     */
    static double[] fit(List<double[]> probabilities, double least) {
        List<Integer> left = new ArrayList<>();
        for (int part = 0; part < probabilities.size(); part++) {
            left.add(part);
        }
        while (true) {
            double[] fitted = fit(left.stream().map(probabilities::get).toList());
            int smallest = 0;
            for (int i = 1; i < fitted.length; i++) {
                smallest = fitted[i] < fitted[smallest] ? i : smallest;
            }
            if (fitted[smallest] >= least) {
                double[] weights = new double[probabilities.size()];
                for (int i = 0; i < fitted.length; i++) {
                    weights[left.get(i)] = fitted[i];
                }
                return weights;
            }
            left.remove(smallest);
        }
    }

    private static double[] step(List<double[]> probabilities, double[] weights) {
        double[] share = new double[weights.length];
        int told = 0;
        for (int t = 0; t < probabilities.get(0).length; t++) {
            double sum = 0;
            for (int part = 0; part < share.length; part++) {
                sum += weights[part] * probabilities.get(part)[t];
            }
            if (sum > 0) {
                told++;
                for (int part = 0; part < share.length; part++) {
                    share[part] += weights[part] * probabilities.get(part)[t] / sum;
                }
            }
        }
        for (int part = 0; part < share.length; part++) {
            share[part] = told == 0 ? weights[part] : share[part] / told;
        }
        return share;
    }
}
