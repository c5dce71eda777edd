package org.omniscribe.app.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * By what a file that was changed is told from one that was not.
 *
 * @param size bytes, -1 if there is no such file
 * @param modified when it was changed last, in milliseconds since 1970
 */
public record Stamp(long size, long modified) {
    static Stamp of(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.size(), attributes.lastModifiedTime().toMillis());
        } catch (IOException e) {
            return new Stamp(-1, 0);
        }
    }
}
