package org.omniscribe.asr.engine;

import java.util.Optional;
import org.omniscribe.asr.audio.SampleSource;
import org.omniscribe.asr.decode.Hotwords;

/** One model at work on whole recordings. Thread-safe: several may be on their way at once. */
public sealed interface OfflineEngine extends AutoCloseable permits CtcEngine, AttentionEngine {
    /**
     * Begins a recording.
     *
     * @param samples its sound, read to the end by the transcription; whoever opened it closes it
     * @param name what messages and the transcript call it
     * @param request what is asked for beyond its words
     * @return the recording on its way; close it
     * @throws RequestException if the model cannot do what is asked for
     */
    Transcription begin(SampleSource samples, String name, Request request);

    /**
     * An engine for recordings that are likely to hold some words. It shares the model, so it is of no use after that is
     * closed. Slow: it may read parts of the bundle again.
     *
     * @param hotwords to be likelier, besides those that already are
     */
    OfflineEngine withHotwords(Hotwords hotwords);

    /** Why the networks do not run where they were asked to; empty if they do. */
    Optional<String> warning();

    /** Waits for what is running and frees the networks; further calls do nothing. */
    @Override
    void close();
}
