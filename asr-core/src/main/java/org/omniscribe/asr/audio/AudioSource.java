package org.omniscribe.asr.audio;

/** Where sound can be had as time goes by: a {@link Microphone}, or a {@link PlayedFile}. */
public interface AudioSource {
    /** What people call it. */
    String name();

    /**
     * Begins to listen; whoever opens the feed closes it.
     *
     * @throws AudioException if it cannot be had; the message says why and what to do
     */
    AudioFeed open();

    /**
     * Whether the sound is made as time goes by: what is not taken in time is lost, and what is interrupted may come
     * back when it is opened again.
     */
    boolean live();
}
