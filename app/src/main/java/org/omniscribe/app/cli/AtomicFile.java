package org.omniscribe.app.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.LoggerFactory;

/** Writes files that are there whole or not at all, also when the program is interrupted. */
final class AtomicFile {
    private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> UNFINISHED.forEach(AtomicFile::discard)));
    }

    private AtomicFile() {}

    /** Writes the text of one file. */
    @FunctionalInterface
    interface Content {
        void writeTo(Writer out) throws IOException;
    }

    /**
     * Writes a text file in UTF-8; a failure leaves what was there before.
     *
     * @param file what to write; folders that are missing are made
     * @param content writes the text
     * @throws IOException if the folder or the file cannot be written
     */
    static void write(Path file, Content content) throws IOException {
        replace(file, part -> {
            try (Writer out = Files.newBufferedWriter(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                content.writeTo(out);
            }
        });
    }

    /**
     * Writes a file of bytes; a failure leaves what was there before.
     *
     * @param file what to write; folders that are missing are made
     * @param bytes all of it
     * @throws IOException if the folder or the file cannot be written
     */
    static void writeBytes(Path file, byte[] bytes) throws IOException {
        replace(file, part -> Files.write(part, bytes));
    }

    /** Writes a file under a name of its own. */
    @FunctionalInterface
    private interface Part {
        void writeTo(Path part) throws IOException;
    }

    private static void replace(Path file, Part content) throws IOException {
        Path target = file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path part = target.resolveSibling(
                "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        UNFINISHED.add(part);
        try {
            content.writeTo(part);
            try {
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            discard(part);
            UNFINISHED.remove(part);
        }
    }

    private static void discard(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            LoggerFactory.getLogger(AtomicFile.class).warn("{} is left over", part, e);
        }
    }
}
