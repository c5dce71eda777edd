package org.omniscribe.eval.score;

import java.util.ArrayList;
import java.util.List;

/**
 * How far confidences can be taken for probabilities: the expected calibration error (Guo et al., "On calibration of modern
 * neural networks", ICML 2017, equation 3) over ten bins of equal width.
 *
 * @param bins the bins from 0 to 1, empty ones too
 */
public record Calibration(List<Bin> bins) {
    private static final int BINS = 10;

    /**
     * A word and how sure its recogniser was.
     *
     * @param confidence from 0 to 1
     * @param right whether it was the word that was said
     */
    public record Word(double confidence, boolean right) {}

    /**
     * The words of about the same confidence.
     *
     * @param low least confidence, a fraction
     * @param high highest confidence; it belongs to the next bin, except 1
     * @param words how many words there are
     * @param confidence their mean confidence; NaN if there are none
     * @param accuracy how many of them are right, a fraction; NaN if there are none
     */
    public record Bin(double low, double high, long words, double confidence, double accuracy) {}

    /** Copies the bins. */
    public Calibration {
        bins = List.copyOf(bins);
    }

    /** Sorts words into bins. */
    public static Calibration of(List<Word> words) {
        long[] counts = new long[BINS];
        long[] right = new long[BINS];
        double[] confidence = new double[BINS];
        for (Word word : words) {
            int bin = Math.min(BINS - 1, (int) (word.confidence * BINS));
            counts[bin]++;
            right[bin] += word.right ? 1 : 0;
            confidence[bin] += word.confidence;
        }
        List<Bin> bins = new ArrayList<>();
        for (int b = 0; b < BINS; b++) {
            bins.add(new Bin(
                    b / (double) BINS,
                    (b + 1) / (double) BINS,
                    counts[b],
                    confidence[b] / counts[b],
                    right[b] / (double) counts[b]));
        }
        return new Calibration(bins);
    }

    /** Number of words in all bins. */
    public long words() {
        return bins.stream().mapToLong(Bin::words).sum();
    }

    /** The mean distance of confidence and accuracy, bins weighing as much as they have words; NaN without words. */
    public double expectedError() {
        return bins.stream()
                        .filter(b -> b.words > 0)
                        .mapToDouble(b -> b.words * Math.abs(b.accuracy - b.confidence))
                        .sum()
                / words();
    }
}
