package org.omniscribe.asr.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Writes files that are there whole or not at all, also when the program is killed or the power fails.
 *
 * <p>A file is written under another name, brought to the disk, and then renamed.
 */
public final class AtomicFile {
    /** How long the end of the program waits for what is being written. */
    private static final long PATIENCE_MILLIS = 1000;

    private static final Set<Path> UNFINISHED = new HashSet<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(AtomicFile::tidyUp));
    }

    private AtomicFile() {}

    /** Lets those finish who are writing, and takes away what has not come to its end by then. */
    private static void tidyUp() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        synchronized (UNFINISHED) {
            try {
                for (long left; !UNFINISHED.isEmpty() && (left = end - System.nanoTime()) > 0; ) {
                    TimeUnit.NANOSECONDS.timedWait(UNFINISHED, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            UNFINISHED.forEach(AtomicFile::discard);
        }
    }

    private static void begun(Path part) {
        synchronized (UNFINISHED) {
            UNFINISHED.add(part);
        }
    }

    /** Whether a part was unfinished up to now. */
    private static boolean ended(Path part) {
        synchronized (UNFINISHED) {
            UNFINISHED.notifyAll();
            return UNFINISHED.remove(part);
        }
    }

    /** Writes the text of one file. */
    @FunctionalInterface
    public interface Content {
        /** Writes all of it and leaves the writer open. */
        void writeTo(Writer out) throws IOException;
    }

    /** Writes the bytes of one file. */
    @FunctionalInterface
    public interface Bytes {
        /** Writes all of it and leaves the stream open. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a text file in UTF-8; a failure leaves what was there before.
     *
     * @param file what to write; folders that are missing are made
     * @param content writes the text
     * @throws IOException if the folder or the file cannot be written
     */
    public static void write(Path file, Content content) throws IOException {
        replace(file, utf8(content));
    }

    /**
     * Writes a file of bytes; a failure leaves what was there before.
     *
     * @param file what to write; folders that are missing are made
     * @param bytes all of it
     * @throws IOException if the folder or the file cannot be written
     */
    public static void writeBytes(Path file, byte[] bytes) throws IOException {
        replace(file, out -> out.write(bytes));
    }

    /** As {@link #write}, for bytes that are made as they are written. */
    public static void replace(Path file, Bytes content) throws IOException {
        Path target = file.toAbsolutePath();
        String process = "" + ProcessHandle.current().pid();
        try (Pending pending = prepare(target, TemporaryName.hidden(target, process), content)) {
            pending.commit();
        }
    }

    /** The name that the next content of a file is written under, the same for every process. */
    public static Path part(Path file) {
        return TemporaryName.hidden(file.toAbsolutePath());
    }

    /** Writes the next text of a file under the name {@link #part}, without touching the file. */
    public static Pending prepare(Path file, Content content) throws IOException {
        return prepare(file.toAbsolutePath(), part(file), utf8(content));
    }

    private static Pending prepare(Path file, Path part, Bytes content) throws IOException {
        Files.createDirectories(file.getParent());
        begun(part);
        MessageDigest digest = Sha256.digest();
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            OutputStream out =
                    new DigestOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)), digest);
            content.writeTo(out);
            out.flush();
            channel.force(true);
            return new Pending(file, part, channel.position(), Sha256.hex(digest));
        } catch (IOException | RuntimeException | Error e) {
            discard(part);
            ended(part);
            throw e;
        }
    }

    /** The new content of a file, on the disk under another name; closing it without anything else throws it away. */
    public static final class Pending implements AutoCloseable {
        private final Path file;
        private final Path part;
        private final long size;
        private final String sha256;

        private Pending(Path file, Path part, long size, String sha256) {
            this.file = file;
            this.part = part;
            this.size = size;
            this.sha256 = sha256;
        }

        /** Where the content will be. */
        public Path file() {
            return file;
        }

        /** Bytes of the content. */
        public long size() {
            return size;
        }

        /** Lower-case hexadecimal SHA-256 of the content. */
        public String sha256() {
            return sha256;
        }

        /** From now on it outlives the program: somebody has written down that it is to be finished. */
        public void keep() {
            ended(part);
        }

        /** Puts the content in its place. */
        public void commit() throws IOException {
            move(part, file);
            ended(part);
        }

        @Override
        public void close() {
            if (ended(part)) {
                discard(part);
            }
        }
    }

    /**
     * Finishes what a killed program has left: puts a part in the place of its file.
     *
     * @param sha256 what the part must contain to be the right one
     * @return whether there was such a part
     */
    public static boolean finish(Path file, String sha256) throws IOException {
        Path part = part(file);
        if (!holds(part, sha256)) {
            return false;
        }
        move(part, file);
        return true;
    }

    /** Whether a file is there and has this content. */
    public static boolean holds(Path file, String sha256) {
        try {
            return Files.exists(file) && Sha256.of(file).equals(sha256);
        } catch (IOException e) {
            LoggerFactory.getLogger(AtomicFile.class).warn("{} cannot be read", file, e);
            return false;
        }
    }

    /**
     * Renames a file at once, or replaces the other as well as the file system can.
     *
     * @param part what was written
     * @param file where it belongs; a file that is there is replaced
     */
    public static void move(Path part, Path file) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Deletes a part that may be there, and tells the log if that fails. */
    public static void discard(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            LoggerFactory.getLogger(AtomicFile.class).warn("{} is left over", part, e);
        }
    }

    private static Bytes utf8(Content content) {
        return out -> {
            Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            content.writeTo(writer);
            writer.flush();
        };
    }
}
