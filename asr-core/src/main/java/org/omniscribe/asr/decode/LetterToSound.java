package org.omniscribe.asr.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How words that are not in a dictionary may be pronounced, by the example of those that are.
 *
 * <p>The letters of every word in the dictionary are aligned with its phones, none to two for each, by Viterbi training
 * (as Black, Lenzo and Pagel 1998 do, "Issues in building general letter to sound rules"). A letter of a new word then
 * sounds as it does most often in the dictionary between the same letters; the more of the letters around it are the same,
 * the more an example counts.
 */
final class LetterToSound {
    private static final int MAX_PHONES = 2;
    private static final int TRAININGS = 4;
    /** How many words are enough to learn which letters write which phones. */
    private static final int TRAINING_WORDS = 5000;

    /** The cost of a chunk that a letter has never been seen to write. */
    private static final double UNSEEN = 9;

    /** Letters before and after one that examples must share, from little to much, and how much such examples count. */
    private static final int[][] CONTEXTS = {{0, 0}, {0, 1}, {1, 1}, {1, 2}, {2, 2}, {2, 3}, {3, 3}};

    private static final double MORE = 6;
    private static final char EDGE = '#';

    /** Words of the dictionary with a chunk of phones for each of their letters. */
    private final Map<String, List<String>> aligned = new LinkedHashMap<>();

    /** Learns from a dictionary, from the usual pronunciation of each word. */
    LetterToSound(Pronunciations dictionary) {
        List<String> words = List.copyOf(dictionary.words().keySet());
        int stride = 1 + words.size() / TRAINING_WORDS;
        Map<Character, Map<String, Double>> costs = Map.of();
        for (int training = 0; training < TRAININGS; training++) {
            Map<Character, Map<String, Double>> counts = new HashMap<>();
            for (int w = 0; w < words.size(); w += stride) {
                String word = words.get(w);
                List<String> chunks = align(word, dictionary.of(word).get(0), costs);
                for (int i = 0; i < chunks.size(); i++) {
                    counts.computeIfAbsent(word.charAt(i), c -> new HashMap<>()).merge(chunks.get(i), 1.0, Double::sum);
                }
            }
            counts.values().forEach(of -> {
                double total = of.values().stream().mapToDouble(d -> d).sum();
                of.replaceAll((chunk, n) -> -Math.log(n / total));
            });
            costs = counts;
        }
        for (String word : words) {
            List<String> chunks = align(word, dictionary.of(word).get(0), costs);
            if (!chunks.isEmpty()) {
                aligned.put(word, chunks);
            }
        }
    }

    /** The cheapest way to share phones out to letters; empty if there are too many phones. */
    private static List<String> align(String word, List<String> phones, Map<Character, Map<String, Double>> costs) {
        int letters = word.length();
        String[][] chunk = new String[phones.size() + 1][MAX_PHONES + 1];
        for (int j = 0; j <= phones.size(); j++) {
            for (int n = 0; n <= Math.min(j, MAX_PHONES); n++) {
                chunk[j][n] = String.join(" ", phones.subList(j - n, j));
            }
        }
        double[][] best = new double[letters + 1][phones.size() + 1];
        int[][] taken = new int[letters + 1][phones.size() + 1];
        for (double[] row : best) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        best[0][0] = 0;
        for (int i = 1; i <= letters; i++) {
            Map<String, Double> of = costs.get(word.charAt(i - 1));
            for (int j = 0; j <= phones.size(); j++) {
                for (int n = 0; n <= Math.min(j, MAX_PHONES); n++) {
                    if (best[i - 1][j - n] == Double.POSITIVE_INFINITY) {
                        continue;
                    }
                    double cost =
                            of == null ? first(i, letters, j, n, phones.size()) : of.getOrDefault(chunk[j][n], UNSEEN);
                    if (best[i - 1][j - n] + cost < best[i][j]) {
                        best[i][j] = best[i - 1][j - n] + cost;
                        taken[i][j] = n;
                    }
                }
            }
        }
        if (best[letters][phones.size()] == Double.POSITIVE_INFINITY) {
            return List.of();
        }
        String[] chunks = new String[letters];
        for (int i = letters, j = phones.size(); i > 0; i--) {
            int n = taken[i][j];
            chunks[i - 1] = chunk[j][n];
            j -= n;
        }
        return List.of(chunks);
    }

    /** Before anything is known: a phone a letter, evenly along the word. */
    private static double first(int letter, int letters, int phone, int n, int phones) {
        double off = (double) letter / letters - (double) phone / Math.max(1, phones);
        return off * off + 0.1 * Math.abs(n - 1);
    }

    /**
     * Pronounces words.
     *
     * @param words in small letters
     * @return the phones of each, at least one; words without a letter that the dictionary has are left out
     */
    Map<String, List<String>> pronounce(Collection<String> words) {
        Map<String, Map<String, Double>> examples = new HashMap<>();
        for (String word : words) {
            for (int i = 0; i < word.length(); i++) {
                for (int[] context : CONTEXTS) {
                    examples.put(around(word, i, context), new HashMap<>());
                }
            }
        }
        aligned.forEach((word, chunks) -> {
            for (int i = 0; i < chunks.size(); i++) {
                for (int[] context : CONTEXTS) {
                    Map<String, Double> seen = examples.get(around(word, i, context));
                    if (seen == null) {
                        break;
                    }
                    seen.merge(chunks.get(i), 1.0, Double::sum);
                }
            }
        });
        Map<String, List<String>> pronounced = new LinkedHashMap<>();
        for (String word : words) {
            List<String> phones = new ArrayList<>();
            for (int i = 0; i < word.length(); i++) {
                String chunk = likeliest(word, i, examples);
                if (!chunk.isEmpty()) {
                    phones.addAll(List.of(chunk.split(" ")));
                }
            }
            if (!phones.isEmpty()) {
                pronounced.put(word, phones);
            }
        }
        return pronounced;
    }

    private static String likeliest(String word, int i, Map<String, Map<String, Double>> examples) {
        Map<String, Double> votes = new HashMap<>();
        double weight = 1;
        for (int[] context : CONTEXTS) {
            Map<String, Double> seen = examples.get(around(word, i, context));
            double total = seen.values().stream().mapToDouble(d -> d).sum();
            for (Map.Entry<String, Double> chunk : seen.entrySet()) {
                votes.merge(chunk.getKey(), weight * chunk.getValue() / (total + 1), Double::sum);
            }
            weight *= MORE;
        }
        return votes.entrySet().stream()
                .max(Map.Entry.<String, Double>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey)
                .orElse("");
    }

    /** A letter with those around it; which of them it is shows in the numbers of the context. */
    private static String around(String word, int at, int[] context) {
        StringBuilder text = new StringBuilder(context[0] + context[1] + 3);
        text.append(context[0]).append(context[1]);
        for (int i = at - context[0]; i <= at + context[1]; i++) {
            text.append(i < 0 || i >= word.length() ? EDGE : word.charAt(i));
        }
        return text.toString();
    }
}
