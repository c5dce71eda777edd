package org.omniscribe.asr.routing;

import java.util.Arrays;

/**
 * How often two labels came together: the experts of two layers, or an expert and what was said. All information is in
 * bits. Not thread-safe.
 */
public final class Contingency {
    private final long[][] counts;

    /**
     * An empty table.
     *
     * @param rows values of the first label, at least 1
     * @param columns values of the second label, at least 1
     */
    public Contingency(int rows, int columns) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException("a table of " + rows + " by " + columns + " counts nothing");
        }
        counts = new long[rows][columns];
    }

    /** Counts one pair. */
    public void add(int row, int column) {
        counts[row][column]++;
    }

    /** How often a pair came. */
    public long count(int row, int column) {
        return counts[row][column];
    }

    /** How often each value of the first label came. */
    public long[] rowSums() {
        return Arrays.stream(counts).mapToLong(row -> Arrays.stream(row).sum()).toArray();
    }

    /** How often each value of the second label came. */
    public long[] columnSums() {
        long[] sums = new long[counts[0].length];
        for (long[] row : counts) {
            for (int c = 0; c < row.length; c++) {
                sums[c] += row[c];
            }
        }
        return sums;
    }

    /** Number of pairs. */
    public long total() {
        return Arrays.stream(rowSums()).sum();
    }

    /** Entropy of a distribution given by counts, in bits; 0 for no counts. */
    public static double entropy(long... counts) {
        long total = Arrays.stream(counts).sum();
        double entropy = 0;
        for (long count : counts) {
            if (count > 0) {
                double p = (double) count / total;
                entropy -= p * Math.log(p) / Math.log(2);
            }
        }
        return entropy;
    }

    /**
     * Mutual information of both labels: what one tells of the other, in bits.
     *
     * <p>I(X;Y) = H(X) + H(Y) - H(X,Y), of the counts as they are: few pairs make it too large by about (rows - 1) (columns - 1)
     * / (2 ln 2 total).
     *
     * @return at least 0
     */
    public double mutualInformation() {
        long[] all = Arrays.stream(counts).flatMapToLong(Arrays::stream).toArray();
        return Math.max(0, entropy(rowSums()) + entropy(columnSums()) - entropy(all));
    }

    /** The part of the second label's entropy that the first one tells, 0 to 1; 0 if it has none. */
    public double explained() {
        double entropy = entropy(columnSums());
        return entropy == 0 ? 0 : Math.min(1, mutualInformation() / entropy);
    }

    /** The share of pairs whose values are the same number; NaN for no pairs. */
    public double match() {
        long same = 0;
        for (int i = 0; i < Math.min(counts.length, counts[0].length); i++) {
            same += counts[i][i];
        }
        return (double) same / total();
    }

    /**
     * The largest {@link #match} that one-to-one renaming of the second label's values can reach, as names of experts mean nothing
     * where layers have routers of their own; NaN for no pairs.
     */
    public double bestMatch() {
        int n = Math.max(counts.length, counts[0].length);
        double[][] cost = new double[n][n];
        for (int r = 0; r < counts.length; r++) {
            for (int c = 0; c < counts[r].length; c++) {
                cost[r][c] = -counts[r][c];
            }
        }
        int[] column = assignment(cost);
        long same = 0;
        for (int r = 0; r < counts.length; r++) {
            same += column[r] < counts[r].length ? counts[r][column[r]] : 0;
        }
        return (double) same / total();
    }

    /**
     * The assignment of rows to columns with the least sum of costs (Kuhn 1955, Munkres 1957; with shortest augmenting
     * paths, Jonker and Volgenant 1987).
     *
     * @param cost square, {@code [row][column]}
     * @return the column of each row
     */
    public static int[] assignment(double[][] cost) {
        int n = cost.length;
        double[] rowPrice = new double[n + 1];
        double[] columnPrice = new double[n + 1];
        int[] rowOf = new int[n + 1];
        for (int row = 1; row <= n; row++) {
            double[] distance = new double[n + 1];
            int[] from = new int[n + 1];
            boolean[] done = new boolean[n + 1];
            Arrays.fill(distance, Double.POSITIVE_INFINITY);
            rowOf[0] = row;
            int column = 0;
            do {
                done[column] = true;
                int next = 0;
                double step = Double.POSITIVE_INFINITY;
                for (int c = 1; c <= n; c++) {
                    if (!done[c]) {
                        double reduced = cost[rowOf[column] - 1][c - 1] - rowPrice[rowOf[column]] - columnPrice[c];
                        if (reduced < distance[c]) {
                            distance[c] = reduced;
                            from[c] = column;
                        }
                        if (distance[c] < step) {
                            step = distance[c];
                            next = c;
                        }
                    }
                }
                for (int c = 0; c <= n; c++) {
                    if (done[c]) {
                        rowPrice[rowOf[c]] += step;
                        columnPrice[c] -= step;
                    } else {
                        distance[c] -= step;
                    }
                }
                column = next;
            } while (rowOf[column] != 0);
            for (; column != 0; column = from[column]) {
                rowOf[column] = rowOf[from[column]];
            }
        }
        int[] columnOf = new int[n];
        for (int c = 1; c <= n; c++) {
            columnOf[rowOf[c] - 1] = c - 1;
        }
        return columnOf;
    }
}
