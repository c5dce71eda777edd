package org.omniscribe.asr.decode;

import java.util.Arrays;

/** Which words of a text another one has too, in the same order. */
final class CommonWords {
    private CommonWords() {}

    /**
     * Finds a longest common subsequence (Wagner and Fischer 1974).
     *
     * @param words the words asked for
     * @param other the words of the other text
     * @return for every word whether the other text has it
     */
    static boolean[] of(String[] words, String[] other) {
        boolean[] held = new boolean[words.length];
        int from = 0;
        while (from < words.length && from < other.length && words[from].equals(other[from])) {
            held[from++] = true;
        }
        int to = words.length;
        int otherTo = other.length;
        while (to > from && otherTo > from && words[to - 1].equals(other[otherTo - 1])) {
            held[--to] = true;
            otherTo--;
        }
        String[] rest = Arrays.copyOfRange(words, from, to);
        String[] otherRest = Arrays.copyOfRange(other, from, otherTo);
        int[][] length = new int[rest.length + 1][otherRest.length + 1];
        for (int i = rest.length - 1; i >= 0; i--) {
            for (int j = otherRest.length - 1; j >= 0; j--) {
                length[i][j] = rest[i].equals(otherRest[j])
                        ? length[i + 1][j + 1] + 1
                        : Math.max(length[i + 1][j], length[i][j + 1]);
            }
        }
        for (int i = 0, j = 0; i < rest.length && j < otherRest.length; ) {
            if (rest[i].equals(otherRest[j])) {
                held[from + i++] = true;
                j++;
            } else if (length[i + 1][j] >= length[i][j + 1]) {
                i++;
            } else {
                j++;
            }
        }
        return held;
    }
}
