package org.omniscribe.app.batch;

/**
 * Why a recording has no transcript.
 *
 * @param kind what sort of failure it is
 * @param message what is wrong, where, and what to do next
 */
public record Failure(Kind kind, String message) {
    /** The sorts of failures, for summaries. */
    public enum Kind {
        /** The file cannot be read as sound. */
        UNREADABLE,
        /** It is longer than the limit. */
        TOO_LONG,
        /** It took longer than the limit, or came no further. */
        STUCK,
        /** It needed more memory than the limit, or than there is. */
        MEMORY,
        /** It was changed while it was read. */
        CHANGED,
        /** Its transcript cannot be written. */
        NOT_WRITTEN,
        /** Something else, which is a fault of the program. */
        UNEXPECTED
    }
}
