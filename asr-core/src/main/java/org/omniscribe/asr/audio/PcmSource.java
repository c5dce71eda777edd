package org.omniscribe.asr.audio;

/** A decoder: interleaved samples of one recording at the recording's own rate. */
interface PcmSource {
    /** Frames a second. */
    int sampleRate();

    /** Samples in a frame. */
    int channels();

    /** The number of frames the header or the file's length promises, or -1. */
    long expectedFrames();

    /**
     * Fills the buffer as far as the recording goes.
     *
     * @param interleaved frame after frame, a multiple of {@link #channels()} long; full scale is [-1, 1]
     * @return frames written; fewer than fit only at the end of the recording
     */
    int read(float[] interleaved);

    /** How the recording goes on where it changed its rate, channels or codec; asked at the end, null if it does not. */
    default PcmSource following() {
        return null;
    }
}
