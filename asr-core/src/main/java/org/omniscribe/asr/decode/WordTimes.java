package org.omniscribe.asr.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.asr.transcript.Word;

/** Makes timed words, with the confidence that {@link GreedyDecoder} explains, of tokens whose steps are known. */
final class WordTimes {
    static final double MARGIN_SECONDS = 0.2;

    private final Vocabulary vocabulary;
    /** Each token divided at its word marks; part 0 continues the word before, every other part begins a word. */
    private final String[][] parts;

    private final int[] spaces;

    WordTimes(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        String mark = String.valueOf(Vocabulary.WORD_MARK);
        parts = vocabulary.tokens().stream().map(t -> t.split(mark, -1)).toArray(String[][]::new);
        spaces = vocabulary.spaces();
    }

    /** A token that holds a path from one step up to, not including, another. */
    record Run(int token, int from, int to) {}

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

    /** The words that runs of tokens write, the runs in order of time. */
    List<Word> words(Emission emission, List<Run> runs) {
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
