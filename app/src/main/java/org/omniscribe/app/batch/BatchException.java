package org.omniscribe.app.batch;

/** A batch cannot go on, or not begin: its journal, its folder or its disk; the message says what to do next. */
public final class BatchException extends RuntimeException {
    BatchException(String message, Throwable cause) {
        super(message, cause);
    }
}
