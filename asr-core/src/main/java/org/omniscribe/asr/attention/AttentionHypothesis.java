package org.omniscribe.asr.attention;

import java.util.List;
import org.omniscribe.asr.transcript.Word;

/**
 * One text of a window.
 *
 * @param text as the model wrote it, without white space around it
 * @param words the text divided at white space, timed from the start of the window; those of the answer by attention
 *     where the options ask for times, else by the share of their characters
 * @param tokens what was written, without prompt and end
 * @param logProb natural logarithm of the probability of the tokens, the end included, at most 0
 * @param score what the search ranked it by: {@code logProb} and the gain of hot words, normalised by length
 */
public record AttentionHypothesis(String text, List<Word> words, List<Integer> tokens, double logProb, double score) {
    /** Takes copies of the lists. */
    public AttentionHypothesis {
        words = List.copyOf(words);
        tokens = List.copyOf(tokens);
    }

    /** Mean log-probability of a token, the end included. */
    public double averageLogProb() {
        return logProb / (tokens.size() + 1);
    }
}
