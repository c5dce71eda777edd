package org.omniscribe.export.train;

import org.omniscribe.asr.io.OmniscribeException;

/** A training run that cannot start or go on; the message says why and what to do. */
public sealed class TrainException extends OmniscribeException permits RecipeException {
    private static final long serialVersionUID = 1L;

    /** With a message. */
    public TrainException(String message) {
        super(Kind.ENVIRONMENT, message);
    }

    /** With a message and its cause. */
    public TrainException(String message, Throwable cause) {
        super(Kind.ENVIRONMENT, message, cause);
    }

    /** Of another kind. */
    TrainException(Kind kind, String message, Throwable cause) {
        super(kind, message, cause);
    }
}
