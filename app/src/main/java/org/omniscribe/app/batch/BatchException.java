package org.omniscribe.app.batch;

import org.omniscribe.asr.io.OmniscribeException;

/** A batch cannot go on, or not begin: its journal, its folder or its disk; the message says what to do next. */
public final class BatchException extends OmniscribeException {
    BatchException(String message, Throwable cause) {
        super(Kind.ENVIRONMENT, message, cause);
    }
}
