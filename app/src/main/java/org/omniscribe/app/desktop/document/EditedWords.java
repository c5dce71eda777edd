package org.omniscribe.app.desktop.document;

import java.util.ArrayList;
import java.util.List;
import org.omniscribe.asr.transcript.Word;

/**
 * Times for words that a person has corrected: words that stay keep theirs, and what stands between two of them shares the
 * time that is there.
 */
public final class EditedWords {
    private EditedWords() {}

    /**
     * Aligns a corrected text with the words before.
     *
     * @param before the words as they were, at least one
     * @param text the text as it is to be; blanks divide words
     * @param start where the words' segment begins, in seconds
     * @param end where it ends
     * @return the words of the text, in order; those that were changed have confidence 1, as a person wrote them
     */
    public static List<Word> align(List<Word> before, String text, double start, double end) {
        List<String> tokens = tokens(text);
        List<Word> words = new ArrayList<>();
        int i = 0;
        int j = 0;
        double free = start;
        for (Pair kept : pairs(before, tokens)) {
            if (kept.after() > j) {
                // Words that replace others get the time of those; words put in between get the gap.
                boolean replaced = kept.before() > i;
                double gapEnd = kept.before() < before.size()
                        ? before.get(kept.before()).start()
                        : end;
                double from = replaced ? before.get(i).start() : free;
                double to = replaced ? before.get(kept.before() - 1).end() : gapEnd;
                spread(tokens.subList(j, kept.after()), Math.max(free, from), Math.max(free, to), words);
                free = words.get(words.size() - 1).end();
            }
            if (kept.after() < tokens.size()) {
                Word word = before.get(kept.before());
                words.add(new Word(
                        word.text(), Math.max(free, word.start()), Math.max(free, word.end()), word.confidence()));
                free = words.get(words.size() - 1).end();
            }
            i = kept.before() + 1;
            j = kept.after() + 1;
        }
        return List.copyOf(words);
    }

    /** A word that stays: its place before and after. */
    private record Pair(int before, int after) {}

    /** The words of a longest common subsequence, and at last the two ends. */
    private static List<Pair> pairs(List<Word> before, List<String> tokens) {
        int[][] common = common(before, tokens);
        List<Pair> pairs = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < before.size() && j < tokens.size()) {
            if (same(before.get(i), tokens.get(j))) {
                pairs.add(new Pair(i++, j++));
            } else if (common[i + 1][j] >= common[i][j + 1]) {
                i++;
            } else {
                j++;
            }
        }
        pairs.add(new Pair(before.size(), tokens.size()));
        return pairs;
    }

    private static boolean same(Word word, String token) {
        return word.text().equals(token);
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        for (String token : text.split("[\\s\\p{Z}]+")) {
            if (!token.isEmpty()) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    /** Lengths of the longest common subsequences of the rests from each pair of places. */
    private static int[][] common(List<Word> before, List<String> tokens) {
        int[][] common = new int[before.size() + 1][tokens.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = tokens.size() - 1; j >= 0; j--) {
                common[i][j] = same(before.get(i), tokens.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    /** Divides a time among words by their lengths. */
    private static void spread(List<String> tokens, double from, double to, List<Word> words) {
        double letters = tokens.stream().mapToInt(String::length).sum();
        double at = from;
        double passed = 0;
        for (String token : tokens) {
            passed += token.length();
            double next = from + (to - from) * passed / letters;
            words.add(new Word(token, at, Math.max(at, next), 1));
            at = Math.max(at, next);
        }
    }
}
