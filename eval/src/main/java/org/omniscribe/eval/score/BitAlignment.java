package org.omniscribe.eval.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the edits of the alignment that {@link EditDistance} takes by {@link EditCosts#UNIT}, 64 cells at a time (G. Myers, A
 * fast bit-vector algorithm for approximate string matching, 1999; H. Hyyrö's form with horizontal differences, 2003).
 *
 * <p>A column is a hypothesis token; of each row the difference to the row above is kept as two bits, plus and minus. The way
 * back is found piece by piece, each filled again from a column that was kept.
 */
final class BitAlignment {
    /** Words of 64 bits for the places of all tokens of a reference. */
    private static final long MAX_WORDS = 1 << 22;

    private static final int LEAF_BYTES = 1 << 26;
    private static final int PARTS = 64;

    private final int[] reference;
    private final int[] hypothesis;
    private final int words;
    private final Map<Integer, long[]> places = new HashMap<>();
    private final long[] nowhere;
    private int row;
    private int substitutions;
    private int deletions;

    /** The differences of a column to the rows above. */
    private record Column(long[] plus, long[] minus) {
        Column copy() {
            return new Column(plus.clone(), minus.clone());
        }
    }

    private BitAlignment(int[] reference, int[] hypothesis) {
        this.reference = reference;
        this.hypothesis = hypothesis;
        words = (reference.length + 63) / 64;
        nowhere = new long[words];
        for (int i = 0; i < reference.length; i++) {
            places.computeIfAbsent(reference[i], t -> new long[words])[i / 64] |= 1L << i;
        }
    }

    /** Whether the tokens are few enough for this; letters are, words often not. */
    static boolean fits(int[] reference) {
        long distinct = Arrays.stream(reference).distinct().count();
        return distinct * (reference.length / 64 + 1) <= MAX_WORDS;
    }

    static ErrorCounts count(int[] reference, int[] hypothesis) {
        BitAlignment alignment = new BitAlignment(reference, hypothesis);
        alignment.row = reference.length;
        long[] ones = new long[alignment.words];
        Arrays.fill(ones, -1);
        alignment.trace(new Column(ones, new long[alignment.words]), 0, hypothesis.length);
        int deletions = alignment.deletions + alignment.row;
        int correct = reference.length - alignment.substitutions - deletions;
        return new ErrorCounts(
                correct, alignment.substitutions, deletions, hypothesis.length - alignment.substitutions - correct);
    }

    /**
     * Goes on by a column.
     *
     * @param acrossPlus receives where a cell is greater than that to its left; null if nobody wants to know
     * @param acrossMinus where it is less
     */
    private void step(Column column, int token, long[] acrossPlus, long[] acrossMinus) {
        long[] equal = places.getOrDefault(token, nowhere);
        int carry = 1;
        for (int w = 0; w < words; w++) {
            long plus = column.plus[w];
            long minus = column.minus[w];
            long match = equal[w];
            long vertical = match | minus;
            if (carry < 0) {
                match |= 1;
            }
            long horizontal = (match & plus) + plus ^ plus | match;
            long up = minus | ~(horizontal | plus);
            long down = plus & horizontal;
            if (acrossPlus != null) {
                acrossPlus[w] = up;
                acrossMinus[w] = down;
            }
            int next = up < 0 ? 1 : down < 0 ? -1 : 0;
            up = up << 1 | (carry > 0 ? 1 : 0);
            down = down << 1 | (carry < 0 ? 1 : 0);
            column.plus[w] = down | ~(vertical | up);
            column.minus[w] = up & vertical;
            carry = next;
        }
    }

    /** Goes back from {@link #row} in column {@code to} to column {@code from}, which is given. */
    private void trace(Column column, int from, int to) {
        int count = to - from;
        if (count == 0 || row == 0) {
            return;
        }
        if (count * (long) words * 48 <= LEAF_BYTES || count == 1) {
            leaf(column.copy(), from, to);
            return;
        }
        int parts = Math.min(count, PARTS);
        List<Column> kept = new ArrayList<>();
        Column at = column.copy();
        for (int p = 0; p < parts; p++) {
            kept.add(at.copy());
            for (int h = border(from, count, p, parts); p + 1 < parts && h < border(from, count, p + 1, parts); h++) {
                step(at, hypothesis[h], null, null);
            }
        }
        for (int p = parts - 1; p >= 0; p--) {
            trace(kept.remove(p), border(from, count, p, parts), border(from, count, p + 1, parts));
        }
    }

    private static int border(int from, int count, int part, int parts) {
        return from + (int) ((long) count * part / parts);
    }

    private void leaf(Column column, int from, int to) {
        int count = to - from;
        Column[] columns = new Column[count + 1];
        long[][] acrossPlus = new long[count][words];
        long[][] acrossMinus = new long[count][words];
        columns[0] = column.copy();
        for (int i = 0; i < count; i++) {
            step(column, hypothesis[from + i], acrossPlus[i], acrossMinus[i]);
            columns[i + 1] = column.copy();
        }
        for (int h = to; h > from && row > 0; ) {
            int i = h - from;
            int w = (row - 1) / 64;
            long bit = 1L << row - 1;
            boolean same = reference[row - 1] == hypothesis[h - 1];
            int across = sign(acrossPlus[i - 1][w], acrossMinus[i - 1][w], bit);
            int above = sign(columns[i - 1].plus[w], columns[i - 1].minus[w], bit);
            if (same || across + above == 1) {
                substitutions += same ? 0 : 1;
                row--;
                h--;
            } else if (sign(columns[i].plus[w], columns[i].minus[w], bit) == 1 && across != 1) {
                deletions++;
                row--;
            } else {
                h--;
            }
        }
    }

    private static int sign(long plus, long minus, long bit) {
        return (plus & bit) != 0 ? 1 : (minus & bit) != 0 ? -1 : 0;
    }
}
