package org.omniscribe.app;

import java.nio.file.Path;

/** The small model that tests of the program run with. */
public final class TinyModel {
    /** Its bundle. */
    public static final Path FILE = Path.of("..", "asr-core", "src", "test", "resources", "tiny-model.omni");

    private TinyModel() {}
}
