package org.omniscribe.asr.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Words as a trie of characters, which tells of a beginning of a word how likely the likeliest word is that begins so.
 *
 * <p>Nodes are numbered in order of depth, so that the children of one stand side by side.
 */
final class Lexicon {
    /** The empty beginning. */
    static final int ROOT = 0;

    /** Where no word begins so. */
    static final int NONE = -1;

    private final char[] letter;
    private final int[] begin;
    private final int[] word;
    private final double[] best;
    private final int depth;

    /**
     * A word of the lexicon.
     *
     * @param text its characters
     * @param id what {@link #word} is to give for it
     * @param logProb its log-probability without context
     */
    record Entry(String text, int id, double logProb) {}

    /** Builds the trie of words, of which no two are the same. */
    Lexicon(List<Entry> entries) {
        Entry[] sorted = entries.toArray(Entry[]::new);
        Arrays.sort(sorted, (a, b) -> a.text.compareTo(b.text));
        int size = 1;
        for (int i = 0; i < sorted.length; i++) {
            size += sorted[i].text.length() - (i == 0 ? 0 : shared(sorted[i - 1].text, sorted[i].text));
        }
        letter = new char[size];
        begin = new int[size + 1];
        word = new int[size];
        best = new double[size];
        Arrays.fill(word, NONE);
        // The entries that share the beginning of each node: from and to.
        int[] from = new int[size];
        int[] to = new int[size];
        int[] depth = new int[size];
        to[ROOT] = sorted.length;
        int nodes = 1;
        for (int node = 0; node < size; node++) {
            begin[node] = nodes;
            best[node] = Double.NEGATIVE_INFINITY;
            for (int i = from[node]; i < to[node]; i++) {
                best[node] = Math.max(best[node], sorted[i].logProb);
                if (sorted[i].text.length() == depth[node]) {
                    word[node] = sorted[i].id;
                    continue;
                }
                char c = sorted[i].text.charAt(depth[node]);
                if (nodes == begin[node] || letter[nodes - 1] != c) {
                    letter[nodes] = c;
                    from[nodes] = i;
                    depth[nodes] = depth[node] + 1;
                    nodes++;
                }
                to[nodes - 1] = i + 1;
            }
        }
        begin[size] = nodes;
        this.depth = depth[size - 1];
    }

    /** Characters of the longest word. */
    int depth() {
        return depth;
    }

    /** The words of a language model, less its marks. */
    static List<Entry> entries(LanguageModel model) {
        List<Entry> entries = new ArrayList<>();
        for (int id = 0; id < model.words().size(); id++) {
            String text = model.words().get(id);
            if (!text.startsWith("<")) {
                entries.add(new Entry(text, id, model.unigram(id)));
            }
        }
        return entries;
    }

    private static int shared(String a, String b) {
        int n = 0;
        while (n < a.length() && n < b.length() && a.charAt(n) == b.charAt(n)) {
            n++;
        }
        return n;
    }

    /** The node after one more character, or {@link #NONE}. */
    int next(int node, char c) {
        if (node != NONE) {
            for (int child = begin[node]; child < begin[node + 1]; child++) {
                if (letter[child] == c) {
                    return child;
                }
            }
        }
        return NONE;
    }

    /** The number of the word that ends at a node, or {@link #NONE}. */
    int word(int node) {
        return node == NONE ? NONE : word[node];
    }

    /** The log-probability of the likeliest word that begins as the node says. */
    double best(int node) {
        return best[node];
    }
}
