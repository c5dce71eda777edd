package org.omniscribe.app.command;

import org.omniscribe.asr.io.OmniscribeException;

/** A command cannot go on; the message says what is wrong and what to do next. */
public final class CommandException extends OmniscribeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure of a command.
     *
     * @param kind decides the exit code, see {@link ExitCode}
     * @param message what the user reads
     */
    public CommandException(Kind kind, String message) {
        super(kind, message);
    }
}
