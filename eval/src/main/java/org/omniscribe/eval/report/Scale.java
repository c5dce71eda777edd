package org.omniscribe.eval.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * An axis from 0 on that ends at a round number.
 *
 * @param max its end, above 0
 * @param ticks where lines are drawn, from 0 to the end
 */
public record Scale(double max, List<Double> ticks) {
    private static final List<Double> STEPS = List.of(0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0);
    private static final int MAX_TICKS = 6;

    /**
     * The smallest axis that holds values.
     *
     * @param values those that are no finite numbers do not count
     */
    static Scale of(List<Double> values) {
        double most = values.stream()
                .filter(Double::isFinite)
                .mapToDouble(v -> v)
                .max()
                .orElse(0);
        double step =
                STEPS.stream().filter(s -> most <= s * MAX_TICKS).findFirst().orElse(Math.ceil(most / MAX_TICKS));
        int lines = Math.max(1, (int) Math.ceil(most / step - 1e-9));
        return new Scale(
                lines * step,
                IntStream.rangeClosed(0, lines).mapToObj(i -> i * step).toList());
    }

    /** Where a value is on the axis, from 0 to 1. */
    public double at(double value) {
        return Math.min(1, Math.max(0, value / max));
    }
}
