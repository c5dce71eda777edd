package org.omniscribe.app.option;

import java.nio.file.Path;
import java.util.Optional;
import org.omniscribe.asr.model.ModelBundle;
import picocli.CommandLine.Option;

/** The option that names a model. */
public final class ModelOption {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "BUNDLE",
            description = "The model, a folder or a zip file. Default: the one that is built in.")
    private Path model;

    /** The file or folder, if one was named. */
    Optional<Path> path() {
        return Optional.ofNullable(model);
    }

    /** Opens the model. */
    public ModelBundle bundle() {
        return path().map(ModelBundle::open).orElseGet(ModelBundle::openDefault);
    }
}
