package org.omniscribe.export.label;

/** Labels cannot be kept; the message says why and what to do. */
public final class LabelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong and what to do. */
    public LabelException(String message) {
        super(message);
    }
}
