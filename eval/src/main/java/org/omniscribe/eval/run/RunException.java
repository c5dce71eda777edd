package org.omniscribe.eval.run;

import org.omniscribe.asr.io.OmniscribeException;

/** A run's folder cannot be used as it is; the message says what is wrong and what to do next. */
public final class RunException extends OmniscribeException {
    private static final long serialVersionUID = 1L;

    /** Something that the user can mend. */
    public RunException(String message) {
        super(Kind.ENVIRONMENT, message);
    }

    /** Something that the user can mend, and where it comes from. */
    public RunException(String message, Throwable cause) {
        super(Kind.ENVIRONMENT, message, cause);
    }
}
