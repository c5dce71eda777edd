package org.omniscribe.asr.stream;

import java.util.List;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;

/**
 * Normalisation over the utterance while the utterance is still being spoken: mean and variance are those of the frames
 * at hand and of the speech before them, of which {@value #MEMORY} s count at most. Not thread-safe.
 */
final class SpeechStatistics {
    /** Seconds of earlier speech that count. */
    static final double MEMORY = 10;

    private final double mostFrames;
    private final double[] sum;
    private final double[] squares;
    private double count;

    SpeechStatistics(FeatureSpec spec) {
        mostFrames = MEMORY / spec.hopSeconds();
        sum = new double[spec.bins()];
        squares = new double[spec.bins()];
    }

    /** Adds speech that is over. */
    void add(List<float[]> frames) {
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

    /** Normalised copies of frames. */
    float[][] normalized(List<float[]> frames) {
        double[] s = sum.clone();
        double[] q = squares.clone();
        for (float[] frame : frames) {
            for (int m = 0; m < s.length; m++) {
                s[m] += frame[m];
                q[m] += frame[m] * (double) frame[m];
            }
        }
        double n = count + frames.size();
        float[][] normalized = new float[frames.size()][s.length];
        for (int m = 0; m < s.length; m++) {
            double mean = s[m] / n;
            double deviation = Math.sqrt(Math.max(0, q[m] / n - mean * mean));
            float shift = (float) mean;
            float scale = (float) (1 / Math.max(LogMelFrontEnd.MIN_DEVIATION, deviation));
            for (int t = 0; t < normalized.length; t++) {
                normalized[t][m] = (frames.get(t)[m] - shift) * scale;
            }
        }
        return normalized;
    }
}
