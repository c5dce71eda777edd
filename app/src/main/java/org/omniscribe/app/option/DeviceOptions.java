package org.omniscribe.app.option;

import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.model.RuntimeOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say where a network runs. */
public final class DeviceOptions {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "CPU",
            description = "Where the network runs: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private RuntimeOptions.Device device;

    @Mixin
    private ThreadsOption threads;

    /** Whether the number of threads was given. */
    boolean threadsGiven() {
        return threads.given();
    }

    /** The options as a recognizer takes them, for others to add their own. */
    public RecognizerOptions.Builder builder() {
        RecognizerOptions.Builder builder = RecognizerOptions.builder().device(device);
        threads.threads().ifPresent(builder::threads);
        return builder;
    }
}
