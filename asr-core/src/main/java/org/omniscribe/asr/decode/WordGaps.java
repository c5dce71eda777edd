package org.omniscribe.asr.decode;

import java.util.List;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.Vocabulary;

/**
 * Finds where an emission can be cut without cutting a word: steps where on the best path the next token begins a word
 * or the last one ended it, and around which nothing is written. Thread-safe.
 */
public final class WordGaps {
    /** Steps on either side of a cut at which nothing should be written. */
    private static final int QUIET = 2;

    /** What a step away from the wanted cut costs, in units of log-probability: just enough to decide between equals. */
    private static final double DISTANCE_COST = 0.01;

    private final Vocabulary vocabulary;
    private final int[] spaces;

    /** Finds gaps for the tokens of a model. */
    public WordGaps(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        spaces = vocabulary.spaces();
    }

    /** An emission that lies somewhere in a recording. */
    public static final class View {
        private final Emission emission;
        private final int[] path;
        private final long firstStep;

        /**
         * Places an emission.
         *
         * @param firstStep the recording's step at which it begins
         */
        public View(Emission emission, long firstStep) {
            this.emission = emission;
            this.firstStep = firstStep;
            path = path(emission);
        }

        /** The emission. */
        public Emission emission() {
            return emission;
        }

        /** The recording's step at which it begins. */
        public long firstStep() {
            return firstStep;
        }

        /** The recording's step after its last one. */
        public long end() {
            return firstStep + emission.steps();
        }

        private static int[] path(Emission emission) {
            int[] path = new int[emission.steps()];
            for (int t = 0; t < path.length; t++) {
                float[] row = emission.logProbs()[t];
                for (int token = 1; token < row.length; token++) {
                    if (row[token] > row[path[t]]) {
                        path[t] = token;
                    }
                }
            }
            return path;
        }
    }

    /**
     * The best step for a cut: where all views part words if there is such a step, and are surest that nothing is
     * written around it.
     *
     * @param views what is known of these steps; all of them hold the steps from {@code low} to {@code high}
     * @param low first step that may begin what comes after the cut
     * @param high last step that may
     * @param wanted of equals the nearest to this one
     */
    public long best(List<View> views, long low, long high, long wanted) {
        long from = views.stream().mapToLong(View::firstStep).max().orElseThrow();
        long to = views.stream().mapToLong(View::end).min().orElseThrow();
        long best = wanted;
        boolean bestParts = false;
        double bestScore = Double.NEGATIVE_INFINITY;
        for (long cut = low; cut <= high; cut++) {
            boolean parts = true;
            double score = -DISTANCE_COST * Math.abs(cut - wanted);
            for (View view : views) {
                parts &= partsWords(view, (int) (cut - view.firstStep));
                for (long step = Math.max(from, cut - QUIET); step < Math.min(to, cut + QUIET); step++) {
                    score += nothing(view.emission, (int) (step - view.firstStep));
                }
            }
            if (parts == bestParts ? score > bestScore : parts) {
                best = cut;
                bestParts = parts;
                bestScore = score;
            }
        }
        return best;
    }

    /**
     * Number of steps at the end at which the best path writes no letter.
     *
     * @return all steps if it writes none at all
     */
    public int trailing(View view) {
        int step = view.path.length;
        while (step > 0 && writesNothing(view.path[step - 1])) {
            step--;
        }
        return view.path.length - step;
    }

    private boolean writesNothing(int token) {
        if (token == Vocabulary.BLANK_ID) {
            return true;
        }
        for (int space : spaces) {
            if (token == space) {
                return true;
            }
        }
        return false;
    }

    /** Logarithm of the probability that a step writes no letter and no phone. */
    private double nothing(Emission emission, int step) {
        float[] row = emission.logProbs()[step];
        double sum = Math.exp(row[Vocabulary.BLANK_ID]);
        for (int space : spaces) {
            sum += Math.exp(row[space]);
        }
        double noPhone = emission.hasPhones() ? emission.phoneLogProbs()[step][Vocabulary.BLANK_ID] : 0;
        return Math.log(Math.max(sum, Double.MIN_NORMAL)) + noPhone;
    }

    /** Whether the best path has no word on both sides of a cut. */
    private boolean partsWords(View view, int cut) {
        int[] path = view.path;
        int before = cut - 1;
        while (before >= 0 && path[before] == Vocabulary.BLANK_ID) {
            before--;
        }
        int after = cut;
        while (after < path.length && path[after] == Vocabulary.BLANK_ID) {
            after++;
        }
        if (before < 0 || after == path.length) {
            return true;
        }
        boolean sameRun = after == before + 1 && path[after] == path[before];
        String last = vocabulary.token(path[before]);
        String next = vocabulary.token(path[after]);
        return !sameRun
                && (next.charAt(0) == Vocabulary.WORD_MARK || last.charAt(last.length() - 1) == Vocabulary.WORD_MARK);
    }
}
