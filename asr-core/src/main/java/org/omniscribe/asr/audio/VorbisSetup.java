package org.omniscribe.asr.audio;

/**
 * The setup header of a Vorbis stream, read before the decoder reads it: the decoder takes whatever memory a header
 * claims, and a few bytes can claim gigabytes.
 *
 * <p>The Vorbis I specification, sections 3.2.1 (codebooks), 4.2.4 (setup), 6.2.1, 7.2.2 (floors) and 8.6.1 (residues).
 * What is checked is what an encoder would never write; everything else is left to the decoder.
 */
final class VorbisSetup {
    private static final int SYNC = 0x564342;
    private static final int LONGEST_WORD = 32;
    /** Numbers in all codebooks together. Encoders write some hundred thousand. */
    private static final long MOST_NUMBERS = 1 << 22;

    private final byte[] bytes;
    private long bit;
    private int[] dimensions;
    private int[] entries;
    private long numbers;

    private VorbisSetup(byte[] packet, int from) {
        bytes = packet;
        bit = 8L * from;
    }

    /**
     * Reads a setup header up to its residues.
     *
     * @param packet the whole packet
     * @param from where the codebooks begin, in bytes
     * @param channels of the stream
     * @param block the longer block, in frames
     * @throws IllegalArgumentException if it is cut off, or claims what cannot be
     */
    static void check(byte[] packet, int from, int channels, int block) {
        VorbisSetup setup = new VorbisSetup(packet, from);
        setup.codebooks();
        setup.times();
        setup.floors();
        setup.residues((long) channels * block / 2);
    }

    private void codebooks() {
        int count = read(8) + 1;
        dimensions = new int[count];
        entries = new int[count];
        for (int book = 0; book < count; book++) {
            require(read(24) == SYNC, "a codebook without its mark");
            dimensions[book] = read(16);
            entries[book] = read(24);
            numbers += (long) entries[book] * Math.max(1, dimensions[book]);
            require(numbers <= MOST_NUMBERS, "codebooks of more than " + MOST_NUMBERS + " numbers");
            words(entries[book]);
            lookup(dimensions[book], entries[book]);
        }
    }

    /** The lengths of a codebook's words. */
    private void words(int count) {
        if (read(1) == 0) {
            boolean sparse = read(1) == 1;
            for (int i = 0; i < count; i++) {
                if (!sparse || read(1) == 1) {
                    skip(5);
                }
            }
            return;
        }
        int length = read(5) + 1;
        for (int i = 0; i < count; length++) {
            require(length <= LONGEST_WORD, "a word of more than " + LONGEST_WORD + " bits");
            i += read(bits(count - i));
            require(i <= count, "more words than a codebook has");
        }
    }

    private void lookup(int dimension, int count) {
        int type = read(4);
        require(type <= 2, "a codebook of an unknown kind");
        if (type > 0) {
            skip(64);
            int size = read(4) + 1;
            skip(1);
            skip(size * (type == 2 ? (long) count * dimension : root(count, dimension)));
        }
    }

    /** The greatest number whose power is not greater than a count. */
    private static int root(int count, int power) {
        require(power > 0, "a codebook without dimensions");
        int root = (int) Math.floor(Math.pow(count, 1.0 / power)) + 1;
        while (Math.pow(root, power) > count) {
            root--;
        }
        return root;
    }

    private void times() {
        for (int left = read(6) + 1; left > 0; left--) {
            skip(16);
        }
    }

    private void floors() {
        for (int left = read(6) + 1; left > 0; left--) {
            int type = read(16);
            require(type <= 1, "a floor of an unknown kind");
            if (type == 0) {
                skip(8 + 16 + 16 + 6 + 8);
                skip(8 * (read(4) + 1L));
            } else {
                floor();
            }
        }
    }

    private void floor() {
        int[] kinds = new int[read(5)];
        int most = -1;
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] = read(4);
            most = Math.max(most, kinds[i]);
        }
        int[] posts = new int[most + 1];
        for (int kind = 0; kind <= most; kind++) {
            posts[kind] = read(3) + 1;
            int subclasses = read(2);
            skip(subclasses > 0 ? 8 : 0);
            skip(8L << subclasses);
        }
        skip(2);
        int width = read(4);
        for (int kind : kinds) {
            skip((long) width * posts[kind]);
        }
    }

    private void residues(long longest) {
        for (int left = read(6) + 1; left > 0; left--) {
            require(read(16) <= 2, "a residue of an unknown kind");
            int begin = read(24);
            int end = read(24);
            require(begin <= end && end <= longest, "a residue longer than a block");
            skip(24);
            int kinds = read(6) + 1;
            int book = read(8);
            require(book < entries.length, "a codebook that is not there");
            require(
                    Math.pow(kinds, dimensions[book]) <= entries[book],
                    "a codebook with fewer words than a residue has kinds");
            int books = 0;
            for (int i = 0; i < kinds; i++) {
                int low = read(3);
                books += Integer.bitCount(read(1) == 1 ? low | read(5) << 3 : low);
            }
            skip(8L * books);
        }
    }

    /** Bits that it takes to write a number. */
    private static int bits(int number) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(number);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private void skip(long count) {
        bit += count;
        require(bit <= 8L * bytes.length, "the end comes too early");
    }

    /** An unsigned number of at most 24 bits, its lowest bit first. */
    private int read(int count) {
        int value = 0;
        long from = bit;
        skip(count);
        for (int i = 0; i < count; i++) {
            long at = from + i;
            value |= (bytes[(int) (at >>> 3)] >> (at & 7) & 1) << i;
        }
        return value;
    }
}
