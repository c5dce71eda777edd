package org.omniscribe.asr.audio.vorbis;

/**
 * The setup header of a stream (specification, section 4.2.4).
 *
 * @param floors shapes of spectra
 * @param residues what is left of them
 * @param mappings how channels use both
 * @param modes what a packet can be
 */
record Setup(Floor[] floors, Residue[] residues, Mapping[] mappings, Mode[] modes) {
    /** Numbers in all codebooks together. Encoders write some hundred thousand. */
    private static final long MAX_NUMBERS = 1 << 22;

    /**
     * How channels are coded.
     *
     * @param magnitudes of each coupling, the channel that holds the magnitude
     * @param angles the channel that holds the angle
     * @param submaps the part that each channel belongs to
     * @param floors of each part
     * @param residues of each part
     */
    record Mapping(int[] magnitudes, int[] angles, int[] submaps, int[] floors, int[] residues) {}

    /**
     * A kind of packet.
     *
     * @param longBlock whether it has the longer block
     * @param mapping its mapping
     */
    record Mode(boolean longBlock, int mapping) {}

    /**
     * Reads a setup header.
     *
     * @param bits at the first codebook
     * @param channels of the stream
     * @param block the longer block, in frames
     * @throws IllegalArgumentException if it is cut off, or claims what cannot be
     */
    static Setup read(PacketBits bits, int channels, int block) {
        Codebook[] books = new Codebook[bits.need(8) + 1];
        long left = MAX_NUMBERS;
        for (int i = 0; i < books.length; i++) {
            books[i] = new Codebook(bits, left);
            left -= books[i].numbers();
        }
        for (int times = bits.need(6) + 1; times > 0; times--) {
            PacketBits.require(bits.need(16) == 0, "a time transform, which there is none of");
        }
        Floor[] floors = new Floor[bits.need(6) + 1];
        for (int i = 0; i < floors.length; i++) {
            floors[i] = Floor.of(bits, books);
        }
        Residue[] residues = new Residue[bits.need(6) + 1];
        for (int i = 0; i < residues.length; i++) {
            residues[i] = new Residue(bits, books, (long) channels * block / 2);
        }
        Mapping[] mappings = new Mapping[bits.need(6) + 1];
        for (int i = 0; i < mappings.length; i++) {
            mappings[i] = mapping(bits, channels, floors.length, residues.length);
        }
        Mode[] modes = new Mode[bits.need(6) + 1];
        for (int i = 0; i < modes.length; i++) {
            boolean longBlock = bits.need(1) == 1;
            PacketBits.require(bits.need(32) == 0, "a window or transform of an unknown kind");
            modes[i] = new Mode(longBlock, bits.need(8));
            PacketBits.require(modes[i].mapping() < mappings.length, "a mapping that is not there");
        }
        PacketBits.require(bits.need(1) == 1, "no mark at the end of the setup");
        return new Setup(floors, residues, mappings, modes);
    }

    private static Mapping mapping(PacketBits bits, int channels, int floors, int residues) {
        PacketBits.require(bits.need(16) == 0, "a mapping of an unknown kind");
        int submaps = bits.need(1) == 1 ? bits.need(4) + 1 : 1;
        int couplings = bits.need(1) == 1 ? bits.need(8) + 1 : 0;
        int[] magnitudes = new int[couplings];
        int[] angles = new int[couplings];
        int width = PacketBits.width(channels - 1);
        for (int i = 0; i < couplings; i++) {
            magnitudes[i] = bits.need(width);
            angles[i] = bits.need(width);
            PacketBits.require(
                    magnitudes[i] != angles[i] && magnitudes[i] < channels && angles[i] < channels,
                    "a coupling of channels that are not there");
        }
        PacketBits.require(bits.need(2) == 0, "a mapping with something unknown");
        int[] parts = new int[channels];
        for (int c = 0; c < channels && submaps > 1; c++) {
            parts[c] = bits.need(4);
            PacketBits.require(parts[c] < submaps, "a submap that is not there");
        }
        int[] floorOf = new int[submaps];
        int[] residueOf = new int[submaps];
        for (int i = 0; i < submaps; i++) {
            bits.need(8);
            floorOf[i] = bits.need(8);
            residueOf[i] = bits.need(8);
            PacketBits.require(floorOf[i] < floors && residueOf[i] < residues, "a floor or residue that is not there");
        }
        return new Mapping(magnitudes, angles, parts, floorOf, residueOf);
    }
}
