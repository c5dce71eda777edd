package org.omniscribe.export.label;

import org.omniscribe.asr.io.OmniscribeException;

/** Labels cannot be kept; the message says why and what to do. */
public final class LabelException extends OmniscribeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong and what to do. */
    public LabelException(String message) {
        super(Kind.INPUT, message);
    }
}
