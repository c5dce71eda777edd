package org.omniscribe.asr.decode;

import java.util.Arrays;
import java.util.List;

/**
 * Pronunciations as a tree of phones, in which words that begin alike share nodes; every node tells how much the best
 * word that can still be reached is worth.
 *
 * <p>Nodes are numbered in order of depth, so that the children of one stand side by side. The words that end at one node
 * are homophones.
 */
final class PronunciationTree {
    /** The node before the first phone. */
    static final int ROOT = 0;

    /** The phone that leads to each node; the blank for the root. */
    final byte[] phone;
    /** The children of node n are {@code children[n]} to {@code children[n + 1] - 1}, in order of their phones. */
    final int[] children;
    /** The words that end at node n are {@code word[words[n]]} to {@code word[words[n + 1] - 1]}. */
    final int[] words;

    final int[] word;
    /** Of each node but the root, how much the best word at or below it is worth. */
    final double[] ahead;
    /** The parent of each node; the root's is itself. */
    private final int[] parent;

    /**
     * A pronunciation of a word.
     *
     * @param phones ids of its phones, at least one
     * @param word what {@link #word} is to hold for it
     * @param worth a score, the natural logarithm of a factor
     */
    record Entry(byte[] phones, int word, double worth) {}

    /** Builds the tree; a word may have several pronunciations. */
    PronunciationTree(List<Entry> entries) {
        Entry[] sorted = entries.toArray(Entry[]::new);
        Arrays.sort(sorted, (a, b) -> Arrays.compare(a.phones, b.phones));
        int size = 1;
        for (int i = 0; i < sorted.length; i++) {
            int shared = i == 0 ? 0 : Arrays.mismatch(sorted[i - 1].phones, sorted[i].phones);
            size += shared < 0 ? 0 : sorted[i].phones.length - shared;
        }
        phone = new byte[size];
        parent = new int[size];
        children = new int[size + 1];
        words = new int[size + 1];
        word = new int[sorted.length];
        ahead = new double[size];
        // The entries that share the beginning of each node: from and to.
        int[] from = new int[size];
        int[] to = new int[size];
        int[] depth = new int[size];
        to[ROOT] = sorted.length;
        int nodes = 1;
        int ended = 0;
        for (int node = 0; node < size; node++) {
            children[node] = nodes;
            words[node] = ended;
            ahead[node] = Double.NEGATIVE_INFINITY;
            for (int i = from[node]; i < to[node]; i++) {
                Entry entry = sorted[i];
                ahead[node] = Math.max(ahead[node], entry.worth);
                if (entry.phones.length == depth[node]) {
                    word[ended++] = entry.word;
                    continue;
                }
                byte next = entry.phones[depth[node]];
                if (nodes == children[node] || phone[nodes - 1] != next) {
                    phone[nodes] = next;
                    parent[nodes] = node;
                    from[nodes] = i;
                    depth[nodes] = depth[node] + 1;
                    nodes++;
                }
                to[nodes - 1] = i + 1;
            }
        }
        children[size] = nodes;
        words[size] = ended;
    }

    /** Number of nodes. */
    int size() {
        return phone.length;
    }

    /** The phones from the root to a node. */
    int[] phones(int node) {
        int length = 0;
        for (int n = node; n != ROOT; n = parent[n]) {
            length++;
        }
        int[] phones = new int[length];
        for (int n = node; n != ROOT; n = parent[n]) {
            phones[--length] = phone[n];
        }
        return phones;
    }
}
