package org.omniscribe.eval.score;

import org.omniscribe.asr.io.OmniscribeException;

/** Transcripts that cannot be scored; the message names file and line, and all faults that were found. */
public final class ScoreException extends OmniscribeException {
    /**
     * A fault in a file, or many.
     *
     * @param message where, what, and what to do
     */
    public ScoreException(String message) {
        super(Kind.INPUT, message);
    }
}
