package org.omniscribe.asr.audio.vorbis;

import java.util.Arrays;

/** Huffman codes, and the vectors that they may stand for (specification, section 3). */
final class Codebook {
    private static final int SYNC = 0x564342;
    private static final int MAX_WORD_BITS = 32;
    private static final int NONE = Integer.MIN_VALUE;

    private final int dimensions;
    private final int entries;
    /** Two branches a node: the next node if positive, else {@code ~entry}; {@link #NONE} where there is no word. */
    private int[] tree = new int[64];

    private int nodes = 1;
    /** Entry after entry; empty where the book has no vectors. */
    private final float[] vectors;

    /**
     * Reads a codebook.
     *
     * @param most how many numbers it may have
     */
    Codebook(PacketBits bits, long most) {
        PacketBits.require(bits.need(24) == SYNC, "a codebook without its mark");
        dimensions = bits.need(16);
        entries = bits.need(24);
        PacketBits.require(
                (long) entries * Math.max(1, dimensions) <= most, "codebooks of more numbers than encoders write");
        byte[] lengths = lengths(bits);
        tree[0] = NONE;
        tree[1] = NONE;
        plant(lengths);
        vectors = vectors(bits);
    }

    int dimensions() {
        return dimensions;
    }

    int entries() {
        return entries;
    }

    boolean hasVectors() {
        return vectors.length > 0;
    }

    long numbers() {
        return (long) entries * Math.max(1, dimensions);
    }

    private byte[] lengths(PacketBits bits) {
        if (!bits.flag()) {
            boolean sparse = bits.need(1) == 1;
            // Each entry has a bit at least, so that no more room is taken than bytes are there.
            byte[] lengths = new byte[entries];
            for (int i = 0; i < entries; i++) {
                if (!sparse || bits.need(1) == 1) {
                    lengths[i] = (byte) (bits.need(5) + 1);
                }
            }
            return lengths;
        }
        int length = bits.need(5) + 1;
        byte[] lengths = new byte[entries];
        for (int i = 0; i < entries; length++) {
            PacketBits.require(length <= MAX_WORD_BITS, "a word of more than " + MAX_WORD_BITS + " bits");
            int count = bits.need(PacketBits.width(entries - i));
            PacketBits.require(count <= entries - i, "more words than a codebook has");
            Arrays.fill(lengths, i, i + count, (byte) length);
            i += count;
        }
        return lengths;
    }

    /** Gives each entry the lowest word of its length that is free (section 3.2.1). */
    private void plant(byte[] lengths) {
        int used = 0;
        int last = 0;
        long[] free = new long[MAX_WORD_BITS + 1];
        boolean begun = false;
        for (int entry = 0; entry < lengths.length; entry++) {
            int length = lengths[entry];
            if (length == 0) {
                continue;
            }
            used++;
            last = entry;
            long word = 0;
            if (!begun) {
                begun = true;
                for (int i = 1; i <= length; i++) {
                    free[i] = 1L << MAX_WORD_BITS - i;
                }
            } else {
                int z = length;
                while (z > 0 && free[z] == 0) {
                    z--;
                }
                PacketBits.require(z > 0, "more words than there can be");
                word = free[z];
                free[z] = 0;
                for (int i = length; i > z; i--) {
                    free[i] = word + (1L << MAX_WORD_BITS - i);
                }
            }
            insert(word, length, entry);
        }
        if (used == 1) {
            // Whatever the one bit is, it is this word.
            tree[0] = ~last;
            tree[1] = ~last;
        }
    }

    /** {@code word} has its first bit at the top of 32. */
    private void insert(long word, int length, int entry) {
        int node = 0;
        for (int i = 1; i < length; i++) {
            int branch = 2 * node + (int) (word >> MAX_WORD_BITS - i & 1);
            if (tree[branch] == NONE) {
                if (2 * nodes + 2 > tree.length) {
                    tree = Arrays.copyOf(tree, 2 * tree.length);
                }
                tree[2 * nodes] = NONE;
                tree[2 * nodes + 1] = NONE;
                tree[branch] = nodes++;
            }
            node = tree[branch];
            PacketBits.require(node > 0, "words that begin alike");
        }
        tree[2 * node + (int) (word >> MAX_WORD_BITS - length & 1)] = ~entry;
    }

    private float[] vectors(PacketBits bits) {
        int type = bits.need(4);
        PacketBits.require(type <= 2, "a codebook of an unknown kind");
        if (type == 0) {
            return new float[0];
        }
        PacketBits.require(dimensions > 0, "a codebook without dimensions");
        float least = unpack(bits.need(32));
        float step = unpack(bits.need(32));
        int width = bits.need(4) + 1;
        boolean sequence = bits.need(1) == 1;
        int count = type == 1 ? root(entries, dimensions) : entries * dimensions;
        int[] steps = new int[count];
        for (int i = 0; i < count; i++) {
            steps[i] = bits.need(width);
        }
        float[] vectors = new float[entries * dimensions];
        for (int entry = 0; entry < entries; entry++) {
            float last = 0;
            long divisor = 1;
            for (int d = 0; d < dimensions; d++) {
                int index = type == 1 ? (int) (entry / divisor % count) : entry * dimensions + d;
                float value = steps[index] * step + least + last;
                last = sequence ? value : 0;
                vectors[entry * dimensions + d] = value;
                divisor = Math.min(divisor * count, Integer.MAX_VALUE);
            }
        }
        return vectors;
    }

    /** A number as section 9.2.2 packs it. */
    private static float unpack(int bits) {
        int mantissa = bits & 0x1fffff;
        int exponent = bits >> 21 & 0x3ff;
        return (float) ((bits < 0 ? -mantissa : mantissa) * Math.pow(2, exponent - 788));
    }

    /** The greatest number whose power is not greater than a count. */
    private static int root(int count, int power) {
        int root = (int) Math.floor(Math.pow(count, 1.0 / power)) + 1;
        while (Math.pow(root, power) > count) {
            root--;
        }
        return root;
    }

    /** The next entry; negative at the end of the packet, or at a word that is none. */
    int entry(PacketBits bits) {
        int node = 0;
        do {
            node = tree[2 * node + bits.read(1)];
        } while (node > 0 && !bits.over());
        return bits.over() || node == NONE || node > 0 ? -1 : ~node;
    }

    /** One number of an entry's vector. */
    float value(int entry, int dimension) {
        return vectors[entry * dimensions + dimension];
    }
}
