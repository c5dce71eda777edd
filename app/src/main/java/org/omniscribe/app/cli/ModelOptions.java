package org.omniscribe.app.cli;

import java.nio.file.Path;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.model.RuntimeOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of every command that runs a model. */
final class ModelOptions {
    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "BUNDLE",
            description = "The model, a folder or a zip file. Default: the one that is built in.")
    private Path model;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "CPU",
            description = "Where the network runs: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private RuntimeOptions.Device device;

    @Option(names = "--threads", paramLabel = "N", description = "Processor threads. Default: one a processor.")
    private Integer threads;

    /** Whether the number of threads was given. */
    boolean threadsGiven() {
        return threads != null;
    }

    /** The options as a recognizer takes them, for a command to add its own. */
    RecognizerOptions.Builder builder() {
        if (threads != null && (threads < 1 || threads > RuntimeOptions.MOST_THREADS)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--threads must be from 1 to " + RuntimeOptions.MOST_THREADS + ", not " + threads);
        }
        RecognizerOptions.Builder builder = RecognizerOptions.builder().device(device);
        if (model != null) {
            builder.model(model);
        }
        if (threads != null) {
            builder.threads(threads);
        }
        return builder;
    }
}
