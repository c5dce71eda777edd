package org.omniscribe.asr.model;

/** A model or a part of it cannot be used; the message says which, why, and what to do next. */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception without a cause.
     *
     * @param message what is wrong, where, and what to do next
     */
    public ModelException(String message) {
        super(message);
    }

    /**
     * Makes an exception with a cause.
     *
     * @param message what is wrong, where, and what to do next
     * @param cause the failure underneath
     */
    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
