package org.omniscribe.eval.score;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether two recognisers that heard the same differ by more than chance: the matched-pairs sentence-segment word error
 * test, MAPSSWE (Gillick and Cox, "Some statistical issues in the comparison of speech recognition algorithms", ICASSP
 * 1989), as NIST's sc_stats does it.
 *
 * <p>Utterances are cut into segments with errors, where at least two words that both got right part one from the next.
 * The test is whether the mean difference of the errors in a segment can be zero.
 *
 * @param segments how many segments at least one recogniser made an error in
 * @param mean errors of the first less those of the second, mean over the segments; below zero if the first is better
 * @param deviation standard deviation of that difference
 * @param z mean over its standard error; 0 if the difference is the same in all segments, as in sc_stats
 * @param p how probable a {@code z} so far from zero is if both are equally good, two-sided; from 0 to 1
 */
public record MatchedPairs(int segments, double mean, double deviation, double z, double p) {
    /** Words in a row that both must get right for a segment to end. */
    private static final int GOOD_WORDS = 2;
    /** Where the series for the normal distribution is left for the continued fraction. */
    private static final double TAIL = 5;

    private static final int FRACTION_TERMS = 60;

    /**
     * Compares two recognisers.
     *
     * @param first alignments of the first one, an utterance each
     * @param second alignments of the second one with the same references in the same order
     * @throws IllegalArgumentException if the references are not the same
     */
    public static MatchedPairs compare(List<Alignment> first, List<Alignment> second) {
        return compare(first, second, false);
    }

    /**
     * Compares two recognisers on references that may leave a choice.
     *
     * @param first alignments of the first one, an utterance each
     * @param second alignments of the second one with the same references in the same order
     * @param choices whether an utterance may have another reference in each alignment, because it leaves a choice and each
     *     alignment took what suits it; such an utterance is one segment
     * @throws IllegalArgumentException if the references are not the same otherwise
     */
    public static MatchedPairs compare(List<Alignment> first, List<Alignment> second, boolean choices) {
        if (first.size() != second.size()) {
            throw new IllegalArgumentException("there are " + first.size() + " alignments of one recogniser and "
                    + second.size() + " of the other");
        }
        List<Integer> differences = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            Errors one = new Errors(first.get(i));
            Errors other = new Errors(second.get(i));
            if (one.reference.equals(other.reference)) {
                differences(one, other, differences);
            } else if (choices) {
                long errors =
                        first.get(i).counts().errors() - second.get(i).counts().errors();
                differences.add((int) errors);
            } else {
                throw new IllegalArgumentException("utterance " + i + " has another reference in each alignment");
            }
        }
        int n = differences.size();
        double mean =
                n == 0 ? 0 : differences.stream().mapToInt(d -> d).average().orElseThrow();
        double squares =
                differences.stream().mapToDouble(d -> (d - mean) * (d - mean)).sum();
        if (squares == 0) {
            return new MatchedPairs(n, mean, 0, 0, 1);
        }
        double deviation = Math.sqrt(squares / (n - 1));
        double z = mean / (deviation / Math.sqrt(n));
        return new MatchedPairs(n, mean, deviation, z, twoSided(Math.abs(z)));
    }

    /** An alignment by words of the reference. */
    private static final class Errors {
        private final List<String> reference = new ArrayList<>();
        private final List<Boolean> correct = new ArrayList<>();
        /** Insertions before each word of the reference, and behind the last. */
        private final List<Integer> insertions = new ArrayList<>(List.of(0));

        Errors(Alignment alignment) {
            for (Alignment.Pair pair : alignment.pairs()) {
                if (pair.edit() == Alignment.Edit.INSERTION) {
                    int last = insertions.size() - 1;
                    insertions.set(last, insertions.get(last) + 1);
                } else if (pair.reference() != null) {
                    reference.add(pair.reference());
                    correct.add(pair.edit() == Alignment.Edit.CORRECT);
                    insertions.add(0);
                }
            }
        }

        /** Errors at a word and between it and the word before. */
        int at(int word) {
            return insertions.get(word) + (word == correct.size() || correct.get(word) ? 0 : 1);
        }
    }

    private static void differences(Errors first, Errors second, List<Integer> differences) {
        int words = first.reference.size();
        boolean open = false;
        int difference = 0;
        int good = 0;
        for (int word = 0; word <= words; word++) {
            boolean inserted = first.insertions.get(word) + second.insertions.get(word) > 0;
            difference += first.at(word) - second.at(word);
            boolean right = word < words && first.correct.get(word) && second.correct.get(word);
            if (inserted || word < words && !right) {
                open = true;
                good = 0;
            }
            if (right && open && ++good == GOOD_WORDS) {
                differences.add(difference);
                difference = 0;
                open = false;
                good = 0;
            }
        }
        if (open) {
            differences.add(difference);
        }
    }

    /**
     * How much of the standard normal distribution lies farther from zero than z: Marsaglia's series ("Evaluating the
     * normal distribution", Journal of Statistical Software 2004), and in the tail, where that cancels, Laplace's continued
     * fraction.
     */
    static double twoSided(double z) {
        double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
        if (z < TAIL) {
            double sum = z;
            double term = z;
            for (int i = 3; term > sum * 1e-17; i += 2) {
                term *= z * z / i;
                sum += term;
            }
            return 1 - 2 * density * sum;
        }
        double fraction = z;
        for (int i = FRACTION_TERMS; i > 0; i--) {
            fraction = z + i / fraction;
        }
        return 2 * density / fraction;
    }
}
