package org.omniscribe.asr.audio;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * A file that plays the part of a microphone.
 *
 * @param file a recording of any format that {@link AudioReader} reads
 * @param channel what becomes of its channels
 * @param speed how fast it is played: 1 as it was spoken, 2 twice as fast, infinity as fast as it is taken
 */
public record PlayedFile(Path file, Channel channel, double speed) implements AudioSource {
    public PlayedFile {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("speed must be above 0, not " + speed);
        }
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public boolean live() {
        return false;
    }

    @Override
    public AudioFeed open() {
        return new Feed(AudioReader.open(file, channel), speed);
    }

    /** Hands samples out when their time has come; a reader that was away finds them waiting, not a burst of them. */
    private static final class Feed implements AudioFeed {
        private static final int BLOCK = AudioClip.SAMPLE_RATE / 50;

        private final AudioReader reader;
        private final double nanosPerSample;
        private long due;

        Feed(AudioReader reader, double speed) {
            this.reader = reader;
            nanosPerSample = 1e9 / AudioClip.SAMPLE_RATE / speed;
            due = System.nanoTime();
        }

        @Override
        public int read(float[] buffer, int offset, int length) {
            int read = reader.read(buffer, offset, Math.min(length, BLOCK));
            if (read > 0) {
                long now = System.nanoTime();
                due = Math.max(due, now - (long) (BLOCK * nanosPerSample)) + (long) (read * nanosPerSample);
                for (long wait; (wait = due - System.nanoTime()) > 0; ) {
                    LockSupport.parkNanos(wait);
                }
            }
            return read;
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
