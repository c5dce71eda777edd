package org.omniscribe.eval.tune;

import java.util.List;

/**
 * The likeliest logistic model of what is true and what is not (iteratively reweighted least squares: Hastie, Tibshirani
 * and Friedman, The Elements of Statistical Learning, section 4.4.1), with a little ridge so that it always has one.
 */
public final class LogisticRegression {
    private static final int MAX_STEPS = 50;
    private static final double RIDGE = 1e-3;
    private static final double SMALL = 1e-9;

    private LogisticRegression() {}

    /**
     * An observation.
     *
     * @param values the same number in all observations
     * @param truth whether it was so
     */
    public record Observation(double[] values, boolean truth) {}

    /**
     * Fits a model.
     *
     * @return the offset, and then the factor of every value, of the log-odds
     * @throws IllegalArgumentException if there is no observation
     */
    public static double[] fit(List<Observation> observations) {
        if (observations.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to fit a model to");
        }
        int size = observations.get(0).values.length + 1;
        double[] model = new double[size];
        for (int step = 0; step < MAX_STEPS; step++) {
            double[][] curvature = new double[size][size + 1];
            for (int i = 0; i < size; i++) {
                curvature[i][i] = RIDGE;
                curvature[i][size] = -RIDGE * model[i];
            }
            for (Observation o : observations) {
                double p = probability(model, o.values);
                for (int i = 0; i < size; i++) {
                    double x = i == 0 ? 1 : o.values[i - 1];
                    curvature[i][size] += ((o.truth ? 1 : 0) - p) * x;
                    for (int j = 0; j < size; j++) {
                        curvature[i][j] += p * (1 - p) * x * (j == 0 ? 1 : o.values[j - 1]);
                    }
                }
            }
            double[] change = solve(curvature);
            double moved = 0;
            for (int i = 0; i < size; i++) {
                model[i] += change[i];
                moved = Math.max(moved, Math.abs(change[i]));
            }
            if (moved < SMALL) {
                break;
            }
        }
        return model;
    }

    /** What a model says of some values. */
    public static double probability(double[] model, double[] values) {
        double x = model[0];
        for (int i = 0; i < values.length; i++) {
            x += model[i + 1] * values[i];
        }
        return 1 / (1 + Math.exp(-x));
    }

    /** Gauss's elimination; the matrix is positive definite, so no pivot is zero. */
    private static double[] solve(double[][] rows) {
        int size = rows.length;
        for (int i = 0; i < size; i++) {
            for (int below = i + 1; below < size; below++) {
                double factor = rows[below][i] / rows[i][i];
                for (int j = i; j <= size; j++) {
                    rows[below][j] -= factor * rows[i][j];
                }
            }
        }
        double[] x = new double[size];
        for (int i = size - 1; i >= 0; i--) {
            double sum = rows[i][size];
            for (int j = i + 1; j < size; j++) {
                sum -= rows[i][j] * x[j];
            }
            x[i] = sum / rows[i][i];
        }
        return x;
    }
}
