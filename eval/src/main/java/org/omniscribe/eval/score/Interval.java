package org.omniscribe.eval.score;

/**
 * A range that a rate is confident to lie in.
 *
 * @param low lower bound, a fraction
 * @param high upper bound, a fraction, at least {@code low}
 */
public record Interval(double low, double high) {
    /** Where there is nothing to measure. */
    public static final Interval NONE = new Interval(Double.NaN, Double.NaN);

    /** Checks the order of the bounds; both may be NaN where there is nothing to measure. */
    public Interval {
        if (low > high) {
            throw new IllegalArgumentException("low " + low + " is above high " + high);
        }
    }
}
