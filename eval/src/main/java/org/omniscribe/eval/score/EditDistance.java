package org.omniscribe.eval.score;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the edits of the cheapest alignment, by dynamic programming over reference times hypothesis tokens.
 *
 * <p>Where alignments cost the same, the one that sclite takes is counted (see {@link EditCosts#NIST}), so that with NIST
 * costs every count equals sclite's. Tokens are compared exactly; normalising is the caller's business. Of long
 * texts, memory grows with their lengths, and time with the length times the number of differences.
 */
public final class EditDistance {
    private EditDistance() {}

    /**
     * Counts errors in words: runs of characters between white space.
     *
     * @param reference what was said
     * @param hypothesis what was recognised
     * @param costs which alignment to count
     */
    public static ErrorCounts words(String reference, String hypothesis, EditCosts costs) {
        return count(split(reference), split(hypothesis), costs);
    }

    /**
     * Counts errors in characters: Unicode code points, a run of white space between words being one space that counts
     * like a letter; white space at either end does not count.
     *
     * @param reference what was said
     * @param hypothesis what was recognised
     * @param costs which alignment to count; character error rates are commonly of {@link EditCosts#UNIT}
     */
    public static ErrorCounts characters(String reference, String hypothesis, EditCosts costs) {
        return count(codePoints(reference), codePoints(hypothesis), costs);
    }

    /** Counts errors in tokens of any kind that {@link Object#equals} can compare. */
    public static <T> ErrorCounts count(List<T> reference, List<T> hypothesis, EditCosts costs) {
        Map<T, Integer> ids = new HashMap<>();
        return count(ids(reference, ids), ids(hypothesis, ids), costs);
    }

    /** Counts errors in tokens that are numbers, such as the output of a vocabulary. */
    public static ErrorCounts count(int[] reference, int[] hypothesis, EditCosts costs) {
        if ((long) reference.length * hypothesis.length > BandedAlignment.SMALL) {
            return BandedAlignment.count(reference, hypothesis, costs);
        }
        int width = hypothesis.length + 1;
        int[] cost = new int[width];
        int[] substitutions = new int[width];
        int[] deletions = new int[width];
        for (int h = 1; h < width; h++) {
            cost[h] = cost[h - 1] + costs.insertion();
        }
        for (int r = 1; r <= reference.length; r++) {
            // The row above is overwritten from the left; what the next cell needs of it waits here.
            int aboveCost = cost[0];
            int aboveSubstitutions = substitutions[0];
            int aboveDeletions = deletions[0];
            cost[0] += costs.deletion();
            deletions[0]++;
            for (int h = 1; h < width; h++) {
                int edit = reference[r - 1] == hypothesis[h - 1] ? 0 : 1;
                int diagonal = aboveCost + edit * costs.substitution();
                int up = cost[h] + costs.deletion();
                int left = cost[h - 1] + costs.insertion();
                int diagonalSubstitutions = aboveSubstitutions + edit;
                int diagonalDeletions = aboveDeletions;
                aboveCost = cost[h];
                aboveSubstitutions = substitutions[h];
                aboveDeletions = deletions[h];
                switch (EditCosts.choose(diagonal, up, left)) {
                    case DIAGONAL -> {
                        cost[h] = diagonal;
                        substitutions[h] = diagonalSubstitutions;
                        deletions[h] = diagonalDeletions;
                    }
                    case UP -> {
                        cost[h] = up;
                        deletions[h]++;
                    }
                    case LEFT -> {
                        cost[h] = left;
                        substitutions[h] = substitutions[h - 1];
                        deletions[h] = deletions[h - 1];
                    }
                }
            }
        }
        int s = substitutions[width - 1];
        int d = deletions[width - 1];
        int correct = reference.length - s - d;
        return new ErrorCounts(correct, s, d, hypothesis.length - s - correct);
    }

    static List<String> split(String text) {
        String stripped = text.strip();
        return stripped.isEmpty() ? List.of() : List.of(stripped.split("\\s+"));
    }

    private static int[] codePoints(String text) {
        return String.join(" ", split(text)).codePoints().toArray();
    }

    static <T> int[] ids(List<T> tokens, Map<T, Integer> ids) {
        return tokens.stream()
                .mapToInt(token -> ids.computeIfAbsent(token, t -> ids.size()))
                .toArray();
    }
}
