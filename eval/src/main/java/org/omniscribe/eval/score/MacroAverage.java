package org.omniscribe.eval.score;

import java.util.List;
import java.util.Map;

/** The average over the benchmarks as published for Omni-router models, and how one rate compares with another. */
public final class MacroAverage {
    /** The columns, named as their {@link org.omniscribe.datasets.TestPart}s: LibriSpeech's two test sets count one each. */
    public static final List<String> COLUMNS = List.of(
            "ami-ihm",
            "chime6",
            "common-voice",
            "fleurs",
            "callhome",
            "switchboard",
            "librispeech-clean",
            "librispeech-other",
            "wsj",
            "tedlium",
            "voxpopuli");

    private MacroAverage() {}

    /**
     * The columns that rates do not cover, in order.
     *
     * @param rates error rates by column
     */
    public static List<String> missing(Map<String, Double> rates) {
        return COLUMNS.stream()
                .filter(column -> !rates.containsKey(column) || !Double.isFinite(rates.get(column)))
                .toList();
    }

    /**
     * The unweighted mean of all eleven columns.
     *
     * @param rates error rates by column, fractions or percentages; those of other names do not count
     * @throws IllegalArgumentException if a column is missing or its rate is no finite number; the message names all such:
     *     an average over fewer would be taken for the published one
     */
    public static double of(Map<String, Double> rates) {
        List<String> missing = missing(rates);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("no average: " + String.join(", ", missing) + " missing");
        }
        return COLUMNS.stream().mapToDouble(rates::get).average().orElseThrow();
    }

    /**
     * By which part of itself an error rate fell.
     *
     * @param before the rate to compare with, above 0
     * @param after the new rate
     * @return 0.1 if a tenth of the errors is gone; negative if the rate rose
     */
    public static double relativeReduction(double before, double after) {
        if (!(before > 0)) {
            throw new IllegalArgumentException("a reduction of a rate of " + before + " means nothing");
        }
        return (before - after) / before;
    }
}
