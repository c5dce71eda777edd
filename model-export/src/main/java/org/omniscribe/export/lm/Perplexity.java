package org.omniscribe.export.lm;

import java.util.List;
import org.omniscribe.asr.decode.LanguageModel;

/**
 * How well a language model foretells a text.
 *
 * @param sentences number of sentences
 * @param words number of words, without the ends of sentences
 * @param unknown how many of them are not in the vocabulary
 * @param logProb natural logarithm of the probability of everything, ends of sentences included
 * @param logProbKnown the same without the unknown words
 */
public record Perplexity(long sentences, long words, long unknown, double logProb, double logProbKnown) {
    /**
     * Measures a model.
     *
     * @param model the model
     * @param text normalised sentences
     */
    public static Perplexity of(LanguageModel model, List<String> text) {
        long words = 0;
        long unknown = 0;
        double logProb = 0;
        double known = 0;
        for (String sentence : text) {
            int state = model.startState();
            for (String word : sentence.split(" ")) {
                int id = model.id(word);
                double p = model.logProb(state, id);
                logProb += p;
                words++;
                if (id == model.unknown()) {
                    unknown++;
                } else {
                    known += p;
                }
                state = model.nextState(state, id);
            }
            double p = model.logProb(state, model.end());
            logProb += p;
            known += p;
        }
        return new Perplexity(text.size(), words, unknown, logProb, known);
    }

    /** Perplexity by word and end of sentence, unknown words included. */
    public double total() {
        return Math.exp(-logProb / (words + sentences));
    }

    /** Perplexity by word and end of sentence, unknown words left out. */
    public double known() {
        return Math.exp(-logProbKnown / (words - unknown + sentences));
    }
}
