package org.omniscribe.export.lm;

import java.util.Arrays;

/**
 * The n-grams of one length as sorted keys, with what is known of each.
 *
 * <p>A key holds the numbers of the words, 16 bits each, the first word highest; keys of four words use all bits of a
 * long and are compared as unsigned.
 */
final class NGrams {
    static final int BITS = 16;
    static final int MAX_ORDER = 4;

    final int length;
    /** In unsigned order, none twice. */
    final long[] key;
    /** How often each was seen. */
    final int[] count;
    /** Counts as Kneser-Ney smoothing takes them: before how many different words, but on the highest level. */
    int[] adjusted;
    /** Natural logarithm of the probability. */
    final double[] logProb;
    /** Natural logarithm of the weight of shorter contexts. */
    final double[] backOff;

    NGrams(int length, long[] key, int[] count) {
        this.length = length;
        this.key = key;
        this.count = count;
        this.adjusted = count;
        this.logProb = new double[key.length];
        this.backOff = new double[key.length];
    }

    /** Counts the n-grams in sentences that follow each other; none reaches from one into the next. */
    static NGrams count(char[] words, int start, int length) {
        long[] all = new long[words.length];
        int n = 0;
        long key = 0;
        int held = 0;
        long mask = length == MAX_ORDER ? -1 : (1L << BITS * length) - 1;
        for (char word : words) {
            held = word == start ? 1 : held + 1;
            key = (key << BITS | word) & mask;
            if (held >= length) {
                all[n++] = key ^ Long.MIN_VALUE;
            }
        }
        Arrays.sort(all, 0, n);
        long[] keys = new long[n];
        int[] counts = new int[n];
        int kinds = 0;
        for (int i = 0; i < n; i++) {
            if (i == 0 || all[i] != all[i - 1]) {
                keys[kinds++] = all[i] ^ Long.MIN_VALUE;
            }
            counts[kinds - 1]++;
        }
        return new NGrams(length, Arrays.copyOf(keys, kinds), Arrays.copyOf(counts, kinds));
    }

    /** Every word of a vocabulary, those that the sentences do not have with a count of 0. */
    static NGrams words(char[] words, int vocabulary) {
        long[] keys = new long[vocabulary];
        Arrays.setAll(keys, i -> i);
        int[] counts = new int[vocabulary];
        for (char word : words) {
            counts[word]++;
        }
        return new NGrams(1, keys, counts);
    }

    /** Keys in unsigned order, none twice. */
    static long[] distinct(long[] keys) {
        long[] sorted = new long[keys.length];
        Arrays.setAll(sorted, i -> keys[i] ^ Long.MIN_VALUE);
        Arrays.sort(sorted);
        int kinds = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || (sorted[i] ^ Long.MIN_VALUE) != sorted[kinds - 1]) {
                sorted[kinds++] = sorted[i] ^ Long.MIN_VALUE;
            }
        }
        return Arrays.copyOf(sorted, kinds);
    }

    int size() {
        return key.length;
    }

    /** The key without its last word: the context. */
    static long context(long key) {
        return key >>> BITS;
    }

    /** The key without its first word. */
    long suffix(long key) {
        return key & (1L << BITS * (length - 1)) - 1;
    }

    static int last(long key) {
        return (int) (key & (1 << BITS) - 1);
    }

    int word(long key, int position) {
        return (int) (key >>> BITS * (length - 1 - position)) & (1 << BITS) - 1;
    }

    /** The place of a key, or a negative number. */
    int find(long wanted) {
        int low = 0;
        int high = key.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Long.compareUnsigned(key[middle], wanted);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** These n-grams without those that are not to be kept. */
    NGrams kept(boolean[] keep) {
        int n = 0;
        for (boolean k : keep) {
            n += k ? 1 : 0;
        }
        long[] keys = new long[n];
        int[] counts = new int[n];
        NGrams result = new NGrams(length, keys, counts);
        int to = 0;
        for (int i = 0; i < key.length; i++) {
            if (keep[i]) {
                keys[to] = key[i];
                counts[to] = count[i];
                result.logProb[to] = logProb[i];
                result.backOff[to] = backOff[i];
                to++;
            }
        }
        return result;
    }
}
