package org.omniscribe.datasets.corpora;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Looks for the places where people keep the parts of a corpus. */
final class Folders {
    static final String REMEDY = "Unpack the original again over it; omniscribe data where tells where to get it.";

    private Folders() {}

    /** The first of some places below a folder that is a folder itself; "." is the folder. */
    static Optional<Path> folder(Path base, String... places) {
        return List.of(places).stream()
                .map(p -> base.resolve(p).normalize())
                .filter(Files::isDirectory)
                .findFirst();
    }

    /** The first of some places below a folder that is a file. */
    static Optional<Path> file(Path base, String... places) {
        return List.of(places).stream()
                .map(p -> base.resolve(p).normalize())
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
