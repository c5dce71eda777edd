package org.omniscribe.eval.score;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How far an error rate could have come out otherwise with other utterances of the same kind: percentile bootstrap of the
 * pooled rate (Bisani and Ney, "Bootstrap estimates for confidence intervals in ASR performance evaluation", ICASSP
 * 2004).
 */
public final class Bootstrap {
    private static final int SAMPLES = 10_000;
    private static final double CONFIDENCE = 0.95;
    private static final long SEED = 20040517;

    private Bootstrap() {}

    /**
     * The 95 % interval of a pooled error rate: 10,000 times as many units as there are are drawn with replacement and
     * pooled; 2.5 % of the rates lie below the interval and 2.5 % above. The same units give the same interval.
     *
     * @param units counts of what is drawn as a whole: an utterance, or all utterances of a speaker
     * @return NaN for both bounds where no unit has a reference token
     */
    public static Interval interval(List<ErrorCounts> units) {
        // Units without reference tokens would make a sample without any: those samples have no rate.
        long[] errors = units.stream().mapToLong(ErrorCounts::errors).toArray();
        long[] reference = units.stream().mapToLong(ErrorCounts::reference).toArray();
        SplittableRandom random = new SplittableRandom(SEED);
        double[] rates = new double[SAMPLES];
        int usable = 0;
        for (int s = 0; s < SAMPLES; s++) {
            long e = 0;
            long r = 0;
            for (int i = 0; i < errors.length; i++) {
                int drawn = random.nextInt(errors.length);
                e += errors[drawn];
                r += reference[drawn];
            }
            if (r > 0) {
                rates[usable++] = (double) e / r;
            }
        }
        if (usable == 0) {
            return Interval.NONE;
        }
        Arrays.sort(rates, 0, usable);
        double tail = (1 - CONFIDENCE) / 2;
        return new Interval(quantile(rates, usable, tail), quantile(rates, usable, 1 - tail));
    }

    /** Linear between neighbours, the usual definition (Hyndman and Fan's type 7). */
    private static double quantile(double[] sorted, int length, double q) {
        double at = q * (length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
