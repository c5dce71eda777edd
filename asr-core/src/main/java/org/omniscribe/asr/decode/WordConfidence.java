package org.omniscribe.asr.decode;

import org.omniscribe.asr.model.Vocabulary;

/**
 * The probability that exactly one word is written within a window of steps.
 *
 * <p>A CTC model makes the labels of different steps independent, so the probabilities of all label paths through a
 * window sum to one. The confidence is the share of those paths that write the word: {@code blank* space any* word
 * any*}, where {@code any} is a blank or a space, and the word is its tokens, repeated and parted by blanks as CTC
 * allows (Graves et al. 2006, section 3.1). It is found by the forward recursion (section 4.1) over a deterministic
 * automaton, so that no path counts twice.
 */
final class WordConfidence {
    private WordConfidence() {}

    /**
     * Sums the paths.
     *
     * @param logProbs {@code [step][token]}
     * @param from first step of the window
     * @param to step after the window
     * @param word tokens of the word, at least one
     * @param spaceFirst whether a space must stand before the word
     * @param spaces the tokens that write nothing but spaces
     * @return 0..1; less than the smallest double is 0
     */
    static double of(float[][] logProbs, int from, int to, int[] word, boolean spaceFirst, int[] spaces) {
        // States: 0 before the space, 1 before the word, then for token k: 2 + 2k in its run, 3 + 2k in blanks after
        // it.
        int last = 2 * word.length + 1;
        double[] state = new double[last + 1];
        double[] next = new double[last + 1];
        state[spaceFirst ? 0 : 1] = 1;
        for (int step = from; step < to; step++) {
            float[] row = logProbs[step];
            double blank = Math.exp(row[Vocabulary.BLANK_ID]);
            double space = 0;
            for (int token : spaces) {
                space += Math.exp(row[token]);
            }
            next[0] = state[0] * blank;
            next[1] = state[1] * (blank + space) + state[0] * space;
            for (int k = 0; k < word.length; k++) {
                int run = 2 * k + 2;
                boolean repeats = k > 0 && word[k] == word[k - 1];
                double arriving = state[run] + state[run - 1] + (k > 0 && !repeats ? state[run - 2] : 0);
                next[run] = arriving * Math.exp(row[word[k]]);
                next[run + 1] = (state[run] + state[run + 1]) * (run + 1 == last ? blank + space : blank);
            }
            double[] swap = state;
            state = next;
            next = swap;
        }
        return Math.min(1, state[last - 1] + state[last]);
    }
}
