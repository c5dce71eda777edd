package org.omniscribe.asr.audio;

/** The decoder of one logical Ogg stream, fed packet by packet. */
interface OggCodec {
    /** The number of packets before the sound. */
    int headerPackets();

    /**
     * Takes the next header packet.
     *
     * @throws AudioException if no decoder can be made of it
     */
    void header(byte[] packet);

    /** Frames a second; known after the first header packet. */
    int sampleRate();

    /** Samples in a frame; known after the first header packet. */
    int channels();

    /** Frames at the start of the stream that are not part of the recording. */
    int preSkip();

    /** Whether a first page that holds more frames than its position says has them cut from its front. */
    boolean positionTrimsStart();

    /**
     * Decodes a packet.
     *
     * @param out receives interleaved samples; {@link #mostFrames()} frames fit
     * @return frames written
     * @throws OggCodec.BadPacket if the packet makes no sense
     */
    int decode(byte[] packet, float[] out) throws BadPacket;

    /** The number of frames that a packet that cannot be decoded would have had, as far as one can tell. */
    int duration(byte[] packet);

    /** The most frames of a packet. */
    int mostFrames();

    /** A packet that cannot be decoded. */
    final class BadPacket extends Exception {
        BadPacket(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
