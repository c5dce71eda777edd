package org.omniscribe.asr.engine;

/**
 * A part of a recording that the model takes at once, cut on the grid of the model's steps.
 *
 * <p>It is answerable for the steps from {@code fromStep} to {@code toStep}; what it holds before and after them is
 * context that it shares with its neighbours.
 *
 * @param samples mono at {@link org.omniscribe.asr.audio.AudioClip#SAMPLE_RATE}
 * @param startStep the recording's step at which the samples begin
 * @param fromStep first step that the piece is answerable for
 * @param toStep step after the last one that the piece is answerable for
 * @param peak magnitude of the loudest sample, full scale being 1
 */
record Piece(float[] samples, long startStep, long fromStep, long toStep, float peak) {
    /** Three units of 16-bit PCM, -80 dB of full scale: dither and the noise of an idle converter stay below it. */
    static final float AUDIBLE = 1e-4f;

    /** Checks the order of the steps. */
    Piece {
        if (!(startStep >= 0 && startStep <= fromStep && fromStep <= toStep)) {
            throw new IllegalArgumentException(
                    "Piece: steps out of order: " + startStep + ", " + fromStep + ", " + toStep);
        }
    }

    /** A piece whose peak is measured. */
    Piece(float[] samples, long startStep, long fromStep, long toStep) {
        this(samples, startStep, fromStep, toStep, Loudness.peak(samples));
    }

    /** Whether it is too faint to be a recording of anything: decided here, and nowhere else. */
    boolean silent() {
        return peak < AUDIBLE;
    }

    /** Steps that the piece is answerable for. */
    long steps() {
        return toStep - fromStep;
    }
}
