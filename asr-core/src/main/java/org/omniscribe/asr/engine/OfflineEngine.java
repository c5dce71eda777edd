package org.omniscribe.asr.engine;

import org.omniscribe.asr.audio.SampleSource;

/** One model at work on whole recordings. Thread-safe: several may be on their way at once. */
public interface OfflineEngine {
    /**
     * Begins a recording.
     *
     * @param samples its sound, read to the end by the transcription; whoever opened it closes it
     * @param name what messages and the transcript call it
     * @return the recording on its way; close it
     */
    Transcription begin(SampleSource samples, String name);
}
