package org.omniscribe.app.option;

import java.util.OptionalInt;
import org.omniscribe.asr.model.RuntimeOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option that says how many threads a network gets. */
public final class ThreadsOption {
    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--threads", paramLabel = "N", description = "Processor threads. Default: one a processor.")
    private Integer threads;

    /** Whether it was given. */
    boolean given() {
        return threads != null;
    }

    /**
     * The number, if it was given.
     *
     * @throws ParameterException if there cannot be so many
     */
    OptionalInt threads() {
        if (threads != null && (threads < 1 || threads > RuntimeOptions.MAX_THREADS)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--threads must be from 1 to " + RuntimeOptions.MAX_THREADS + ", not " + threads);
        }
        return threads == null ? OptionalInt.empty() : OptionalInt.of(threads);
    }

    /**
     * The number; one a processor if none was given.
     *
     * @throws ParameterException if there cannot be so many
     */
    public int orProcessors() {
        return threads().orElse(Runtime.getRuntime().availableProcessors());
    }
}
