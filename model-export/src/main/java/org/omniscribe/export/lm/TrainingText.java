package org.omniscribe.export.lm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.decode.LanguageModel;

/**
 * Sentences as numbers of words.
 *
 * @param words the vocabulary: unknown word, start, end, then words from the most frequent on
 * @param tokens the sentences one after another, each with its start and its end
 */
record TrainingText(List<String> words, char[] tokens) {
    static final int UNKNOWN = 0;
    static final int START = 1;
    static final int END = 2;

    /** Words that a vocabulary may hold: what 16 bits tell apart, less the three marks. */
    static final int MAX_WORDS = (1 << NGrams.BITS) - 3;

    /** The beginning of every vocabulary, to which the words are added. */
    static List<String> marks() {
        return new ArrayList<>(List.of(LanguageModel.UNKNOWN, LanguageModel.START, LanguageModel.END));
    }

    /**
     * Numbers the words.
     *
     * @param sentences words with single spaces between them
     * @param most words in the vocabulary, the most frequent ones
     * @param least how often a word must have been seen
     */
    static TrainingText of(List<String> sentences, int most, int least) {
        Map<String, int[]> counts = new HashMap<>();
        for (String sentence : sentences) {
            for (String word : sentence.split(" ")) {
                counts.computeIfAbsent(word, w -> new int[1])[0]++;
            }
        }
        List<String> words = marks();
        counts.entrySet().stream()
                .filter(e -> e.getValue()[0] >= least)
                .sorted(Comparator.<Map.Entry<String, int[]>>comparingInt(e -> -e.getValue()[0])
                        .thenComparing(Map.Entry::getKey))
                .limit(most)
                .forEach(e -> words.add(e.getKey()));
        return of(sentences, words);
    }

    /**
     * Numbers the words by a given vocabulary.
     *
     * @param sentences words with single spaces between them
     * @param words unknown word, start, end, then the others; at most {@link #MAX_WORDS} of these
     */
    static TrainingText of(List<String> sentences, List<String> words) {
        Map<String, Character> ids = new HashMap<>();
        for (int i = END + 1; i < words.size(); i++) {
            ids.put(words.get(i), (char) i);
        }
        int length = 0;
        for (String sentence : sentences) {
            length += 3 + (int) sentence.chars().filter(c -> c == ' ').count();
        }
        char[] tokens = new char[length];
        int n = 0;
        for (String sentence : sentences) {
            tokens[n++] = START;
            for (String word : sentence.split(" ")) {
                tokens[n++] = ids.getOrDefault(word, (char) UNKNOWN);
            }
            tokens[n++] = END;
        }
        return new TrainingText(words, Arrays.copyOf(tokens, n));
    }
}
