package org.omniscribe.app.desktop.sound;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.omniscribe.asr.audio.AudioClip;

/**
 * A WAV file as {@link org.omniscribe.asr.audio.AudioRecording} writes it, mono, 16 kHz, 16 bits, that can be read at any
 * place, also while it grows. Thread-safe.
 */
public final class SoundFile implements AutoCloseable {
    private static final int HEADER = 44;
    private static final int SAMPLE_BYTES = 2;

    private final FileChannel channel;

    /**
     * Opens a file.
     *
     * @throws IOException if it cannot be read
     */
    public SoundFile(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    /** Samples that are there now. */
    public long samples() throws IOException {
        return Math.max(0, (channel.size() - HEADER) / SAMPLE_BYTES);
    }

    /** Seconds that are there now. */
    public double seconds() throws IOException {
        return (double) samples() / AudioClip.SAMPLE_RATE;
    }

    /**
     * Reads samples.
     *
     * @param from the first, from 0
     * @param into takes them, full scale 1; zeros behind the end of the file
     * @return how many there were
     */
    public int read(long from, float[] into) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(into.length * SAMPLE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long at = HEADER + from * SAMPLE_BYTES;
        while (bytes.hasRemaining()) {
            int n = channel.read(bytes, at + bytes.position());
            if (n < 0) {
                break;
            }
        }
        bytes.flip();
        int count = bytes.remaining() / SAMPLE_BYTES;
        for (int i = 0; i < into.length; i++) {
            into[i] = i < count ? bytes.getShort() / 32768f : 0;
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
