package org.omniscribe.asr.audio;

/** The chunks of RIFF and IFF files: a name of four letters, a size, and a byte more where the size is odd. */
final class Chunks {
    private Chunks() {}

    /** Whether four bytes can be the name of a chunk: visible characters of ASCII, and spaces behind them. */
    static boolean named(byte[] bytes, int at) {
        if (at + 4 > bytes.length || bytes[at] <= ' ') {
            return false;
        }
        for (int i = at; i < at + 4; i++) {
            if (bytes[i] < ' ' || bytes[i] > '~') {
                return false;
            }
        }
        return true;
    }

    /** Passes over the content of a chunk. */
    static void skip(Input in, long size) {
        in.skip(size);
        pad(in, size);
    }

    /** Passes over the byte behind a content of odd size; some programs leave it out, which the next name tells. */
    static void pad(Input in, long size) {
        if ((size & 1) == 1) {
            byte[] next = in.peek(4);
            if (next.length < 4 || next[0] == 0 || !named(next, 0)) {
                in.skip(1);
            }
        }
    }
}
