package org.omniscribe.export.lm;

/** A language model cannot be trained or measured; the message says what is wrong and what to do next. */
public final class LanguageModelException extends RuntimeException {
    /** A failure that the message explains. */
    public LanguageModelException(String message) {
        super(message);
    }

    /** A failure that the message explains, and what led to it. */
    public LanguageModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
