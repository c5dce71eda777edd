package org.omniscribe.eval.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The alignment that {@link EditDistance} counts, for long texts: cells near the diagonal alone are filled, in a band that
 * widens until no path that leaves it can cost as little (E. Ukkonen, Algorithms for approximate string matching, 1985). So
 * all paths of least cost, and the choice among them, are those of the whole table.
 *
 * <p>The way back is found piece by piece, each filled again from a row that was kept; so memory grows with the length.
 */
final class BandedAlignment {
    /** Tables of at most so many cells are filled whole. */
    static final long SMALL = 1 << 20;

    private static final int FIRST_BAND = 64;
    /** Where letters differ more than this band holds, 64 cells at a time are faster. */
    private static final int WIDEST_BEFORE_BITS = 256;

    private static final int FAR = Integer.MAX_VALUE / 4;
    /** Cells of a piece of which every move is kept. */
    private static final int LEAF_CELLS = 1 << 25;

    private static final int PARTS = 64;
    private static final EditCosts.Move[] MOVES = EditCosts.Move.values();

    private final int[] reference;
    private final int[] hypothesis;
    private final EditCosts costs;
    /** The lowest diagonal (hypothesis less reference index) of the band, and how many there are. */
    private final int lowest;

    private final int width;
    private final List<EditCosts.Move> back = new ArrayList<>();
    private int column;

    private BandedAlignment(int[] reference, int[] hypothesis, EditCosts costs, int band) {
        this.reference = reference;
        this.hypothesis = hypothesis;
        this.costs = costs;
        int shift = hypothesis.length - reference.length;
        lowest = Math.max(-reference.length, Math.min(0, shift) - band);
        width = Math.min(hypothesis.length, Math.max(0, shift) + band) - lowest + 1;
    }

    /** Whether a path that leaves the band costs more than the one found. */
    private boolean certain(int cost) {
        int shift = hypothesis.length - reference.length;
        long above = (long) lowest + width;
        long below = 1L - lowest;
        boolean whole = lowest <= -reference.length && lowest + width > hypothesis.length;
        return whole
                || cost < above * costs.insertion() + (above - shift) * costs.deletion()
                        && cost < below * costs.deletion() + (below + shift) * costs.insertion();
    }

    static List<Alignment.Pair> pairs(List<String> reference, List<String> hypothesis, EditCosts costs) {
        Map<String, Integer> ids = new HashMap<>();
        int[] said = EditDistance.ids(reference, ids);
        int[] recognised = EditDistance.ids(hypothesis, ids);
        List<EditCosts.Move> moves = moves(said, recognised, costs, Integer.MAX_VALUE);
        List<Alignment.Pair> pairs = new ArrayList<>(moves.size());
        int r = 0;
        int h = 0;
        for (EditCosts.Move move : moves) {
            String left = move == EditCosts.Move.LEFT ? null : reference.get(r++);
            String right = move == EditCosts.Move.UP ? null : hypothesis.get(h++);
            pairs.add(Alignment.Pair.of(left, right));
        }
        return pairs;
    }

    static ErrorCounts count(int[] reference, int[] hypothesis, EditCosts costs) {
        int r = 0;
        int h = 0;
        int substitutions = 0;
        int deletions = 0;
        boolean bits = costs == EditCosts.UNIT && BitAlignment.fits(reference);
        List<EditCosts.Move> moves = moves(reference, hypothesis, costs, bits ? WIDEST_BEFORE_BITS : Integer.MAX_VALUE);
        if (moves == null) {
            return BitAlignment.count(reference, hypothesis);
        }
        for (EditCosts.Move move : moves) {
            switch (move) {
                case DIAGONAL -> substitutions += reference[r++] == hypothesis[h++] ? 0 : 1;
                case UP -> {
                    r++;
                    deletions++;
                }
                case LEFT -> h++;
            }
        }
        int correct = reference.length - substitutions - deletions;
        return new ErrorCounts(correct, substitutions, deletions, hypothesis.length - substitutions - correct);
    }

    /** The moves from the start to the end; null if no band that is not wider than {@code widest} holds them for certain. */
    private static List<EditCosts.Move> moves(int[] reference, int[] hypothesis, EditCosts costs, int widest) {
        for (int band = FIRST_BAND; band <= widest; band = (int) Math.min(4L * band, Integer.MAX_VALUE / 4)) {
            BandedAlignment alignment = new BandedAlignment(reference, hypothesis, costs, band);
            int[] row = alignment.start();
            alignment.fill(row, 0, reference.length, null);
            if (alignment.certain(row[hypothesis.length - reference.length - alignment.lowest])) {
                alignment.column = hypothesis.length;
                alignment.trace(alignment.start(), 0, reference.length);
                for (; alignment.column > 0; alignment.column--) {
                    alignment.back.add(EditCosts.Move.LEFT);
                }
                Collections.reverse(alignment.back);
                return alignment.back;
            }
        }
        return null;
    }

    /** The row above all reference tokens. A place in a row is the diagonal, counted from the lowest. */
    private int[] start() {
        int[] row = new int[width + 1];
        for (int k = 0; k < width; k++) {
            int h = lowest + k;
            row[k] = h < 0 || h > hypothesis.length ? FAR : h * costs.insertion();
        }
        row[width] = FAR;
        return row;
    }

    /**
     * Fills rows in place.
     *
     * @param from the reference tokens above the row as it is
     * @param to those above it afterwards
     * @param moves receives every move, row after row; null if nobody wants them
     */
    private void fill(int[] row, int from, int to, byte[] moves) {
        for (int r = from + 1; r <= to; r++) {
            int base = r + lowest;
            int first = Math.max(0, -base);
            int last = Math.min(width - 1, hypothesis.length - base);
            int at = (r - from - 1) * width;
            int left = FAR;
            if (first > 0) {
                row[first - 1] = FAR;
            }
            int token = reference[r - 1];
            for (int k = first; k <= last; k++) {
                int h = base + k;
                int up = row[k + 1] + costs.deletion();
                int diagonal = h == 0 ? FAR : row[k] + (token == hypothesis[h - 1] ? 0 : costs.substitution());
                int before = left + costs.insertion();
                EditCosts.Move move = EditCosts.choose(diagonal, up, before);
                left = Math.min(diagonal, Math.min(up, before));
                row[k] = left;
                if (moves != null) {
                    moves[at + k] = (byte) move.ordinal();
                }
            }
            if (last + 1 < width) {
                Arrays.fill(row, Math.max(0, last + 1), width, FAR);
            }
        }
    }

    /** Goes back from {@link #column} in row {@code to} to row {@code from}, whose costs are given. */
    private void trace(int[] row, int from, int to) {
        int rows = to - from;
        if (rows == 0) {
            return;
        }
        if ((long) rows * width <= LEAF_CELLS || rows == 1) {
            byte[] moves = new byte[rows * width];
            fill(row.clone(), from, to, moves);
            for (int r = to; r > from; ) {
                EditCosts.Move move = MOVES[moves[(r - from - 1) * width + column - r - lowest]];
                back.add(move);
                r -= move == EditCosts.Move.LEFT ? 0 : 1;
                column -= move == EditCosts.Move.UP ? 0 : 1;
            }
            return;
        }
        int parts = Math.min(rows, PARTS);
        List<int[]> kept = new ArrayList<>();
        int[] at = row.clone();
        for (int p = 0; p < parts; p++) {
            kept.add(at.clone());
            if (p + 1 < parts) {
                fill(at, border(from, rows, p, parts), border(from, rows, p + 1, parts), null);
            }
        }
        for (int p = parts - 1; p >= 0; p--) {
            trace(kept.remove(p), border(from, rows, p, parts), border(from, rows, p + 1, parts));
        }
    }

    private static int border(int from, int rows, int part, int parts) {
        return from + (int) ((long) rows * part / parts);
    }
}
