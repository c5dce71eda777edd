package org.omniscribe.asr.feature;

import java.util.List;

/**
 * Normalisation over an utterance or a recording of which only a part is known: mean and variance of every bin over the
 * frames heard so far, of which the last ones count most once there are more than fit a memory. Not thread-safe.
 */
public final class RunningStatistics {
    private final double mostFrames;
    private final double[] sum;
    private final double[] squares;
    private double count;

    /**
     * Statistics of no frame yet.
     *
     * @param spec what the frames are
     * @param memory seconds of earlier frames that count at most
     */
    public RunningStatistics(FeatureSpec spec, double memory) {
        mostFrames = memory / spec.hopSeconds();
        sum = new double[spec.bins()];
        squares = new double[spec.bins()];
    }

    private RunningStatistics(RunningStatistics other) {
        mostFrames = other.mostFrames;
        sum = other.sum.clone();
        squares = other.squares.clone();
        count = other.count;
    }

    /** Statistics with the same past that go their own way from here. */
    public RunningStatistics copy() {
        return new RunningStatistics(this);
    }

    /**
     * Adds frames.
     *
     * @param frames {@code [frame][bin]}, before normalisation
     */
    public void add(List<float[]> frames) {
        for (float[] frame : frames) {
            for (int m = 0; m < sum.length; m++) {
                sum[m] += frame[m];
                squares[m] += frame[m] * (double) frame[m];
            }
        }
        count += frames.size();
        if (count > mostFrames) {
            double keep = mostFrames / count;
            for (int m = 0; m < sum.length; m++) {
                sum[m] *= keep;
                squares[m] *= keep;
            }
            count = mostFrames;
        }
    }

    /**
     * Normalised copies of frames; the deviation is that of the population, and at least {@link
     * LogMelFrontEnd#MIN_DEVIATION}.
     *
     * @param frames {@code [frame][bin]}
     */
    public float[][] normalized(List<float[]> frames) {
        float[][] normalized = new float[frames.size()][sum.length];
        double n = Math.max(1, count);
        for (int m = 0; m < sum.length; m++) {
            double mean = sum[m] / n;
            double deviation = Math.sqrt(Math.max(0, squares[m] / n - mean * mean));
            float shift = (float) mean;
            float scale = (float) (1 / Math.max(LogMelFrontEnd.MIN_DEVIATION, deviation));
            for (int t = 0; t < normalized.length; t++) {
                normalized[t][m] = (frames.get(t)[m] - shift) * scale;
            }
        }
        return normalized;
    }
}
