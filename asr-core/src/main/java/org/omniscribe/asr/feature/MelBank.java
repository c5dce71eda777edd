package org.omniscribe.asr.feature;

/**
 * Triangular filters on the mel scale, as sparse rows over the bins of a spectrum.
 *
 * <p>As in librosa and torchaudio, the corners are equally spaced in mel and the flanks are straight lines in hertz.
 * HTK scale: mel = 2595 log10(1 + f/700) (O'Shaughnessy 1987, the HTK Book). Slaney scale: 3 mel a 200 Hz below
 * 1 kHz, then 27 mel for each factor of 6.4 (Slaney, Auditory Toolbox, 1998).
 */
final class MelBank {
    private static final double SLANEY_HZ_PER_MEL = 200.0 / 3;
    private static final double SLANEY_KNEE_HZ = 1000;
    private static final double SLANEY_KNEE_MEL = SLANEY_KNEE_HZ / SLANEY_HZ_PER_MEL;
    private static final double SLANEY_LOG_STEP = Math.log(6.4) / 27;

    private final int[] first;
    private final float[][] weights;

    MelBank(FeatureSpec spec) {
        double hertzPerBin = (double) spec.sampleRate() / spec.fft();
        double low = toMel(spec.mel().scale(), spec.mel().fmin());
        double high = toMel(spec.mel().scale(), spec.mel().fmax());
        double[] corners = new double[spec.bins() + 2];
        for (int i = 0; i < corners.length; i++) {
            corners[i] = toHertz(spec.mel().scale(), low + (high - low) * i / (corners.length - 1));
        }
        first = new int[spec.bins()];
        weights = new float[spec.bins()][];
        for (int m = 0; m < spec.bins(); m++) {
            double left = corners[m];
            double centre = corners[m + 1];
            double right = corners[m + 2];
            double height = spec.mel().norm() == FeatureSpec.MelNorm.SLANEY ? 2 / (right - left) : 1;
            int from = (int) Math.floor(left / hertzPerBin) + 1;
            int to = Math.min((int) Math.ceil(right / hertzPerBin), spec.fft() / 2 + 1);
            first[m] = from;
            weights[m] = new float[Math.max(0, to - from)];
            for (int k = from; k < to; k++) {
                double f = k * hertzPerBin;
                double flank = Math.min((f - left) / (centre - left), (right - f) / (right - centre));
                weights[m][k - from] = (float) (height * Math.max(0, flank));
            }
        }
    }

    /** The energy under each filter. {@code spectrum} has one value for each of the fft/2 + 1 frequencies. */
    void apply(float[] spectrum, float[] mel) {
        for (int m = 0; m < weights.length; m++) {
            float[] row = weights[m];
            int from = first[m];
            float sum = 0;
            for (int k = 0; k < row.length; k++) {
                sum += row[k] * spectrum[from + k];
            }
            mel[m] = sum;
        }
    }

    static double toMel(FeatureSpec.MelScale scale, double hertz) {
        if (scale == FeatureSpec.MelScale.HTK) {
            return 2595 * Math.log10(1 + hertz / 700);
        }
        return hertz < SLANEY_KNEE_HZ
                ? hertz / SLANEY_HZ_PER_MEL
                : SLANEY_KNEE_MEL + Math.log(hertz / SLANEY_KNEE_HZ) / SLANEY_LOG_STEP;
    }

    static double toHertz(FeatureSpec.MelScale scale, double mel) {
        if (scale == FeatureSpec.MelScale.HTK) {
            return 700 * (Math.pow(10, mel / 2595) - 1);
        }
        return mel < SLANEY_KNEE_MEL
                ? mel * SLANEY_HZ_PER_MEL
                : SLANEY_KNEE_HZ * Math.exp((mel - SLANEY_KNEE_MEL) * SLANEY_LOG_STEP);
    }
}
