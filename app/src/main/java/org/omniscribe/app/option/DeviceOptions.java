package org.omniscribe.app.option;

import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.model.RuntimeOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say where a network runs. */
public final class DeviceOptions {
    @Spec(Target.MIXEE)
    private CommandSpec command;

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

    /** The options as a recognizer takes them, for others to add their own. */
    public RecognizerOptions.Builder builder() {
        if (threads != null && (threads < 1 || threads > RuntimeOptions.MOST_THREADS)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--threads must be from 1 to " + RuntimeOptions.MOST_THREADS + ", not " + threads);
        }
        RecognizerOptions.Builder builder = RecognizerOptions.builder().device(device);
        if (threads != null) {
            builder.threads(threads);
        }
        return builder;
    }
}
