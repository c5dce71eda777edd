package org.omniscribe.asr.io;

import java.util.Objects;

/**
 * The parent of every failure that this project reports. Its message is for users: it says what is wrong, where, and
 * what to do next, and it names no class. Its kind decides exit codes and HTTP statuses.
 */
public abstract class OmniscribeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Who can put a failure right, and where. */
    public enum Kind {
        /** A recording, transcript, corpus or text is faulty. Other inputs are not affected. */
        INPUT,
        /** The request makes no sense: its options, or the recipe or settings that it names. */
        USAGE,
        /** The machine lacks something: memory, room on a disk, a permission, a library, a connection. */
        ENVIRONMENT,
        /** The model or a part of it cannot be used. */
        MODEL
    }

    private final Kind kind;

    /**
     * A failure without a cause.
     *
     * @param kind who can put it right
     * @param message what is wrong, where, and what to do next
     */
    protected OmniscribeException(Kind kind, String message) {
        this(kind, message, null);
    }

    /**
     * A failure with a cause.
     *
     * @param kind who can put it right
     * @param message what is wrong, where, and what to do next
     * @param cause the failure underneath, or null
     */
    protected OmniscribeException(Kind kind, String message, Throwable cause) {
        super(FailureText.visible(message), cause);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    /** Who can put this failure right, and where. */
    public final Kind kind() {
        return kind;
    }
}
