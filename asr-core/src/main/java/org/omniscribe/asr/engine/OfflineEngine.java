package org.omniscribe.asr.engine;

import org.omniscribe.asr.audio.SampleSource;
import org.omniscribe.asr.decode.Hotwords;

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

    /**
     * An engine for recordings that are likely to hold some words. It shares the model, so it is of no use after that is
     * closed. Slow: it may read parts of the bundle again.
     *
     * @param hotwords to be likelier, besides those that already are
     * @return this one where the model cannot use them
     */
    default OfflineEngine withHotwords(Hotwords hotwords) {
        return this;
    }
}
