package org.omniscribe.asr.audio.vorbis;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** Setup headers that claim gigabytes are refused before the decoder believes them. */
class SetupTest {
    private static final int CHANNELS = 2;
    private static final int BLOCK = 2048;

    private final BitSet bits = new BitSet();
    private int length;

    private SetupTest write(long value, int count) {
        for (int i = 0; i < count; i++) {
            bits.set(length++, (value >> i & 1) == 1);
        }
        return this;
    }

    private void check() {
        byte[] packet = new byte[(length + 7) / 8 + 1];
        byte[] written = bits.toByteArray();
        System.arraycopy(written, 0, packet, 0, written.length);
        Setup.read(new PacketBits(packet, 0), CHANNELS, BLOCK);
    }

    private void refused(String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, this::check).getMessage());
    }

    /** The only codebook, up to its words. */
    private SetupTest book(int dimensions, int entries) {
        return write(0, 8).write(0x564342, 24).write(dimensions, 16).write(entries, 24);
    }

    /** All words of two bits, in order, and no numbers behind them. */
    private SetupTest fourWords() {
        return write(1, 1).write(1, 5).write(4, 3).write(0, 4);
    }

    /** A time domain transform, a floor of two posts, and the beginning of a residue. */
    private SetupTest toResidue() {
        write(0, 6).write(0, 16);
        write(0, 6).write(1, 16).write(0, 5).write(0, 2).write(0, 4);
        return write(0, 6).write(2, 16);
    }

    private SetupTest residue(int begin, int end, int kinds) {
        write(begin, 24).write(end, 24).write(31, 24).write(kinds - 1, 6).write(0, 8);
        for (int i = 0; i < kinds; i++) {
            write(0, 4);
        }
        return this;
    }

    @Test
    void aHeaderThatAnEncoderCouldWriteIsTaken() {
        book(2, 4).fourWords().toResidue().residue(0, BLOCK, 2);
        // A mapping with one part, a mode of short blocks, and the mark at the end.
        write(0, 6).write(0, 16).write(0, 4).write(0, 24);
        write(0, 6).write(0, 41).write(1, 1);
        assertDoesNotThrow(this::check);
    }

    @Test
    void millionsOfWordsInAFewBytesAreRefused() {
        book(1, (1 << 24) - 1).write(1, 1).write(0, 5);
        refused("codebooks of more numbers than encoders write");
    }

    @Test
    void manyDimensionsCountAsMuchAsManyWords() {
        book(65_535, 100).write(0, 2);
        refused("codebooks of more numbers than encoders write");
    }

    @Test
    void wordsThatAreNotThereAreNotCounted() {
        book(1, 100_000).write(0, 2);
        refused("the end comes too early");
    }

    @Test
    void aCodebookWithoutEndIsRefused() {
        book(1, 4).write(1, 1).write(0, 5);
        write(0, 200);
        refused("a word of more than 32 bits");
    }

    @Test
    void moreKindsThanWordsAreRefused() {
        book(2, 4).fourWords().toResidue().residue(0, BLOCK, 3);
        refused("a codebook with fewer words than a residue has kinds");
    }

    @Test
    void aResidueLongerThanABlockIsRefused() {
        book(2, 4).fourWords().toResidue().residue(0, CHANNELS * BLOCK / 2 + 1, 2);
        refused("a residue longer than a block");
    }
}
