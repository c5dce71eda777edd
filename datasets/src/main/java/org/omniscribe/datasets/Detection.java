package org.omniscribe.datasets;

import java.nio.file.Path;

/** Whether a corpus is in a folder. */
public sealed interface Detection {
    /**
     * It is.
     *
     * @param root the folder to read
     * @param release which release it is, as far as can be told
     */
    record Present(Path root, String release) implements Detection {}

    /**
     * It is not whole enough to be read.
     *
     * @param reason what is missing, and what to do
     */
    record Incomplete(String reason) implements Detection {}

    /** There is nothing of it. */
    record Absent() implements Detection {}
}
