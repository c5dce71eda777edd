package org.omniscribe.asr.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.asr.transcript.Word;

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
 * with the space before it, and on either side half of the gap to its neighbour, {@value #MARGIN_SECONDS} s at most, so
 * that a token may sit a step earlier or later but a long silence costs nothing. It needs no fitted constants: it is
 * the quantity whose logarithm CTC training maximises, taken over one word in place of one utterance, so it is as
 * calibrated as the model itself.
 *
 * <p><b>Log-probability.</b> That of the best path: the sum of the greatest log-probability of every step.
 */
public final class GreedyDecoder implements CtcDecoder {
    private static final double MARGIN_SECONDS = 0.2;

    private final Vocabulary vocabulary;
    /** Each token divided at its word marks; part 0 continues the word before, every other part begins a word. */
    private final String[][] parts;

    private final int[] spaces;

    /** Makes a decoder for the tokens of a model. */
    public GreedyDecoder(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        String mark = String.valueOf(Vocabulary.WORD_MARK);
        parts = vocabulary.tokens().stream().map(t -> t.split(mark, -1)).toArray(String[][]::new);
        spaces = vocabulary.spaces();
    }

    /** A token that holds the best path from one step up to, not including, another. */
    private record Run(int token, int from, int to) {}

    /** A word in the making: its text, its times in steps, and the runs that write it. */
    private static final class Draft {
        final StringBuilder text = new StringBuilder();
        final double from;
        final int firstRun;
        double to;
        int lastRun;

        Draft(double from, int firstRun) {
            this.from = from;
            this.firstRun = firstRun;
        }

        void append(String part, double end, int run) {
            text.append(part);
            to = end;
            lastRun = run;
        }
    }

    @Override
    public Hypothesis decode(Emission emission) {
        float[][] logProbs = emission.logProbs();
        List<Run> runs = new ArrayList<>();
        double logProb = 0;
        int token = Vocabulary.BLANK_ID;
        int from = 0;
        for (int step = 0; step < logProbs.length; step++) {
            int best = best(logProbs[step], step);
            logProb += logProbs[step][best];
            if (best != token) {
                addRun(runs, token, from, step);
                token = best;
                from = step;
            }
        }
        addRun(runs, token, from, logProbs.length);
        return new Hypothesis(words(emission, runs), logProb);
    }

    private int best(float[] row, int step) {
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

    private static void addRun(List<Run> runs, int token, int from, int to) {
        if (token != Vocabulary.BLANK_ID) {
            runs.add(new Run(token, from, to));
        }
    }

    private List<Word> words(Emission emission, List<Run> runs) {
        List<Draft> drafts = drafts(runs);
        double seconds = emission.stepSeconds();
        int margin = (int) Math.round(MARGIN_SECONDS / seconds);
        List<Word> words = new ArrayList<>();
        int previousRun = -1;
        for (Draft draft : drafts) {
            // Runs between two words write spaces; they belong to the later word.
            int firstRun = Math.min(previousRun + 1, draft.firstRun);
            int begin = runs.get(firstRun).from;
            int end = runs.get(draft.lastRun).to;
            int before = firstRun == 0 ? begin : (begin - runs.get(firstRun - 1).to) / 2;
            int after = draft.lastRun + 1 == runs.size()
                    ? emission.steps() - end
                    : (runs.get(draft.lastRun + 1).from - end + 1) / 2;
            int[] tokens = runs.subList(draft.firstRun, draft.lastRun + 1).stream()
                    .mapToInt(Run::token)
                    .toArray();
            boolean spaceFirst = previousRun >= 0
                    && firstRun < draft.firstRun
                    && vocabulary.token(tokens[0]).charAt(0) != Vocabulary.WORD_MARK;
            double confidence = WordConfidence.of(
                    emission.logProbs(),
                    begin - Math.min(before, margin),
                    end + Math.min(after, margin),
                    tokens,
                    spaceFirst,
                    spaces);
            words.add(new Word(draft.text.toString(), draft.from * seconds, draft.to * seconds, confidence));
            previousRun = draft.lastRun;
        }
        return words;
    }

    private List<Draft> drafts(List<Run> runs) {
        List<Draft> drafts = new ArrayList<>();
        Draft open = null;
        for (int r = 0; r < runs.size(); r++) {
            Run run = runs.get(r);
            String[] texts = parts[run.token];
            long sharers = Arrays.stream(texts).filter(t -> !t.isEmpty()).count();
            int sharer = 0;
            for (int i = 0; i < texts.length; i++) {
                if (i > 0) {
                    open = null;
                }
                if (!texts[i].isEmpty()) {
                    int steps = run.to - run.from;
                    if (open == null) {
                        open = new Draft(run.from + steps * sharer / (double) sharers, r);
                        drafts.add(open);
                    }
                    sharer++;
                    open.append(texts[i], run.from + steps * sharer / (double) sharers, r);
                }
            }
        }
        return drafts;
    }
}
