package org.omniscribe.asr.engine;

import org.omniscribe.asr.io.OmniscribeException;

/** Something is asked for that the model cannot do; the message says what and what can be done instead. */
public final class RequestException extends OmniscribeException {
    private static final long serialVersionUID = 1L;

    /** With a message for users. */
    public RequestException(String message) {
        super(Kind.USAGE, message);
    }
}
