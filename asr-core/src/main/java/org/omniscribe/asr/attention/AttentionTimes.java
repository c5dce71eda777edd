package org.omniscribe.asr.attention;

import java.util.Arrays;

/**
 * Finds when tokens are spoken: the weights of the cross-attention heads that follow the speech, normalised, smoothed and
 * averaged, and the cheapest path through them by dynamic time warping. As {@code find_alignment} in {@code timing.py} of
 * OpenAI's Whisper.
 */
final class AttentionTimes {
    private static final int FILTER = 7;

    private AttentionTimes() {}

    /**
     * Aligns tokens.
     *
     * @param weights {@code [position][head][step]}: weights at all positions, prompt, text and end; changed here
     * @param first position of the last token of the prompt, where the first of the text is foretold
     * @return the step at which each token of the text begins, and at last that at which the text ends
     */
    static int[] steps(float[][][] weights, int first) {
        int positions = weights.length;
        int heads = weights[0].length;
        int steps = weights[0][0].length;
        for (float[][] position : weights) {
            for (float[] row : position) {
                toOne(row);
            }
        }
        for (int h = 0; h < heads; h++) {
            normalise(weights, h, steps);
        }
        int rows = positions - 1 - first;
        float[][] matrix = new float[rows][steps];
        float[] smooth = new float[steps];
        for (int r = 0; r < rows; r++) {
            for (int h = 0; h < heads; h++) {
                median(weights[first + r][h], smooth);
                for (int t = 0; t < steps; t++) {
                    matrix[r][t] += smooth[t] / heads;
                }
            }
        }
        return warp(matrix);
    }

    /** The steps that are kept share the weight among them. */
    private static void toOne(float[] row) {
        double sum = 0;
        for (float w : row) {
            sum += w;
        }
        if (sum > 0) {
            for (int t = 0; t < row.length; t++) {
                row[t] = (float) (row[t] / sum);
            }
        }
    }

    /** Mean 0 and deviation 1 over the positions, step by step. */
    private static void normalise(float[][][] weights, int head, int steps) {
        double[] mean = new double[steps];
        double[] square = new double[steps];
        for (float[][] position : weights) {
            for (int t = 0; t < steps; t++) {
                mean[t] += position[head][t];
            }
        }
        for (int t = 0; t < steps; t++) {
            mean[t] /= weights.length;
        }
        for (float[][] position : weights) {
            for (int t = 0; t < steps; t++) {
                double d = position[head][t] - mean[t];
                square[t] += d * d;
            }
        }
        for (int t = 0; t < steps; t++) {
            square[t] = Math.sqrt(square[t] / weights.length);
        }
        for (float[][] position : weights) {
            for (int t = 0; t < steps; t++) {
                position[head][t] = square[t] > 0 ? (float) ((position[head][t] - mean[t]) / square[t]) : 0;
            }
        }
    }

    /** The median of each number and the three on either side, which are reflected at the edges. */
    static void median(float[] row, float[] out) {
        int n = row.length;
        int half = FILTER / 2;
        if (n <= half) {
            System.arraycopy(row, 0, out, 0, n);
            return;
        }
        float[] sorted = new float[FILTER];
        for (int i = 0; i < FILTER; i++) {
            sorted[i] = row[reflected(i - half, n)];
        }
        Arrays.sort(sorted);
        out[0] = sorted[half];
        for (int t = 1; t < n; t++) {
            replace(sorted, row[reflected(t - 1 - half, n)], row[reflected(t + half, n)]);
            out[t] = sorted[half];
        }
    }

    private static int reflected(int i, int n) {
        int positive = Math.abs(i);
        return positive < n ? positive : 2 * (n - 1) - positive;
    }

    /** Replaces a number of a sorted array and keeps it sorted. */
    private static void replace(float[] sorted, float old, float fresh) {
        int i = 0;
        while (sorted[i] != old && i < FILTER - 1) {
            i++;
        }
        for (; i + 1 < FILTER && sorted[i + 1] < fresh; i++) {
            sorted[i] = sorted[i + 1];
        }
        for (; i > 0 && sorted[i - 1] > fresh; i--) {
            sorted[i] = sorted[i - 1];
        }
        sorted[i] = fresh;
    }

    /**
     * Dynamic time warping (Sakoe and Chiba 1978) through the greatest values; ties as in {@code dtw_cpu}.
     *
     * @param matrix {@code [row][step]}
     * @return the step at which the path enters each row
     */
    static int[] warp(float[][] matrix) {
        int rows = matrix.length;
        int steps = matrix[0].length;
        byte[][] trace = new byte[rows + 1][steps + 1];
        float[] above = new float[steps + 1];
        Arrays.fill(above, Float.POSITIVE_INFINITY);
        above[0] = 0;
        for (int i = 1; i <= rows; i++) {
            float[] cost = new float[steps + 1];
            cost[0] = Float.POSITIVE_INFINITY;
            for (int j = 1; j <= steps; j++) {
                float diagonal = above[j - 1];
                float up = above[j];
                float left = cost[j - 1];
                boolean both = diagonal < up && diagonal < left;
                trace[i][j] = (byte) (both ? 0 : up < diagonal && up < left ? 1 : 2);
                float least = both ? diagonal : trace[i][j] == 1 ? up : left;
                cost[j] = (float) (-(double) matrix[i - 1][j - 1] + least);
            }
            above = cost;
        }
        int[] entered = new int[rows];
        int i = rows;
        int j = steps;
        while (i > 0 || j > 0) {
            if (i > 0) {
                entered[i - 1] = Math.max(0, j - 1);
            }
            int move = i == 0 ? 2 : j == 0 ? 1 : trace[i][j];
            i -= move == 2 ? 0 : 1;
            j -= move == 1 ? 0 : 1;
        }
        return entered;
    }
}
