package org.omniscribe.asr;

/** Hears how far a transcription has come. */
@FunctionalInterface
public interface ProgressListener {
    /**
     * Called on the transcribing thread after every few pieces and once at the end.
     *
     * @param done seconds of the recording that are transcribed, never less than before
     * @param total seconds of the whole recording as far as its header tells, NaN if it does not; at the end equal to
     *     {@code done}
     */
    void progress(double done, double total);
}
