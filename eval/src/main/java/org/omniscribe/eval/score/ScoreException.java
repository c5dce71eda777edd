package org.omniscribe.eval.score;

/** Transcripts that cannot be scored; the message names file and line, and all faults that were found. */
public final class ScoreException extends RuntimeException {
    /**
     * A fault in a file, or many.
     *
     * @param message where, what, and what to do
     */
    public ScoreException(String message) {
        super(message);
    }
}
