package org.omniscribe.asr.audio.vorbis;

/** The rough shape of a channel's spectrum (specification, sections 6 and 7). */
sealed interface Floor permits LineFloor, PoleFloor {
    /**
     * Reads the floor of a packet and makes its curve.
     *
     * @param curve receives as many values as half a block has
     * @param n how many
     * @return whether the channel has sound in this packet
     */
    boolean read(PacketBits bits, float[] curve, int n);

    static Floor of(PacketBits bits, Codebook[] books) {
        int type = bits.need(16);
        PacketBits.require(type <= 1, "a floor of an unknown kind");
        return type == 1 ? new LineFloor(bits, books) : new PoleFloor(bits, books);
    }
}
