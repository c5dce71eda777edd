package org.omniscribe.app.option;

import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.model.ModelBundle;
import picocli.CommandLine.Mixin;

/** The options of every command that runs one model. */
public final class ModelOptions {
    @Mixin
    private ModelOption model;

    @Mixin
    private DeviceOptions device;

    /** Whether the number of threads was given. */
    public boolean threadsGiven() {
        return device.threadsGiven();
    }

    /** Opens the model. */
    public ModelBundle bundle() {
        return model.bundle();
    }

    /** The options as a recognizer takes them, for a command to add its own. */
    public RecognizerOptions.Builder builder() {
        RecognizerOptions.Builder builder = device.builder();
        model.path().ifPresent(builder::model);
        return builder;
    }
}
