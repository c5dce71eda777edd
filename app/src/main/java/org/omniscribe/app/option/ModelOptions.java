package org.omniscribe.app.option;

import java.nio.file.Path;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.model.ModelBundle;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that runs one model. */
public final class ModelOptions {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "BUNDLE",
            description = "The model, a folder or a zip file. Default: the one that is built in.")
    private Path model;

    @Mixin
    private DeviceOptions device;

    /** Whether the number of threads was given. */
    public boolean threadsGiven() {
        return device.threadsGiven();
    }

    /** Opens the model. */
    public ModelBundle bundle() {
        return model == null ? ModelBundle.openDefault() : ModelBundle.open(model);
    }

    /** The options as a recognizer takes them, for a command to add its own. */
    public RecognizerOptions.Builder builder() {
        RecognizerOptions.Builder builder = device.builder();
        if (model != null) {
            builder.model(model);
        }
        return builder;
    }
}
