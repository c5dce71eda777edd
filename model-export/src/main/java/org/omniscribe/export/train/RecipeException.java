package org.omniscribe.export.train;

/** A recipe that no run can follow: missing, faulty, or not the one of the run's folder. */
public final class RecipeException extends TrainException {
    private static final long serialVersionUID = 1L;

    /** With a message. */
    public RecipeException(String message) {
        this(message, null);
    }

    /** With a message and its cause. */
    public RecipeException(String message, Throwable cause) {
        super(Kind.USAGE, message, cause);
    }
}
