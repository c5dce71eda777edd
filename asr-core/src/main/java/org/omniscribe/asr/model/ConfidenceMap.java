package org.omniscribe.asr.model;

/**
 * How the confidence of a word is made of what a search knows of it, by logistic regression: 1 / (1 + e<sup>-x</sup>) with
 * x = {@code offset + share * ln(s / (1 - s)) + sound * g}. Here s is the share that the texts with the word in its place
 * have among all that were found, from 0.001 to 0.999, and g, at most 0, the log-probability of its phones where they were
 * found less that of the likeliest phones there, divided by the number of phones.
 *
 * @param offset added to x
 * @param share factor of the share's log-odds
 * @param sound factor of g
 */
public record ConfidenceMap(double offset, double share, double sound) {
    /** The share as it is. */
    public static final ConfidenceMap SHARE = new ConfidenceMap(0, 1, 0);

    private static final double MIN_SHARE = 0.001;

    /** Checks that they are numbers. */
    public ConfidenceMap {
        if (!Double.isFinite(offset + share + sound)) {
            throw new IllegalArgumentException(
                    "confidence must be of finite numbers, not " + offset + ", " + share + " and " + sound);
        }
    }

    /**
     * The confidence of a word.
     *
     * @param s its share, 0 to 1
     * @param g how its phones compare with the likeliest ones, at most 0
     * @return 0 to 1
     */
    public double of(double s, double g) {
        double clipped = Math.max(MIN_SHARE, Math.min(1 - MIN_SHARE, s));
        return 1 / (1 + Math.exp(-(offset + share * Math.log(clipped / (1 - clipped)) + sound * g)));
    }
}
