package org.omniscribe.export.lm;

import java.util.ArrayList;
import java.util.List;

/**
 * Interpolated modified Kneser-Ney smoothing (Chen and Goodman 1998, section 3).
 *
 * <p>The probability of a word w after a context h is {@code (c(hw) - D(c(hw))) / c(h*) + g(h) p(w|h')}, where h' is h
 * without its first word, {@code g(h)} is the mass that the discounts D set free, and the counts c of all but the longest
 * n-grams, and of those that begin a sentence, are numbers of different words before. Single words are interpolated
 * with an equal share for each. {@code g} is what ARPA calls the back-off weight.
 */
final class KneserNey {
    private static final int START = TrainingText.START;

    private KneserNey() {}

    /**
     * Estimates all probabilities.
     *
     * @param text the sentences
     * @param order words of the longest n-grams, 1 to {@link NGrams#MAX_ORDER}
     * @return the n-grams of 1 to {@code order} words; every word of the vocabulary is a 1-gram, at the place of its
     *     number, as it has its equal share even if the text does not have it
     */
    static List<NGrams> estimate(TrainingText text, int order) {
        List<NGrams> levels = new ArrayList<>();
        levels.add(NGrams.words(text.tokens(), text.words().size()));
        for (int length = 2; length <= order; length++) {
            levels.add(NGrams.count(text.tokens(), START, length));
        }
        for (int k = 0; k + 1 < order; k++) {
            levels.get(k).adjusted = continuations(levels.get(k), levels.get(k + 1));
        }
        unigrams(levels.get(0), text.words().size());
        for (int k = 1; k < order; k++) {
            interpolate(levels.get(k), levels.get(k - 1));
        }
        return levels;
    }

    private static int[] continuations(NGrams level, NGrams longer) {
        int[] before = new int[level.size()];
        for (long key : longer.key) {
            before[level.find(longer.suffix(key))]++;
        }
        for (int i = 0; i < before.length; i++) {
            if (level.word(level.key[i], 0) == START) {
                before[i] = level.count[i];
            }
        }
        return before;
    }

    /**
     * Discounts for counts of one, two, and three or more (formula 26).
     *
     * <p>Where a text is too small for the formula, those of Chen and Goodman's large texts stand in, near enough to one
     * half, one, and one and a half.
     */
    static double[] discounts(int[] counts) {
        long[] seen = new long[5];
        for (int c : counts) {
            if (c > 0 && c < seen.length) {
                seen[c]++;
            }
        }
        double[] discount = {0, 0.5, 1, 1.5};
        if (seen[1] > 0 && seen[2] > 0 && seen[3] > 0 && seen[4] > 0) {
            double y = (double) seen[1] / (seen[1] + 2 * seen[2]);
            for (int c = 1; c <= 3; c++) {
                double d = c - (c + 1) * y * seen[c + 1] / seen[c];
                if (d > 0 && d < c) {
                    discount[c] = d;
                }
            }
        }
        return discount;
    }

    private static void unigrams(NGrams level, int vocabulary) {
        int[] counts = level.adjusted.clone();
        int start = level.find(START);
        counts[start] = 0;
        double[] discount = discounts(counts);
        double total = 0;
        double free = 0;
        for (int c : counts) {
            total += c;
            free += discount[Math.min(c, 3)];
        }
        for (int i = 0; i < counts.length; i++) {
            // Every word has a share but the start of a sentence, which never follows anything.
            double p = (counts[i] - discount[Math.min(counts[i], 3)] + free / (vocabulary - 1)) / total;
            level.logProb[i] = i == start ? TrainedModel.IMPOSSIBLE : Math.log(p);
        }
    }

    private static void interpolate(NGrams level, NGrams shorter) {
        double[] discount = discounts(level.adjusted);
        for (int from = 0, to; from < level.size(); from = to) {
            long context = NGrams.context(level.key[from]);
            double total = 0;
            double free = 0;
            for (to = from; to < level.size() && NGrams.context(level.key[to]) == context; to++) {
                total += level.adjusted[to];
                free += discount[Math.min(level.adjusted[to], 3)];
            }
            double weight = free / total;
            shorter.backOff[shorter.find(context)] = Math.log(weight);
            for (int i = from; i < to; i++) {
                int count = level.adjusted[i];
                double below = Math.exp(shorter.logProb[shorter.find(level.suffix(level.key[i]))]);
                level.logProb[i] = Math.log((count - discount[Math.min(count, 3)]) / total + weight * below);
            }
        }
    }
}
