package org.omniscribe.export.checkpoint;

import org.omniscribe.asr.io.OmniscribeException;

/** A checkpoint that cannot be read, written or used; the message names the file, the faults and what to do next. */
public final class CheckpointException extends OmniscribeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong, where, and what to do next
     */
    public CheckpointException(String message) {
        super(Kind.MODEL, message);
    }

    /**
     * @param message what is wrong, where, and what to do next
     * @param cause the error below, or null
     */
    public CheckpointException(String message, Throwable cause) {
        super(Kind.MODEL, message, cause);
    }
}
