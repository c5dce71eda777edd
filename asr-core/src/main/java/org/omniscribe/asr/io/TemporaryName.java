package org.omniscribe.asr.io;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Names under which files are written before they are whole. They lie beside the final file, so that they can be renamed,
 * and end in {@value #SUFFIX}; those of {@link #hidden} begin with a dot, too. No name is longer than file systems allow,
 * however long the final one is: what is too long is cut, and a hash of the final name keeps different files apart.
 */
public final class TemporaryName {
    /** The end of all these names. */
    public static final String SUFFIX = ".part";

    /** Bytes that the usual file systems allow for a name. */
    private static final int MAX_BYTES = 255;
    /** Hexadecimal digits of the hash. */
    private static final int HASH = 16;

    private TemporaryName() {}

    /** {@code .NAME.part}: the same for every process, so that the next one overwrites what a crash left. */
    public static Path hidden(Path file) {
        return hidden(file, "");
    }

    /**
     * {@code .NAME.TAG.part}.
     *
     * @param tag tells several writers of one file apart; short, without separators
     */
    public static Path hidden(Path file, String tag) {
        return beside(file, ".", tag.isEmpty() ? SUFFIX : "." + tag + SUFFIX);
    }

    /** {@code NAME.part}, for what people may see growing and what is resumed. */
    public static Path visible(Path file) {
        return beside(file, "", SUFFIX);
    }

    private static Path beside(Path file, String before, String after) {
        String name = file.getFileName().toString();
        String whole = before + name + after;
        if (bytes(whole) <= MAX_BYTES) {
            return file.resolveSibling(whole);
        }
        String end = "~" + Sha256.of(name).substring(0, HASH) + after;
        int room = MAX_BYTES - bytes(before) - bytes(end);
        int length = 0;
        while (length < name.length()) {
            int next = name.offsetByCodePoints(length, 1);
            if (bytes(name.substring(0, next)) > room) {
                break;
            }
            length = next;
        }
        return file.resolveSibling(before + name.substring(0, length) + end);
    }

    private static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Whether a file that is there has such a name: what a crash may have left behind. */
    public static boolean matches(Path file) {
        return file.getFileName() != null && file.getFileName().toString().endsWith(SUFFIX);
    }
}
