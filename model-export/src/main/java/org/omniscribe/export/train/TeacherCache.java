package org.omniscribe.export.train;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.omniscribe.asr.io.FileLocks;
import org.omniscribe.asr.io.Sha256;

/**
 * What a teacher said, on disk, so that it is asked once for each recording however many epochs a training has.
 *
 * <p>One file, to which records are appended: digest of the key (32 bytes), length (4), check sum (4), data. A record that
 * a crash left unfinished is cut off at the next start. One process at a time may have it open.
 */
final class TeacherCache implements AutoCloseable {
    private static final int HEAD = 40;
    private static final int MAX_RECORD_BYTES = 1 << 24;

    /** Place and length of the data of a record. */
    private record Place(long position, int length) {}

    private final Path path;
    private final FileChannel file;
    private final Map<String, Place> places = new HashMap<>();

    /**
     * Opens or begins a file.
     *
     * @throws TrainException if it cannot be opened, or another process has it open
     */
    TeacherCache(Path path) {
        this.path = path;
        FileChannel opened = null;
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            opened = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            lock(opened);
            this.file = opened;
            index();
        } catch (IOException e) {
            close(opened);
            throw failure("open", e);
        }
    }

    private void lock(FileChannel opened) throws IOException {
        if (!FileLocks.tryLock(opened)) {
            close(opened);
            throw new TrainException(
                    path + " is in use by another training. Wait for it, or give this one a cache of" + " its own.");
        }
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // What matters is the failure that led here.
        }
    }

    private void index() throws IOException {
        long at = 0;
        long size = file.size();
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        while (at + HEAD <= size) {
            head.clear();
            read(head, at);
            byte[] digest = new byte[32];
            head.get(digest);
            int length = head.getInt();
            int sum = head.getInt();
            if (length < 1 || length > MAX_RECORD_BYTES || at + HEAD + length > size) {
                break;
            }
            ByteBuffer data = ByteBuffer.allocate(length);
            read(data, at + HEAD);
            if (sum(data.array()) != sum) {
                break;
            }
            places.put(HexFormat.of().formatHex(digest), new Place(at + HEAD, length));
            at += HEAD + length;
        }
        file.truncate(at);
    }

    private void read(ByteBuffer into, long position) throws IOException {
        while (into.hasRemaining()) {
            if (file.read(into, position + into.position()) < 0) {
                throw new EOFException("the file ends in the middle of a record");
            }
        }
        into.flip();
    }

    private static int sum(byte[] data) {
        CRC32 sum = new CRC32();
        sum.update(data);
        return (int) sum.getValue();
    }

    /**
     * What was kept under a key.
     *
     * @param key everything that the targets depend on
     */
    synchronized Optional<TeacherTargets> get(String key) {
        Place place = places.get(Sha256.of(key));
        if (place == null) {
            return Optional.empty();
        }
        try {
            ByteBuffer data = ByteBuffer.allocate(place.length());
            read(data, place.position());
            return Optional.of(TeacherTargets.read(data.array()));
        } catch (IOException e) {
            throw failure("read", e);
        }
    }

    /** Keeps targets under a key; on the disk when this returns, though a power cut may still lose it. */
    synchronized void put(String key, TeacherTargets targets) {
        String digest = Sha256.of(key);
        byte[] data = targets.toBytes();
        ByteBuffer record = ByteBuffer.allocate(HEAD + data.length);
        record.put(HexFormat.of().parseHex(digest))
                .putInt(data.length)
                .putInt(sum(data))
                .put(data)
                .flip();
        try {
            long at = file.size();
            for (long to = at; record.hasRemaining(); ) {
                to += file.write(record, to);
            }
            places.put(digest, new Place(at + HEAD, data.length));
        } catch (IOException e) {
            throw failure("write", e);
        }
    }

    /** Number of keys. */
    synchronized int size() {
        return places.size();
    }

    private TrainException failure(String what, IOException e) {
        return new TrainException(
                "cannot " + what + " the teacher's targets in " + path + ": " + e.getMessage()
                        + ". Check the disk, or delete the file; it will be made again.",
                e);
    }

    @Override
    public synchronized void close() {
        close(file);
    }
}
