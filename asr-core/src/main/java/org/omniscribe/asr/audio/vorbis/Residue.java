package org.omniscribe.asr.audio.vorbis;

/** What is left of the spectra when their floors are taken away (specification, section 8). */
final class Residue {
    private static final int PASSES = 8;

    private final Codebook[] books;
    private final int type;
    private final int begin;
    private final int end;
    private final int partition;
    private final int kinds;
    private final Codebook classBook;
    /** A book for each kind and pass, or -1. */
    private final int[][] choices;

    /**
     * Reads a residue of the setup header.
     *
     * @param longest half a long block of all channels
     */
    Residue(PacketBits bits, Codebook[] books, long longest) {
        this.books = books;
        type = bits.need(16);
        PacketBits.require(type <= 2, "a residue of an unknown kind");
        begin = bits.need(24);
        end = bits.need(24);
        PacketBits.require(begin <= end && end <= longest, "a residue longer than a block");
        partition = bits.need(24) + 1;
        kinds = bits.need(6) + 1;
        int book = bits.need(8);
        PacketBits.require(book < books.length, "a codebook that is not there");
        classBook = books[book];
        PacketBits.require(
                classBook.dimensions() > 0 && Math.pow(kinds, classBook.dimensions()) <= classBook.entries(),
                "a codebook with fewer words than a residue has kinds");
        int[] cascades = new int[kinds];
        for (int i = 0; i < kinds; i++) {
            int lower = bits.need(3);
            cascades[i] = bits.need(1) == 1 ? lower | bits.need(5) << 3 : lower;
        }
        choices = new int[kinds][PASSES];
        for (int i = 0; i < kinds; i++) {
            for (int pass = 0; pass < PASSES; pass++) {
                choices[i][pass] = (cascades[i] >> pass & 1) == 1 ? bits.need(8) : -1;
                PacketBits.require(
                        choices[i][pass] < 0 || choices[i][pass] < books.length && books[choices[i][pass]].hasVectors(),
                        "a codebook that is not there");
            }
        }
    }

    /**
     * Reads the spectra of some channels.
     *
     * @param spectra of those channels; 0 before
     * @param silent which of them have no floor
     * @param n half a block
     */
    void read(PacketBits bits, float[][] spectra, boolean[] silent, int n) {
        if (type < 2) {
            vectors(bits, spectra, silent, n);
            return;
        }
        boolean none = true;
        for (boolean one : silent) {
            none &= one;
        }
        if (none) {
            return;
        }
        // All channels interleaved, as one vector.
        int count = spectra.length;
        float[] all = new float[n * count];
        vectors(bits, new float[][] {all}, new boolean[1], all.length);
        for (int i = 0; i < all.length; i++) {
            spectra[i % count][i / count] = all[i];
        }
    }

    private void vectors(PacketBits bits, float[][] spectra, boolean[] silent, int n) {
        int from = Math.min(begin, n);
        int partitions = (Math.min(end, n) - from) / partition;
        int words = classBook.dimensions();
        int[][] classes = new int[spectra.length][partitions];
        for (int pass = 0; pass < PASSES; pass++) {
            for (int p = 0; p < partitions; ) {
                if (pass == 0 && !classes(bits, classes, silent, p)) {
                    return;
                }
                for (int i = 0; i < words && p < partitions; i++, p++) {
                    for (int c = 0; c < spectra.length; c++) {
                        int choice = silent[c] ? -1 : choices[classes[c][p]][pass];
                        if (choice >= 0 && !partition(bits, books[choice], spectra[c], from + p * partition)) {
                            return;
                        }
                    }
                }
            }
        }
    }

    private boolean classes(PacketBits bits, int[][] classes, boolean[] silent, int from) {
        int words = classBook.dimensions();
        for (int c = 0; c < classes.length; c++) {
            if (!silent[c]) {
                int entry = classBook.entry(bits);
                if (entry < 0) {
                    return false;
                }
                for (int i = words - 1; i >= 0; i--) {
                    if (from + i < classes[c].length) {
                        classes[c][from + i] = entry % kinds;
                    }
                    entry /= kinds;
                }
            }
        }
        return true;
    }

    private boolean partition(PacketBits bits, Codebook book, float[] out, int from) {
        int dimensions = book.dimensions();
        int steps = partition / dimensions;
        for (int i = 0; i < steps; i++) {
            int entry = book.entry(bits);
            if (entry < 0) {
                return false;
            }
            for (int d = 0; d < dimensions; d++) {
                int at = type == 0 ? from + i + d * steps : from + i * dimensions + d;
                out[at] += book.value(entry, d);
            }
        }
        return true;
    }
}
