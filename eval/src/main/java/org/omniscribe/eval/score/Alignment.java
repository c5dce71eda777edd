package org.omniscribe.eval.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which hypothesis token stands for which reference token: the alignment that {@link EditDistance} counts.
 *
 * @param pairs the pairs in order of speech
 */
public record Alignment(List<Pair> pairs) {
    private static final EditCosts.Move[] MOVES = EditCosts.Move.values();

    /** The kind of a pair. */
    public enum Edit {
        /** Both tokens are the same. */
        CORRECT,
        /** Both are there and differ. */
        SUBSTITUTION,
        /** The hypothesis lacks the reference's token. */
        DELETION,
        /** The hypothesis has a token that the reference lacks. */
        INSERTION
    }

    /**
     * A reference token, its counterpart, or both.
     *
     * @param reference the token that was said; null for an insertion
     * @param hypothesis the token that was recognised; null for a deletion
     * @param edit what happened to the token; a word that may be left out is correct though one of the tokens is null, and
     *     so is a fragment though they differ
     */
    public record Pair(String reference, String hypothesis, Edit edit) {
        /** Checks that at least one token is there. */
        public Pair {
            Objects.requireNonNull(edit, "edit");
            if (reference == null && hypothesis == null) {
                throw new IllegalArgumentException("a pair needs a reference or a hypothesis token");
            }
        }

        /** Two tokens that are correct if they are equal. */
        static Pair of(String reference, String hypothesis) {
            return new Pair(reference, hypothesis, edit(reference, hypothesis));
        }

        private static Edit edit(String reference, String hypothesis) {
            if (reference == null) {
                return Edit.INSERTION;
            }
            if (hypothesis == null) {
                return Edit.DELETION;
            }
            return reference.equals(hypothesis) ? Edit.CORRECT : Edit.SUBSTITUTION;
        }
    }

    /** Copies the pairs. */
    public Alignment {
        pairs = List.copyOf(pairs);
    }

    /**
     * Aligns the words of two texts: runs of characters between white space.
     *
     * @param reference what was said
     * @param hypothesis what was recognised
     * @param costs which alignment to take
     */
    public static Alignment ofWords(String reference, String hypothesis, EditCosts costs) {
        return of(EditDistance.split(reference), EditDistance.split(hypothesis), costs);
    }

    /**
     * Aligns tokens. Memory grows with the lengths, not with their product; time with the length times the number of
     * differences.
     *
     * @param reference what was said, in order
     * @param hypothesis what was recognised, in order
     * @param costs which alignment to take; ties as in {@link EditDistance}
     */
    public static Alignment of(List<String> reference, List<String> hypothesis, EditCosts costs) {
        Objects.requireNonNull(costs, "costs");
        if ((long) reference.size() * hypothesis.size() > BandedAlignment.SMALL) {
            return new Alignment(BandedAlignment.pairs(reference, hypothesis, costs));
        }
        byte[][] moves = moves(reference, hypothesis, costs);
        List<Pair> pairs = new ArrayList<>();
        int r = reference.size();
        int h = hypothesis.size();
        while (r > 0 || h > 0) {
            EditCosts.Move move = MOVES[moves[r][h]];
            String said = move == EditCosts.Move.LEFT ? null : reference.get(--r);
            String recognised = move == EditCosts.Move.UP ? null : hypothesis.get(--h);
            pairs.add(Pair.of(said, recognised));
        }
        Collections.reverse(pairs);
        return new Alignment(pairs);
    }

    /** The tokens that were said, of a choice those that the alignment took, with single spaces between them. */
    public String reference() {
        return text(Pair::reference);
    }

    /** The tokens that were recognised, with single spaces between them. */
    public String hypothesis() {
        return text(Pair::hypothesis);
    }

    private String text(Function<Pair, String> side) {
        return pairs.stream().map(side).filter(Objects::nonNull).collect(Collectors.joining(" "));
    }

    /** The edits counted. */
    public ErrorCounts counts() {
        long[] counts = new long[Edit.values().length];
        pairs.forEach(pair -> counts[pair.edit().ordinal()]++);
        return new ErrorCounts(
                counts[Edit.CORRECT.ordinal()],
                counts[Edit.SUBSTITUTION.ordinal()],
                counts[Edit.DELETION.ordinal()],
                counts[Edit.INSERTION.ordinal()]);
    }

    /** The move into each cell, as an ordinal; rows are reference tokens, columns hypothesis tokens. */
    private static byte[][] moves(List<String> reference, List<String> hypothesis, EditCosts costs) {
        Map<String, Integer> ids = new HashMap<>();
        int[] said = EditDistance.ids(reference, ids);
        int[] recognised = EditDistance.ids(hypothesis, ids);
        byte[][] moves = new byte[said.length + 1][recognised.length + 1];
        Arrays.fill(moves[0], (byte) EditCosts.Move.LEFT.ordinal());
        int[] cost = new int[recognised.length + 1];
        for (int h = 1; h < cost.length; h++) {
            cost[h] = cost[h - 1] + costs.insertion();
        }
        for (int r = 1; r <= said.length; r++) {
            int above = cost[0];
            cost[0] += costs.deletion();
            moves[r][0] = (byte) EditCosts.Move.UP.ordinal();
            for (int h = 1; h < cost.length; h++) {
                int diagonal = above + (said[r - 1] == recognised[h - 1] ? 0 : costs.substitution());
                int up = cost[h] + costs.deletion();
                int left = cost[h - 1] + costs.insertion();
                above = cost[h];
                moves[r][h] = (byte) EditCosts.choose(diagonal, up, left).ordinal();
                cost[h] = Math.min(diagonal, Math.min(up, left));
            }
        }
        return moves;
    }
}
