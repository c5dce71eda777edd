package org.omniscribe.asr.attention;

import java.util.List;

/** Writes the text of windows of speech. Implementations are thread-safe. */
public interface AttentionDecoder extends AutoCloseable {
    /**
     * Decodes windows, as many at a time as its memory allows; no window's text depends on the others.
     *
     * @param windows any number, of any lengths that the encoder takes
     * @param options how
     * @return a result for each window, in the same order
     * @throws IllegalArgumentException if a window does not fit the model, or the model cannot do what the options ask for; all
     *     faults are named
     * @throws org.omniscribe.asr.model.ModelException if the network fails
     */
    List<AttentionResult> decode(List<EncodedWindow> windows, AttentionOptions options);

    /**
     * Finds the language of windows.
     *
     * @param windows any number
     * @return for each window the languages by falling probability; for a model of English only, English with 1
     * @throws IllegalArgumentException if a window does not fit the model
     * @throws org.omniscribe.asr.model.ModelException if the network fails
     */
    List<List<LanguageScore>> detect(List<EncodedWindow> windows);

    /** Waits for what is running and frees the networks; further calls do nothing. */
    @Override
    void close();
}
