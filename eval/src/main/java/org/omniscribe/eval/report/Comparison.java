package org.omniscribe.eval.report;

import java.util.List;
import java.util.OptionalDouble;
import org.omniscribe.eval.run.SetResult;
import org.omniscribe.eval.score.MacroAverage;
import org.omniscribe.eval.score.MatchedPairs;
import org.omniscribe.eval.score.ScoredSet;

/**
 * Two systems on the utterances that both were scored on.
 *
 * @param set the test set, or {@link #ALL}
 * @param first name of the one system
 * @param second name of the other
 * @param firstWer word error rate of the first over the common utterances, a fraction
 * @param secondWer that of the second
 * @param utterances how many both were scored on
 * @param test whether the difference is more than chance
 */
public record Comparison(
        String set, String first, String second, double firstWer, double secondWer, int utterances, MatchedPairs test) {
    /** The name of all sets pooled. */
    public static final String ALL = "all";

    static Comparison of(String set, SystemReport first, SystemReport second, List<Integer> sets) {
        ScoredSet one = pooled(first, sets);
        ScoredSet other = pooled(second, sets);
        ScoredSet.Common common = one.common(other);
        return new Comparison(
                set,
                first.info().name(),
                second.info().name(),
                common.first().score().wer(),
                common.second().score().wer(),
                common.first().utterances().size(),
                common.test());
    }

    private static ScoredSet pooled(SystemReport system, List<Integer> sets) {
        return ScoredSet.pooled(sets.stream()
                .map(i -> system.results().get(i))
                .map(SetResult::scoredSet)
                .toList());
    }

    /** By which part of the first's errors the second has fewer; empty if the first makes none. */
    public OptionalDouble reduction() {
        return firstWer > 0 && Double.isFinite(firstWer)
                ? OptionalDouble.of(MacroAverage.relativeReduction(firstWer, secondWer))
                : OptionalDouble.empty();
    }
}
