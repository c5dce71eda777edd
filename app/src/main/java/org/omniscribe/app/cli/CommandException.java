package org.omniscribe.app.cli;

/** A command cannot go on; the message says what is wrong and what to do next. */
public final class CommandException extends RuntimeException {
    private final int exitCode;

    /**
     * A failure with its exit code.
     *
     * @param exitCode one of the codes in {@link ExitCode}
     * @param message what the user is told
     */
    public CommandException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The code that the program ends with. */
    public int exitCode() {
        return exitCode;
    }
}
