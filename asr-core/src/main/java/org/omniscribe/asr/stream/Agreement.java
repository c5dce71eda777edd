package org.omniscribe.asr.stream;

import java.util.ArrayList;
import java.util.List;
import org.omniscribe.asr.stream.RecognitionEvent.Partial;
import org.omniscribe.asr.transcript.Word;

/**
 * Local agreement: a word becomes stable when two hypotheses in a row have it at the same place after the words that
 * are stable already, and some time has been heard since it ended, so that it cannot be the first half of a longer one.
 * Not thread-safe.
 *
 * <p>After Liu et al., <i>Low-latency sequence-to-sequence speech recognition and translation by partial hypothesis
 * selection</i> (Interspeech 2020), section 3.
 */
final class Agreement {
    /** Seconds that must have been heard after a word. */
    static final double SETTLING = 0.3;

    private final List<Word> stable = new ArrayList<>();
    private List<Word> previous = List.of();

    /**
     * Compares a hypothesis with the one before.
     *
     * @param words all words of the utterance as they are heard now
     * @param time seconds of audio heard
     */
    Partial next(List<Word> words, double time) {
        List<Word> now = afterStable(words);
        List<Word> before = afterStable(previous);
        int same = 0;
        while (same < Math.min(now.size(), before.size())
                && now.get(same).text().equals(before.get(same).text())
                && now.get(same).end() + SETTLING <= time) {
            same++;
        }
        for (Word word : now.subList(0, same)) {
            stable.add(word.notBefore(
                    stable.isEmpty() ? 0 : stable.get(stable.size() - 1).end()));
        }
        previous = words;
        return new Partial(time, stable, now.subList(same, now.size()));
    }

    /** Begins a new utterance. */
    void clear() {
        stable.clear();
        previous = List.of();
    }

    /** The words after those that begin as the stable ones do; else the words whose middle lies behind the stable ones. */
    private List<Word> afterStable(List<Word> words) {
        if (stable.isEmpty()) {
            return words;
        }
        int first = 0;
        while (first < Math.min(words.size(), stable.size())
                && words.get(first).text().equals(stable.get(first).text())) {
            first++;
        }
        if (first < stable.size()) {
            double end = stable.get(stable.size() - 1).end();
            first = 0;
            while (first < words.size()
                    && (words.get(first).start() + words.get(first).end()) / 2 <= end) {
                first++;
            }
        }
        return words.subList(first, words.size());
    }
}
