package org.omniscribe.eval.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.omniscribe.eval.run.Outcome;
import org.omniscribe.eval.run.SetResult;
import org.omniscribe.eval.score.Alignment;
import org.omniscribe.eval.score.Bootstrap;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.score.Interval;

/**
 * Where a system's errors are, over all sets.
 *
 * @param substitutions the commonest pairs of a word said and another recognised
 * @param deletions the words that were missed most
 * @param insertions the words that were made up most
 * @param byLength error rates by the length of utterances, one for each of {@link #LENGTHS}
 * @param byLevel error rates by their level, one for each of {@link #LEVELS}
 * @param worst the utterances with the highest error rates, those of a few words only if there are no others
 */
public record Breakdown(
        List<Mistake> substitutions,
        List<Mistake> deletions,
        List<Mistake> insertions,
        List<Bin> byLength,
        List<Bin> byLevel,
        List<Placed> worst) {
    /** Lower bounds of the lengths, in seconds. */
    public static final List<Double> LENGTHS = List.of(0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0);
    /** Lower bounds of the levels, in decibels, 0 being full scale. */
    public static final List<Double> LEVELS =
            List.of(Double.NEGATIVE_INFINITY, -45.0, -40.0, -35.0, -30.0, -25.0, -20.0, -15.0);

    private static final int MISTAKES = 15;
    private static final int WORST = 12;
    private static final int SOME_WORDS = 4;

    /**
     * The same error again and again.
     *
     * @param said the word; null if it is an insertion
     * @param heard what was recognised; null if it is a deletion
     * @param count how often
     */
    public record Mistake(String said, String heard, long count) {}

    /**
     * The utterances of about the same kind.
     *
     * @param words edits in words
     * @param interval 95 % interval of the word error rate by utterance
     * @param utterances how many there are
     */
    public record Bin(ErrorCounts words, Interval interval, int utterances) {}

    /**
     * An utterance and the set that it is in.
     *
     * @param set the set's name
     * @param outcome what was recognised
     */
    public record Placed(String set, Outcome.Scored outcome) {}

    static Breakdown of(SystemReport system) {
        List<Outcome.Scored> scored = system.scored();
        return new Breakdown(
                mistakes(scored, Alignment.Edit.SUBSTITUTION),
                mistakes(scored, Alignment.Edit.DELETION),
                mistakes(scored, Alignment.Edit.INSERTION),
                bins(scored, LENGTHS, o -> o.recognition().seconds()),
                bins(scored, LEVELS, o -> o.recognition().level()),
                worst(system.results()));
    }

    private static List<Mistake> mistakes(List<Outcome.Scored> scored, Alignment.Edit edit) {
        Map<Alignment.Pair, Long> counts = scored.stream()
                .flatMap(o -> o.scored().alignment().pairs().stream())
                .filter(p -> p.edit() == edit)
                .collect(Collectors.groupingBy(Function.identity(), HashMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(e -> new Mistake(e.getKey().reference(), e.getKey().hypothesis(), e.getValue()))
                .sorted(Comparator.comparingLong(Mistake::count)
                        .reversed()
                        .thenComparing(m -> m.said() + " " + m.heard()))
                .limit(MISTAKES)
                .toList();
    }

    private static List<Bin> bins(
            List<Outcome.Scored> scored, List<Double> bounds, Function<Outcome.Scored, Double> value) {
        List<Bin> bins = new ArrayList<>();
        for (int b = 0; b < bounds.size(); b++) {
            double low = bounds.get(b);
            double high = b + 1 < bounds.size() ? bounds.get(b + 1) : Double.POSITIVE_INFINITY;
            List<ErrorCounts> words = scored.stream()
                    .filter(o -> value.apply(o) != null && value.apply(o) >= low && value.apply(o) < high)
                    .map(o -> o.scored().words())
                    .toList();
            bins.add(new Bin(
                    words.stream().reduce(ErrorCounts.NONE, ErrorCounts::plus),
                    words.isEmpty() ? Interval.NONE : Bootstrap.interval(words),
                    words.size()));
        }
        return bins;
    }

    private static List<Placed> worst(List<SetResult> results) {
        Comparator<Placed> few =
                Comparator.comparing(p -> p.outcome().scored().words().reference() < SOME_WORDS);
        Comparator<Placed> rate =
                Comparator.comparingDouble(p -> -p.outcome().scored().words().rate());
        Comparator<Placed> errors =
                Comparator.comparingLong(p -> -p.outcome().scored().words().errors());
        return results.stream()
                .flatMap(r -> r.scored().stream().map(o -> new Placed(r.name(), o)))
                .filter(p -> p.outcome().scored().words().errors() > 0)
                .sorted(few.thenComparing(rate).thenComparing(errors))
                .limit(WORST)
                .toList();
    }

    /** Names of the bins between bounds: {@code < 1}, {@code 1–2}, {@code ≥ 32}; of levels how far below full scale. */
    static List<String> labels(List<Double> bounds) {
        int last = bounds.size() - 1;
        boolean below = bounds.get(last) < 0;
        List<String> labels = new ArrayList<>(List.of((below ? "> " : "< ") + whole(bounds.get(1))));
        for (int i = 1; i < last; i++) {
            String low = whole(bounds.get(i));
            String high = whole(bounds.get(i + 1));
            labels.add(below ? high + "–" + low : low + "–" + high);
        }
        labels.add((below ? "≤ " : "≥ ") + whole(bounds.get(last)));
        return labels;
    }

    private static String whole(double value) {
        return Long.toString(Math.round(Math.abs(value)));
    }
}
