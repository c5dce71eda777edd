package org.omniscribe.eval.run;

/** A run's folder cannot be used as it is; the message says what is wrong and what to do next. */
public final class RunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Something that the user can mend. */
    public RunException(String message) {
        super(message);
    }

    /** Something that the user can mend, and where it comes from. */
    public RunException(String message, Throwable cause) {
        super(message, cause);
    }
}
