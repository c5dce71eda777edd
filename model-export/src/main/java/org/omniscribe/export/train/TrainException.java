package org.omniscribe.export.train;

/** A training run that cannot start or go on; the message says why and what to do. */
public sealed class TrainException extends RuntimeException permits RecipeException {
    private static final long serialVersionUID = 1L;

    /** With a message. */
    public TrainException(String message) {
        super(message);
    }

    /** With a message and its cause. */
    public TrainException(String message, Throwable cause) {
        super(message, cause);
    }
}
