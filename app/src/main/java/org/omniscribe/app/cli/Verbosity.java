package org.omniscribe.app.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option {@code -v} of every command: how much the program tells on standard error of what it does. */
final class Verbosity {
    private static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private boolean[] repeats = {};

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Tell more on standard error; -vv tells everything.")
    void setRepeats(boolean[] repeats) {
        this.repeats = repeats;
        apply();
    }

    /** Whether stack traces are wanted. */
    boolean verbose() {
        return repeats.length > 0;
    }

    /** Hands the level to the logger, which reads it once, when the first library class asks for a logger. */
    void apply() {
        System.setProperty(
                LEVEL,
                switch (repeats.length) {
                    case 0 -> System.getProperty(LEVEL, "warn");
                    case 1 -> "info";
                    default -> "debug";
                });
    }
}
