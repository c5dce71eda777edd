package org.omniscribe.export.train;

import java.util.Arrays;
import java.util.Random;

/** Changes to log-mel features while training: SpecAugment (Park et al. 2019) and warps of the mel axis and of tempo. */
final class SpecAugment {
    private SpecAugment() {}

    /**
     * Stretches tempo and the mel axis by independent factors, linearly interpolated: other speakers, cheaply.
     *
     * @param mel {@code [frame][bin]}
     * @param warp both factors are drawn from {@code 1 - warp .. 1 + warp}
     */
    static float[][] warp(float[][] mel, double warp, Random random) {
        double tempo = 1 + warp * (2 * random.nextDouble() - 1);
        double tract = 1 + warp * (2 * random.nextDouble() - 1);
        if (mel.length < 2) {
            return mel;
        }
        int bins = mel[0].length;
        int frames = Math.max(2, (int) Math.round(mel.length / tempo));
        float[][] out = new float[frames][bins];
        for (int f = 0; f < frames; f++) {
            double at = Math.min(mel.length - 1.0, f * (mel.length - 1.0) / (frames - 1));
            int below = Math.min(mel.length - 2, (int) at);
            float share = (float) (at - below);
            for (int b = 0; b < bins; b++) {
                double bin = Math.min(bins - 1.0, b * tract);
                int low = Math.min(bins - 2, (int) bin);
                float part = (float) (bin - low);
                float first = mel[below][low] * (1 - part) + mel[below][low + 1] * part;
                float second = mel[below + 1][low] * (1 - part) + mel[below + 1][low + 1] * part;
                out[f][b] = first * (1 - share) + second * share;
            }
        }
        return out;
    }

    /**
     * Sets random bands of time and of mel to 0, the mean of normalised features.
     *
     * @param mel {@code [frame][bin]}, normalised; changed in place
     */
    static void mask(float[][] mel, TrainConfig config, Random random) {
        int bins = mel.length == 0 ? 0 : mel[0].length;
        for (int m = 0; m < config.melMasks() && bins > 0; m++) {
            int width = random.nextInt(Math.min(bins, config.melMaskBins()) + 1);
            int from = random.nextInt(bins - width + 1);
            for (float[] frame : mel) {
                Arrays.fill(frame, from, from + width, 0);
            }
        }
        for (int m = 0; m < config.timeMasks() && bins > 0; m++) {
            // Never more than a tenth of the utterance, so that a short one keeps its words.
            int width = random.nextInt(Math.min(mel.length / 10, config.timeMaskFrames()) + 1);
            int from = random.nextInt(mel.length - width + 1);
            for (int f = from; f < from + width; f++) {
                Arrays.fill(mel[f], 0);
            }
        }
    }
}
