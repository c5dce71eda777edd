package org.omniscribe.app.desktop.timeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A matrix of bytes, 0 to 255, that grows at its right side, with coarser copies of itself: any stretch of it, however
 * long, is summed up by looking at about {@value #FACTOR} columns.
 *
 * <p>It keeps a limited number of columns, and forgets the oldest beyond. Thread-safe.
 */
final class Pyramid {
    /** Columns of a level that make one of the next. */
    static final int FACTOR = 8;

    private static final int LEVELS = 6;
    private static final int BLOCK = 1024;
    /** The most columns that one reduction looks at: those of one level, and the newest of all finer ones. */
    private static final int MAX_SOURCES = (FACTOR + 2) * LEVELS + 2;

    /** How several columns become one. */
    enum Reduction {
        MIN,
        MAX,
        MEAN,
        /** The most frequent value; of equally frequent ones the smallest. */
        MODE
    }

    private final Reduction[] rows;
    private final long kept;
    private final Level[] levels = new Level[LEVELS];
    private final byte[][] sources = new byte[MAX_SOURCES][];
    private final int[] offsets = new int[MAX_SOURCES];
    private int sourceCount;

    /**
     * An empty matrix.
     *
     * @param kept columns to keep at least; up to {@value #BLOCK} more are kept
     * @param rows how each row is summed up
     */
    Pyramid(long kept, Reduction... rows) {
        this.rows = rows.clone();
        this.kept = kept;
        for (int i = 0; i < LEVELS; i++) {
            levels[i] = new Level();
        }
    }

    /** A matrix whose rows are all summed up alike. */
    static Pyramid uniform(long kept, int rows, Reduction reduction) {
        Reduction[] all = new Reduction[rows];
        Arrays.fill(all, reduction);
        return new Pyramid(kept, all);
    }

    private final class Level {
        final List<byte[]> blocks = new ArrayList<>();
        final byte[] pending = new byte[FACTOR * rows.length];
        int pendingColumns;
        int forgotten;
        long size;

        void add(byte[] column, int level) {
            int at = (int) (size % BLOCK);
            if (at == 0) {
                blocks.add(new byte[BLOCK * rows.length]);
            }
            System.arraycopy(column, 0, blocks.get(blocks.size() - 1), at * rows.length, rows.length);
            System.arraycopy(column, 0, pending, pendingColumns * rows.length, rows.length);
            size++;
            if (++pendingColumns == FACTOR) {
                pendingColumns = 0;
                if (level + 1 < LEVELS) {
                    levels[level + 1].add(sumPending(), level + 1);
                }
            }
        }

        private byte[] sumPending() {
            sourceCount = 0;
            for (int i = 0; i < FACTOR; i++) {
                source(pending, i * rows.length);
            }
            byte[] sum = new byte[rows.length];
            for (int row = 0; row < rows.length; row++) {
                sum[row] = (byte) reduceSources(row);
            }
            return sum;
        }

        void gather(long column) {
            int block = (int) (column / BLOCK);
            if (block >= forgotten) {
                source(blocks.get(block), (int) (column % BLOCK) * rows.length);
            }
        }

        int get(long column, int row) {
            int block = (int) (column / BLOCK);
            return block < forgotten ? -1 : blocks.get(block)[(int) (column % BLOCK) * rows.length + row] & 0xff;
        }

        void forget(long first) {
            while ((forgotten + 1L) * BLOCK <= first) {
                blocks.set(forgotten++, null);
            }
        }
    }

    /** Number of rows. */
    int rows() {
        return rows.length;
    }

    /** Number of columns that were ever added. */
    synchronized long size() {
        return levels[0].size;
    }

    /** The first column that is still there. */
    synchronized long first() {
        return (long) levels[0].forgotten * BLOCK;
    }

    /**
     * Adds a column.
     *
     * @param column a byte a row, copied
     */
    synchronized void add(byte[] column) {
        levels[0].add(column, 0);
        long first = levels[0].size - kept;
        for (Level level : levels) {
            level.forget(first);
            first /= FACTOR;
        }
    }

    /** One value, 0 to 255; -1 if it is not there. */
    synchronized int get(long column, int row) {
        return column < 0 || column >= levels[0].size ? -1 : levels[0].get(column, row);
    }

    /**
     * Sums up a stretch. Stretches of more than {@value #FACTOR} columns are rounded outwards to columns of a coarser
     * level, by less than an eighth of their length at each side.
     *
     * @param from first column
     * @param to behind the last column
     * @param out takes a value a row, 0 to 255
     * @return false if nothing of the stretch is there; {@code out} is then left alone
     */
    synchronized boolean reduce(long from, long to, int[] out) {
        int level = 0;
        long size = 1;
        while (level + 1 < LEVELS && to - from > FACTOR * size) {
            level++;
            size *= FACTOR;
        }
        sourceCount = 0;
        long begin = Math.max(0, from);
        // The coarser levels lack the newest columns: these are taken from the finer ones.
        for (; level >= 0 && begin < to; level--, size /= FACTOR) {
            long last = Math.min(levels[level].size, (to + size - 1) / size);
            for (long column = begin / size; column < last; column++) {
                levels[level].gather(column);
            }
            begin = Math.max(begin, last * size);
        }
        if (sourceCount == 0) {
            return false;
        }
        for (int row = 0; row < rows.length; row++) {
            out[row] = reduceSources(row);
        }
        return true;
    }

    private void source(byte[] block, int offset) {
        sources[sourceCount] = block;
        offsets[sourceCount++] = offset;
    }

    private int value(int source, int row) {
        return sources[source][offsets[source] + row] & 0xff;
    }

    private int reduceSources(int row) {
        int first = value(0, row);
        return switch (rows[row]) {
            case MIN -> {
                int least = first;
                for (int i = 1; i < sourceCount; i++) {
                    least = Math.min(least, value(i, row));
                }
                yield least;
            }
            case MAX -> {
                int most = first;
                for (int i = 1; i < sourceCount; i++) {
                    most = Math.max(most, value(i, row));
                }
                yield most;
            }
            case MEAN -> {
                int sum = first;
                for (int i = 1; i < sourceCount; i++) {
                    sum += value(i, row);
                }
                yield (sum + sourceCount / 2) / sourceCount;
            }
            case MODE -> mode(row);
        };
    }

    /** There are so few values that counting each is quicker than a table. */
    private int mode(int row) {
        int best = -1;
        int most = 0;
        for (int i = 0; i < sourceCount; i++) {
            int value = value(i, row);
            int count = 1;
            for (int j = i + 1; j < sourceCount; j++) {
                count += value(j, row) == value ? 1 : 0;
            }
            if (count > most || count == most && value < best) {
                best = value;
                most = count;
            }
        }
        return best;
    }
}
