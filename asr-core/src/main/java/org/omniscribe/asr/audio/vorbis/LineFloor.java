package org.omniscribe.asr.audio.vorbis;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Floor 1: lines between posts (specification, section 7). */
final class LineFloor implements Floor {
    private static final int MAX_POSTS = 65;
    private static final int[] RANGES = {256, 128, 86, 64};
    /** The table of section 10.1: steps of 140/256 decibels up to 1. */
    private static final float[] DECIBELS = new float[256];

    static {
        for (int i = 0; i < DECIBELS.length; i++) {
            DECIBELS[i] = (float) Math.pow(10, (i - 255) * (140 / 256.0) / 20);
        }
    }

    private final Codebook[] books;
    private final int[] partitions;
    private final int[] dimensions;
    private final int[] subclasses;
    private final int[] masters;
    private final int[][] subbooks;
    private final int multiplier;
    private final int[] x;
    private final Integer[] order;
    private final int[] low;
    private final int[] high;
    private final int[] y;
    private final int[] shape;
    private final boolean[] used;

    LineFloor(PacketBits bits, Codebook[] books) {
        this.books = books;
        partitions = new int[bits.need(5)];
        int classes = 0;
        for (int i = 0; i < partitions.length; i++) {
            partitions[i] = bits.need(4);
            classes = Math.max(classes, partitions[i] + 1);
        }
        dimensions = new int[classes];
        subclasses = new int[classes];
        masters = new int[classes];
        subbooks = new int[classes][];
        for (int i = 0; i < classes; i++) {
            dimensions[i] = bits.need(3) + 1;
            subclasses[i] = bits.need(2);
            masters[i] = subclasses[i] > 0 ? book(bits.need(8)) : -1;
            subbooks[i] = new int[1 << subclasses[i]];
            for (int j = 0; j < subbooks[i].length; j++) {
                int book = bits.need(8) - 1;
                subbooks[i][j] = book < 0 ? -1 : book(book);
            }
        }
        multiplier = bits.need(2) + 1;
        int width = bits.need(4);
        int posts = 2 + Arrays.stream(partitions).map(p -> dimensions[p]).sum();
        PacketBits.require(posts <= MAX_POSTS, "a floor of too many posts");
        x = new int[posts];
        x[1] = 1 << width;
        for (int i = 2; i < posts; i++) {
            x[i] = bits.need(width);
        }
        PacketBits.require(Arrays.stream(x).distinct().count() == posts, "a floor with two posts at one place");
        order = IntStream.range(0, posts)
                .boxed()
                .sorted(Comparator.comparingInt(i -> x[i]))
                .toArray(Integer[]::new);
        low = new int[posts];
        high = new int[posts];
        neighbours();
        y = new int[posts];
        shape = new int[posts];
        used = new boolean[posts];
    }

    private int book(int index) {
        PacketBits.require(index < books.length, "a codebook that is not there");
        return index;
    }

    /** Of the posts before each, the nearest to its left and right. */
    private void neighbours() {
        for (int i = 2; i < x.length; i++) {
            high[i] = 1;
            for (int j = 0; j < i; j++) {
                if (x[j] < x[i] && x[j] > x[low[i]]) {
                    low[i] = j;
                }
                if (x[j] > x[i] && x[j] < x[high[i]]) {
                    high[i] = j;
                }
            }
        }
    }

    @Override
    public boolean read(PacketBits bits, float[] curve, int n) {
        if (!bits.flag() || bits.over() || !posts(bits)) {
            return false;
        }
        unwrap();
        int lastX = 0;
        int lastY = shape[0] * multiplier;
        for (int k = 1; k < order.length; k++) {
            int i = order[k];
            if (used[i]) {
                int nextY = shape[i] * multiplier;
                line(lastX, lastY, x[i], nextY, curve, n);
                lastX = x[i];
                lastY = nextY;
            }
        }
        if (lastX < n) {
            Arrays.fill(curve, lastX, n, DECIBELS[Math.max(0, Math.min(255, lastY))]);
        }
        return true;
    }

    private boolean posts(PacketBits bits) {
        int width = PacketBits.width(RANGES[multiplier - 1] - 1);
        y[0] = bits.read(width);
        y[1] = bits.read(width);
        int at = 2;
        for (int kind : partitions) {
            int chosen = 0;
            if (subclasses[kind] > 0) {
                chosen = books[masters[kind]].entry(bits);
                if (chosen < 0) {
                    return false;
                }
            }
            for (int j = 0; j < dimensions[kind]; j++) {
                int book = subbooks[kind][chosen & (1 << subclasses[kind]) - 1];
                chosen >>= subclasses[kind];
                y[at] = book < 0 ? 0 : books[book].entry(bits);
                if (y[at++] < 0) {
                    return false;
                }
            }
        }
        return !bits.over();
    }

    /** From differences to what a line between the neighbours predicts, to heights (section 7.2.4, step 1). */
    private void unwrap() {
        int range = RANGES[multiplier - 1];
        Arrays.fill(used, false);
        used[0] = true;
        used[1] = true;
        shape[0] = y[0];
        shape[1] = y[1];
        for (int i = 2; i < x.length; i++) {
            int predicted = point(x[low[i]], shape[low[i]], x[high[i]], shape[high[i]], x[i]);
            int value = y[i];
            int above = range - predicted;
            int room = 2 * Math.min(above, predicted);
            if (value == 0) {
                shape[i] = predicted;
                continue;
            }
            used[low[i]] = true;
            used[high[i]] = true;
            used[i] = true;
            if (value >= room) {
                shape[i] = above > predicted ? value : predicted - value + above - 1;
            } else {
                shape[i] = (value & 1) == 1 ? predicted - (value + 1) / 2 : predicted + value / 2;
            }
        }
    }

    private static int point(int x0, int y0, int x1, int y1, int x) {
        int dy = y1 - y0;
        int off = (int) ((long) Math.abs(dy) * (x - x0) / (x1 - x0));
        return dy < 0 ? y0 - off : y0 + off;
    }

    /** A line of whole numbers (section 9.2.7), as far as the curve goes. */
    private static void line(int x0, int y0, int x1, int y1, float[] curve, int n) {
        int dy = y1 - y0;
        int width = x1 - x0;
        int base = dy / width;
        int rest = Math.abs(dy) - Math.abs(base) * width;
        int sign = dy < 0 ? base - 1 : base + 1;
        int y = y0;
        int error = 0;
        for (int x = x0; x < Math.min(x1, n); x++) {
            curve[x] = DECIBELS[Math.max(0, Math.min(255, y))];
            error += rest;
            if (error >= width) {
                error -= width;
                y += sign;
            } else {
                y += base;
            }
        }
    }
}
