package org.omniscribe.asr.audio.mpeg;

import java.util.Arrays;

/** Bits of an array, the highest of a byte first; behind the end there are zeros. */
final class Bits {
    /** Zeros behind the data, so that a damaged frame is read on without a check for every bit. */
    static final int MARGIN = 4096;

    byte[] bytes = new byte[0];
    /** The next bit. */
    int at;
    /** The first bit that is not there. */
    int end;

    /** Starts at the first bit of a part of an array, which is copied. */
    void wrap(byte[] source, int from, int to) {
        int length = to - from;
        if (bytes.length < length + MARGIN) {
            bytes = new byte[length + MARGIN];
        }
        System.arraycopy(source, from, bytes, 0, length);
        Arrays.fill(bytes, length, length + MARGIN, (byte) 0);
        at = 0;
        end = 8 * length;
    }

    /** The next bits as an unsigned number; 0 if they are not all there. */
    int read(int count) {
        int from = at;
        at += count;
        if (at > end) {
            return 0;
        }
        int value = 0;
        for (int left = count; left > 0; ) {
            int n = Math.min(left, 8 - (from & 7));
            int part = (bytes[from >> 3] & 0xff) >> 8 - (from & 7) - n & (1 << n) - 1;
            value = value << n | part;
            from += n;
            left -= n;
        }
        return value;
    }

    boolean overrun() {
        return at > end;
    }
}
