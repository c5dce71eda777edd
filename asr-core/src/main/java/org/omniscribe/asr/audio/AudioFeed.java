package org.omniscribe.asr.audio;

/** Sound that arrives as time goes by: an open microphone, or a file that is played. Not thread-safe. */
public interface AudioFeed extends SampleSource, AutoCloseable {
    /** Ends the feed and frees the device. */
    @Override
    void close();
}
