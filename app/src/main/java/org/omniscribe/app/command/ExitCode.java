package org.omniscribe.app.command;

import org.omniscribe.asr.io.OmniscribeException;

/** The exit codes of every command, and the one place that says which failure gets which. */
public final class ExitCode {
    /** All that was asked for is done. */
    public static final int DONE = 0;
    /** Some inputs failed; the rest is done. */
    public static final int SOME_FAILED = 1;
    /** The command line, or the recipe that it names, makes no sense. */
    public static final int USAGE = 2;
    /** The model cannot be used, or the machine lacks something: memory, disk, a library. */
    public static final int ENVIRONMENT = 3;

    private ExitCode() {}

    /**
     * The exit code of a failure that ended a command.
     *
     * @param failure what the command threw
     */
    static int of(Throwable failure) {
        return failure instanceof OmniscribeException known ? of(known.kind()) : ENVIRONMENT;
    }

    private static int of(OmniscribeException.Kind kind) {
        return switch (kind) {
            case INPUT -> SOME_FAILED;
            case USAGE -> USAGE;
            case ENVIRONMENT, MODEL -> ENVIRONMENT;
        };
    }
}
