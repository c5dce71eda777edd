package org.omniscribe.app.serve;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where uploads lie while they are worked on: a folder that its owner alone can read, and that goes with the server. One that
 * a killed server has left is found by its lock, which nobody holds any more, and removed at the next start.
 */
final class UploadFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UploadFolder.class);
    private static final String PREFIX = "omniscribe-uploads";
    private static final String LOCK = ".lock";

    /** Between the making of a folder and its lock another server may look at it. */
    private static final Duration YOUNG = Duration.ofMinutes(1);

    private final Path path;
    private final FileChannel lock;

    private UploadFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Makes one in the folder for temporary files, and removes those that are left over there. */
    static UploadFolder create() throws IOException {
        return create(Path.of(System.getProperty("java.io.tmpdir")));
    }

    static UploadFolder create(Path parent) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : left) {
                if (abandoned(folder)) {
                    delete(folder);
                }
            }
        } catch (IOException e) {
            LOG.warn("what other servers have left in {} cannot be seen", parent, e);
        }
        Path path;
        try {
            path = Files.createTempDirectory(parent, PREFIX);
        } catch (IOException e) {
            throw new IOException(
                    "there is no room for uploads in the folder for temporary files, " + parent + " (" + e.getMessage()
                            + "). Make it, or name another: JAVA_OPTS=-Djava.io.tmpdir=/var/tmp",
                    e);
        }
        FileChannel lock = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock.lock();
        return new UploadFolder(path, lock);
    }

    private static boolean abandoned(Path folder) {
        try {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || !Files.isWritable(folder)) {
                return false;
            }
            Path file = folder.resolve(LOCK);
            if (!Files.exists(file)) {
                return Files.getLastModifiedTime(folder)
                        .toInstant()
                        .isBefore(Instant.now().minus(YOUNG));
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                    FileLock got = channel.tryLock()) {
                return got != null && got.isValid();
            }
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            LOG.debug("{} is left alone", folder, e);
            return false;
        }
    }

    Path path() {
        return path;
    }

    /** Removes it with all that is in it. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("the lock of {} cannot be given back", path, e);
        }
        delete(path);
    }

    private static void delete(Path folder) {
        try (Stream<Path> inside = Files.list(folder)) {
            List<Path> files = inside.toList();
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.warn("{} is left over", folder, e);
        }
    }
}
