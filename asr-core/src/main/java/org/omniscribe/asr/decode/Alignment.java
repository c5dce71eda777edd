package org.omniscribe.asr.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.omniscribe.asr.model.Vocabulary;

/** Finds when tokens that are known are written: the likeliest CTC path that writes them (Viterbi 1967). */
final class Alignment {
    private Alignment() {}

    /**
     * Aligns tokens.
     *
     * @param logProbs {@code [step][token]}
     * @param tokens the tokens in order, no blanks among them
     * @return the steps of each
     * @throws IllegalArgumentException if there are too few steps for the tokens
     */
    static List<WordTimes.Run> of(float[][] logProbs, int[] tokens) {
        // States: blank, token 0, blank, token 1, ... blank.
        int states = 2 * tokens.length + 1;
        float[] score = new float[states];
        float[] next = new float[states];
        byte[][] back = new byte[logProbs.length][states];
        Arrays.fill(score, Float.NEGATIVE_INFINITY);
        for (int t = 0; t < logProbs.length; t++) {
            float[] row = logProbs[t];
            for (int s = 0; s < states; s++) {
                int token = s % 2 == 0 ? Vocabulary.BLANK_ID : tokens[s / 2];
                float best = t == 0 ? (s <= 1 ? 0 : Float.NEGATIVE_INFINITY) : score[s];
                int from = 0;
                if (t > 0 && s > 0 && score[s - 1] > best) {
                    best = score[s - 1];
                    from = 1;
                }
                if (t > 0 && s > 2 && s % 2 == 1 && token != tokens[s / 2 - 1] && score[s - 2] > best) {
                    best = score[s - 2];
                    from = 2;
                }
                next[s] = best + row[token];
                back[t][s] = (byte) from;
            }
            float[] swap = score;
            score = next;
            next = swap;
        }
        int state = states > 1 && score[states - 2] > score[states - 1] ? states - 2 : states - 1;
        if (logProbs.length > 0 && score[state] == Float.NEGATIVE_INFINITY || logProbs.length == 0 && states > 1) {
            throw new IllegalArgumentException(
                    tokens.length + " tokens cannot be written in " + logProbs.length + " steps");
        }
        int[] first = new int[tokens.length];
        int[] last = new int[tokens.length];
        Arrays.fill(last, -1);
        for (int t = logProbs.length - 1; t >= 0; t--) {
            if (state % 2 == 1) {
                first[state / 2] = t;
                last[state / 2] = Math.max(last[state / 2], t);
            }
            state -= back[t][state];
        }
        List<WordTimes.Run> runs = new ArrayList<>(tokens.length);
        for (int i = 0; i < tokens.length; i++) {
            runs.add(new WordTimes.Run(tokens[i], first[i], last[i] + 1));
        }
        return runs;
    }
}
