package org.omniscribe.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.omniscribe.eval.experts.Findings;

/**
 * What one network of an experiment came to.
 *
 * @param name of its folder
 * @param group what it is; networks of a group differ in their seed
 * @param seed of all randomness
 * @param weights how many there are
 * @param test its errors on the test sets, decoded greedily
 * @param permuted the same with experts permuted at random, once for each permutation; empty for dense networks
 * @param findings what its experts do
 * @param withLanguageModel its errors with a language model, where that was measured
 */
public record NetworkResult(
        String name,
        NetworkGroup group,
        long seed,
        long weights,
        Errors test,
        List<Errors> permuted,
        Findings findings,
        Optional<Errors> withLanguageModel) {
    /** Copies the list. */
    public NetworkResult {
        permuted = List.copyOf(permuted);
    }

    /**
     * Errors on the test sets, pooled.
     *
     * @param wer word error rate, a fraction
     * @param werLow lower end of its 95 % interval
     * @param werHigh upper end of its 95 % interval
     * @param cer character error rate, a fraction
     * @param loss CTC loss in nats a character of the reference; NaN where it cannot be computed
     */
    public record Errors(double wer, double werLow, double werHigh, double cer, double loss) {}

    /** The same with errors with a language model. */
    public NetworkResult withLanguageModel(Errors errors) {
        return new NetworkResult(name, group, seed, weights, test, permuted, findings, Optional.of(errors));
    }

    /** Word error rate: with the language model where that was measured, else greedy; a fraction. */
    double wer() {
        return withLanguageModel.orElse(test).wer();
    }

    /** Word error rate with permuted experts, the mean over permutations; NaN without any. */
    double permutedWer() {
        return mean(permuted, Errors::wer);
    }

    /** Loss with permuted experts in nats a character, the mean over permutations; NaN without any. */
    double permutedLoss() {
        return mean(permuted, Errors::loss);
    }

    /** Mean entropy of the router's distribution in each layer, in bits; NaN where there is no router. */
    List<Double> routerEntropies() {
        return findings.layers().stream()
                .map(layer -> layer.routerEntropy() == null ? Double.NaN : layer.routerEntropy())
                .toList();
    }

    /** Agreement of each layer with the one before under the best renaming of experts, in percent; NaN for the first. */
    List<Double> agreements() {
        List<Double> values = new ArrayList<>(List.of(Double.NaN));
        double[][] pairs = findings.agreement().renamed();
        for (int layer = 1; layer < pairs.length; layer++) {
            values.add(100 * pairs[layer][layer - 1]);
        }
        return values;
    }

    /** How long an expert stays, the mean over layers, in milliseconds. */
    double stretchMillis() {
        return overLayers(findings.layers().stream()
                .map(layer -> 1000 * findings.stepSeconds() * layer.segments().mean())
                .toList());
    }

    /** The mean over the layers that have a value. */
    static double overLayers(List<Double> values) {
        return mean(values.stream().filter(Double::isFinite).toList(), Double::doubleValue);
    }

    private static <T> double mean(List<T> values, ToDoubleFunction<T> value) {
        return values.stream().mapToDouble(value).average().orElse(Double.NaN);
    }
}
