package org.omniscribe.asr.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.omniscribe.asr.model.BeamSettings;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.Vocabulary;

/**
 * Best-path decoding: the likeliest token of every step, repeats collapsed, blanks dropped (Graves et al. 2006,
 * section 3.2), words divided at {@link Vocabulary#WORD_MARK}.
 *
 * <p><b>Times.</b> Step t lasts from {@code t} to {@code t + 1} times the emission's step. A word starts with the first
 * step of its first token that writes something other than a space, and ends with the end of the last step of its last
 * such token. Words therefore never overlap and follow each other in time. (A token with a space in its middle
 * belongs to two words; they share its steps in equal parts.)
 *
 * <p><b>Confidence.</b> The model's probability that, within the word's window, exactly this word is written: the sum
 * over all CTC label paths through the window that spell its tokens, spaces at its edges aside. The window is the word
 * with the space before it, and on either side half of the gap to its neighbour, {@value WordTimes#MARGIN_SECONDS} s at most, so
 * that a token may sit a step earlier or later but a long silence costs nothing. It needs no fitted constants: it is
 * the quantity whose logarithm CTC training maximises, taken over one word in place of one utterance, so it is as
 * calibrated as the model itself.
 *
 * <p><b>Log-probability.</b> That of the best path: the sum of the greatest log-probability of every step.
 */
public final class GreedyDecoder implements CtcDecoder {
    private final Vocabulary vocabulary;
    private final WordTimes times;

    /** Makes a decoder for the tokens of a model. */
    public GreedyDecoder(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        times = new WordTimes(vocabulary);
    }

    /** The likeliest token of every step says nothing of others, so a beam is searched. */
    @Override
    public CtcDecoder withHotwords(ModelBundle bundle, Hotwords hotwords) {
        return new PrefixBeamDecoder(vocabulary, BeamSettings.STANDARD, Optional.empty(), Optional.of(hotwords), false);
    }

    @Override
    public Hypothesis decode(Emission emission) {
        float[][] logProbs = emission.logProbs();
        List<WordTimes.Run> runs = new ArrayList<>();
        double logProb = 0;
        int token = Vocabulary.BLANK_ID;
        int from = 0;
        for (int step = 0; step < logProbs.length; step++) {
            int best = best(vocabulary, logProbs[step], step);
            logProb += logProbs[step][best];
            if (best != token) {
                addRun(runs, token, from, step);
                token = best;
                from = step;
            }
        }
        addRun(runs, token, from, logProbs.length);
        return new Hypothesis(times.words(emission, runs), logProb);
    }

    /** The likeliest token of a step, after checking that the step is made of log-probabilities. */
    static int best(Vocabulary vocabulary, float[] row, int step) {
        if (row.length != vocabulary.size()) {
            throw new IllegalArgumentException("step " + step + " of the emission has " + row.length
                    + " tokens, the vocabulary has " + vocabulary.size());
        }
        int best = 0;
        for (int token = 1; token < row.length; token++) {
            if (row[token] > row[best]) {
                best = token;
            }
        }
        // Not-a-number fails every comparison, so it must be looked for where it would otherwise pass as a blank.
        if (!(row[best] > Float.NEGATIVE_INFINITY && row[best] < 1e-2f)) {
            throw new ModelException("the model's output at step " + step + " is no log-probability (" + row[best]
                    + "). Its weights are damaged or overflow; export the model again, or fetch its bundle again.");
        }
        return best;
    }

    private static void addRun(List<WordTimes.Run> runs, int token, int from, int to) {
        if (token != Vocabulary.BLANK_ID) {
            runs.add(new WordTimes.Run(token, from, to));
        }
    }
}
