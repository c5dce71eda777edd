package org.omniscribe.asr.model;

import org.omniscribe.asr.io.OmniscribeException;

/** A model or a part of it cannot be used; the message says which, why, and what to do next. */
public final class ModelException extends OmniscribeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception without a cause.
     *
     * @param message what is wrong, where, and what to do next
     */
    public ModelException(String message) {
        super(Kind.MODEL, message);
    }

    /**
     * Makes an exception with a cause.
     *
     * @param message what is wrong, where, and what to do next
     * @param cause the failure underneath
     */
    public ModelException(String message, Throwable cause) {
        super(Kind.MODEL, message, cause);
    }
}
