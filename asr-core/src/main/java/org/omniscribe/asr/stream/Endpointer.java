package org.omniscribe.asr.stream;

import java.util.Optional;
import org.omniscribe.asr.stream.RecognitionEvent.Endpoint;

/**
 * Decides where an utterance ends: after a pause in which nothing is written and it is quiet, after a longer one in
 * which nothing is written though it is not quiet, or when it has grown too long.
 */
final class Endpointer {
    private static final double ROUNDING = 1e-6;

    private final StreamOptions options;

    Endpointer(StreamOptions options) {
        this.options = options;
    }

    /**
     * Decides for one moment.
     *
     * @param words whether the utterance has a word
     * @param blankSeconds seconds since the last step that writes a letter
     * @param quietSeconds seconds since the last loud step
     * @param lengthSeconds seconds since the utterance before was divided from this one
     * @return why the utterance ends now; empty if it goes on
     */
    Optional<Endpoint.Reason> decide(boolean words, double blankSeconds, double quietSeconds, double lengthSeconds) {
        double pause = Math.min(blankSeconds, quietSeconds) + ROUNDING;
        if (words && (pause >= options.pauseSeconds() || blankSeconds + ROUNDING >= options.noisyPauseSeconds())) {
            return Optional.of(Endpoint.Reason.PAUSE);
        }
        return lengthSeconds + ROUNDING >= options.longestSeconds()
                ? Optional.of(Endpoint.Reason.LENGTH)
                : Optional.empty();
    }
}
