package org.omniscribe.export.lm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The n-grams that any part of a mixture has, and the probabilities of the mixture that the parts add up to.
 *
 * <p>Contexts of n-grams, and n-grams without their first word, are in it too, so that every part of an n-gram is an
 * n-gram.
 */
final class NGramUnion {
    /** What the counts of the n-grams are out of; pruning wants counts, where the parts have shares of their texts. */
    private static final double EVENTS = 1e9;

    private static final double[] NONE = {};

    /**
     * The n-grams of one length.
     *
     * @param context where the n-gram without its last word is on the level before; empty on the first
     * @param suffix where the n-gram without its first word is on the level before; empty on the first
     * @param probability what the parts have added up to so far
     * @param share how much of running text the n-gram is, added up so far; not on the last level, where it is not wanted
     */
    private record Level(NGrams ngrams, int[] context, int[] suffix, double[] probability, double[] share) {}

    /** What one part says of the n-grams of one level; nothing but the probability is wanted on the last. */
    private record Told(double[] logProb, double[] backOff, double[] share) {}

    private final List<Level> levels = new ArrayList<>();

    /**
     * A union to which nothing has been added.
     *
     * @param parts at least one, with the same vocabulary
     */
    NGramUnion(List<MixtureComponent> parts) {
        int order = parts.stream().mapToInt(part -> part.levels().size()).max().orElseThrow();
        long[][] keys = new long[order + 1][];
        keys[order] = keys(parts, order, LongStream.empty());
        for (int length = order - 1; length >= 1; length--) {
            long[] longer = keys[length + 1];
            long ends = (1L << NGrams.BITS * length) - 1;
            LongStream inside = LongStream.concat(
                    Arrays.stream(longer).map(NGrams::context),
                    Arrays.stream(longer).map(key -> key & ends));
            keys[length] = keys(parts, length, inside);
        }
        for (int length = 1; length <= order; length++) {
            levels.add(level(length, keys[length], length == order));
        }
    }

    private static long[] keys(List<MixtureComponent> parts, int length, LongStream inside) {
        LongStream own = parts.stream()
                .filter(part -> part.levels().size() >= length)
                .flatMapToLong(part -> Arrays.stream(part.levels().get(length - 1).key));
        return NGrams.distinct(LongStream.concat(own, inside).toArray());
    }

    private Level level(int length, long[] keys, boolean last) {
        NGrams ngrams = new NGrams(length, keys, new int[keys.length]);
        int[] context = new int[length == 1 ? 0 : keys.length];
        int[] suffix = new int[context.length];
        for (int i = 0; i < context.length; i++) {
            NGrams shorter = levels.get(length - 2).ngrams;
            context[i] = shorter.find(NGrams.context(keys[i]));
            suffix[i] = shorter.find(ngrams.suffix(keys[i]));
        }
        return new Level(ngrams, context, suffix, new double[keys.length], last ? NONE : new double[keys.length]);
    }

    /**
     * Adds a part to the mixture.
     *
     * @param part one of those that the union was made of
     * @param weight its weight, above 0
     */
    void add(MixtureComponent part, double weight) {
        Told told = null;
        for (Level level : levels) {
            told = told(part, level, told);
            for (int i = 0; i < level.probability.length; i++) {
                level.probability[i] += weight * Math.exp(told.logProb[i]);
            }
            for (int i = 0; i < level.share.length; i++) {
                level.share[i] += weight * told.share[i];
            }
        }
    }

    /** What a part says of a level, by way of what it says of the level before where it does not have an n-gram. */
    private static Told told(MixtureComponent part, Level level, Told shorter) {
        int length = level.ngrams.length;
        boolean last = level.share.length == 0;
        int size = level.ngrams.size();
        Told told = new Told(new double[size], last ? NONE : new double[size], last ? NONE : new double[size]);
        NGrams own = part.levels().size() < length
                ? new NGrams(length, new long[0], new int[0])
                : part.levels().get(length - 1);
        int next = 0;
        for (int i = 0; i < size; i++) {
            // Both are in the same order, and the union has all that the part has.
            int at = next < own.size() && own.key[next] == level.ngrams.key[i] ? next++ : -1;
            told.logProb[i] =
                    at >= 0 ? own.logProb[at] : shorter.backOff[level.context[i]] + shorter.logProb[level.suffix[i]];
            if (!last) {
                told.backOff[i] = at >= 0 ? own.backOff[at] : 0;
                told.share[i] = part.events() > 0 && at >= 0 ? (double) own.count[at] / part.events() : 0;
            }
        }
        if (part.events() == 0 && !last) {
            modelShares(told, level, shorter);
        }
        return told;
    }

    /**
     * How much of running text the n-grams are by a model that has no counts: the product of the probabilities of their
     * words. Sentences start as often as they end.
     */
    private static void modelShares(Told told, Level level, Told shorter) {
        for (int i = 0; i < told.share.length; i++) {
            told.share[i] =
                    Math.exp(told.logProb[i]) * (level.ngrams.length == 1 ? 1 : shorter.share[level.context[i]]);
        }
        if (level.ngrams.length == 1) {
            told.share[TrainingText.START] = told.share[TrainingText.END];
        }
    }

    /** The mixture of what was added, with back-off weights that make every context's probabilities sum to one. */
    List<NGrams> mixed() {
        for (Level level : levels) {
            NGrams ngrams = level.ngrams;
            Arrays.setAll(ngrams.logProb, i -> Math.max(Math.log(level.probability[i]), TrainedModel.IMPOSSIBLE));
            for (int i = 0; i < level.share.length; i++) {
                ngrams.count[i] = (int) Math.max(1, Math.round(EVENTS * level.share[i]));
            }
        }
        List<NGrams> mixed = levels.stream().map(Level::ngrams).toList();
        IntStream.range(1, mixed.size()).forEach(k -> TrainedModel.backOff(mixed, k));
        return mixed;
    }
}
