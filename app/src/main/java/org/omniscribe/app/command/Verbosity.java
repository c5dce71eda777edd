package org.omniscribe.app.command;

import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option {@code -v} of every command: how much the program tells on standard error of what it does. */
public final class Verbosity {
    /** The levels that it sets; simplelogger.properties has what they are without it. */
    public static final List<String> PROPERTIES = List.of(
            "org.slf4j.simpleLogger.defaultLogLevel",
            "org.slf4j.simpleLogger.log.ai.djl",
            "org.slf4j.simpleLogger.log.org.omniscribe.asr");

    /** A root command that has the option. */
    public interface Chosen {
        /** How much is to be told. */
        Verbosity verbosity();
    }

    private boolean[] repeats = {};

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Tell more on standard error; -vv tells everything.")
    void setRepeats(boolean[] repeats) {
        this.repeats = repeats.clone();
    }

    /** Whether stack traces are wanted. */
    boolean verbose() {
        return repeats.length > 0;
    }

    /** Hands the level to the logger, which reads it once, when the first library class asks for a logger. */
    void apply() {
        if (verbose()) {
            String level = repeats.length == 1 ? "info" : "debug";
            PROPERTIES.forEach(property -> System.setProperty(property, level));
        }
    }
}
