package org.omniscribe.asr.engine;

/** Why a transcript may be empty: an empty result is never left without a reason. */
final class NoWords {
    /** Seconds in which hardly anybody can say a word. */
    private static final double SHORT = 0.1;

    /** A peak of -40 dB of full scale: speech that is recorded with any care is 20 dB louder. */
    private static final float FAINT = 0.01f;

    private NoWords() {}

    /**
     * A warning for the user.
     *
     * @param seconds duration of the recording
     * @param peak magnitude of its loudest sample
     */
    static String reason(double seconds, float peak) {
        if (seconds < SHORT) {
            return "no words: the recording is only " + Math.round(seconds * 1000)
                    + " ms long. Check that it is complete";
        }
        String loudest = "its loudest sample is at " + Loudness.decibels(peak);
        if (peak < Piece.AUDIBLE) {
            return "no words: the recording is silent (" + (peak == 0 ? Loudness.decibels(0) : loudest)
                    + "). Check the microphone, its cable and which channel was recorded";
        }
        if (peak < FAINT) {
            return "no words: the recording is very faint (" + loudest + "). Raise its level and try again";
        }
        return "no words were found, although the recording is not silent (" + loudest
                + "). Play it: if somebody speaks, try each channel by itself, another model, or a recording that was made"
                + " closer to the microphone";
    }
}
