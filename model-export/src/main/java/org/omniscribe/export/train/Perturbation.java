package org.omniscribe.export.train;

/**
 * How a copy of an utterance differs from its recording. The waveform is changed, so that everything after it sees what
 * it would see of such a recording.
 *
 * @param speed factor on tempo and pitch together, by resampling; 1 leaves both
 * @param noiseShare share of utterances that get noise
 * @param minSnr least signal-to-noise ratio of those, in dB
 * @param maxSnr greatest signal-to-noise ratio, in dB
 * @param roomShare share of utterances that are put into a room
 */
public record Perturbation(double speed, double noiseShare, double minSnr, double maxSnr, double roomShare) {
    /** The recording as it is. */
    public static final Perturbation NONE = new Perturbation(1, 0, 0, 0, 0);

    /** Checks the ranges. */
    public Perturbation {
        if (!(speed >= 0.5 && speed <= 2)) {
            throw new IllegalArgumentException("speed must be 0.5..2, not " + speed);
        }
        if (!(noiseShare >= 0 && noiseShare <= 1 && roomShare >= 0 && roomShare <= 1)) {
            throw new IllegalArgumentException("noiseShare and roomShare must be 0..1");
        }
        if (minSnr > maxSnr) {
            throw new IllegalArgumentException("minSnr " + minSnr + " is greater than maxSnr " + maxSnr);
        }
    }
}
