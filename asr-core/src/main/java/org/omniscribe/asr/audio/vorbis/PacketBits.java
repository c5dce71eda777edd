package org.omniscribe.asr.audio.vorbis;

/** The bits of a packet, the lowest of a byte first; behind its end there are zeros (specification, section 2.1). */
final class PacketBits {
    private final byte[] bytes;
    private long bit;
    private final long end;

    PacketBits(byte[] packet, int from) {
        bytes = packet;
        bit = 8L * from;
        end = 8L * packet.length;
    }

    /** Whether more was read than there is. */
    boolean over() {
        return bit > end;
    }

    /** An unsigned number of at most 32 bits, as the bits of an int. */
    int read(int count) {
        int value = 0;
        int done = 0;
        while (done < count && bit + done < end) {
            long at = bit + done;
            int n = Math.min(count - done, 8 - (int) (at & 7));
            int part = (bytes[(int) (at >>> 3)] & 0xff) >> (at & 7) & (1 << n) - 1;
            value |= part << done;
            done += n;
        }
        bit += count;
        return value;
    }

    boolean flag() {
        return read(1) == 1;
    }

    /** As {@link #read}, of a header: what is missing makes it wrong. */
    int need(int count) {
        int value = read(count);
        require(!over(), "the end comes too early");
        return value;
    }

    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Bits that it takes to write a number. */
    static int width(int number) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(number);
    }
}
