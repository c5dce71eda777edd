package org.omniscribe.eval.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The results of an experiment so far, by group.
 *
 * @param groups networks that differ in their seed, in the order of the experiment; no group is empty
 */
record ExperimentResults(Map<NetworkGroup, List<NetworkResult>> groups) {
    /** Results in the order of the experiment. */
    static ExperimentResults of(List<NetworkResult> results) {
        return new ExperimentResults(results.stream()
                .collect(Collectors.groupingBy(NetworkResult::group, LinkedHashMap::new, Collectors.toList())));
    }

    /** The group that others are compared with: the dense network of the grid, else the first group. */
    NetworkGroup standard() {
        return groups.keySet().stream()
                .filter(NetworkGroup::denseOfGrid)
                .findFirst()
                .orElseGet(() -> groups.keySet().iterator().next());
    }

    /** The mean over networks. */
    static double mean(List<NetworkResult> results, ToDoubleFunction<NetworkResult> value) {
        return results.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    /**
     * The relative change of the word error rate against another group, over the seeds that both have.
     *
     * @return a fraction; NaN if they have no seed in common
     */
    double change(NetworkGroup group, NetworkGroup against) {
        Map<Long, NetworkResult> others = groups.getOrDefault(against, List.of()).stream()
                .collect(Collectors.toMap(NetworkResult::seed, Function.identity(), (a, b) -> a));
        double own = 0;
        double other = 0;
        for (NetworkResult result : groups.get(group)) {
            NetworkResult counterpart = others.get(result.seed());
            if (counterpart != null) {
                own += result.wer();
                other += counterpart.wer();
            }
        }
        return other == 0 ? Double.NaN : (own - other) / other;
    }
}
