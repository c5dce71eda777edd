package org.omniscribe.asr.audio;

/** Sound that arrives as time goes by: an open microphone, or a file that is played. Not thread-safe. */
public interface AudioFeed extends AutoCloseable {
    /**
     * Waits for sound.
     *
     * @param buffer takes mono samples at {@link AudioClip#SAMPLE_RATE}, full scale [-1, 1]
     * @param offset where they go
     * @param length how many are wanted at most, at least 1
     * @return how many came, at least 1; -1 if the feed has ended
     * @throws AudioException if the sound is interrupted; the feed is then of no further use
     */
    int read(float[] buffer, int offset, int length);

    /** Ends the feed and frees the device. */
    @Override
    void close();
}
