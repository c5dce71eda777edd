package org.omniscribe.asr.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;

/** Keeps other programs, and other users within this one, off a file. */
public final class FileLocks {
    private FileLocks() {}

    /**
     * Locks all of a file until the channel is closed.
     *
     * @param channel open for writing
     * @return false if somebody else has it, in another program or in this one
     * @throws IOException if the file system has no locks
     */
    public static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }
}
