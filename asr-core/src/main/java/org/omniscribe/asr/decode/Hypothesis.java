package org.omniscribe.asr.decode;

import java.util.List;
import java.util.stream.Collectors;
import org.omniscribe.asr.transcript.Word;

/**
 * What a decoder found.
 *
 * @param words in order, not overlapping; empty for silence
 * @param logProb natural logarithm of the probability that the decoder maximised, at most 0 up to rounding
 */
public record Hypothesis(List<Word> words, double logProb) {
    /** Takes a copy of the words. */
    public Hypothesis {
        words = List.copyOf(words);
    }

    /** The words with single spaces between them. */
    public String text() {
        return words.stream().map(Word::text).collect(Collectors.joining(" "));
    }

    /**
     * This hypothesis in the clock of a longer recording.
     *
     * @param offset seconds to add to all times
     * @param limit duration of the recording in seconds; later times become this
     */
    public Hypothesis placed(double offset, double limit) {
        return new Hypothesis(words.stream().map(w -> w.placed(offset, limit)).toList(), logProb);
    }
}
