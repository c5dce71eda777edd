package org.omniscribe.export.lm;

import org.omniscribe.asr.io.OmniscribeException;

/** A language model cannot be trained or measured; the message says what is wrong and what to do next. */
public final class LanguageModelException extends OmniscribeException {
    /** A failure that the message explains. */
    public LanguageModelException(String message) {
        super(Kind.ENVIRONMENT, message);
    }

    /** A failure that the message explains, and what led to it. */
    public LanguageModelException(String message, Throwable cause) {
        super(Kind.ENVIRONMENT, message, cause);
    }
}
