package org.omniscribe.asr.token;

/**
 * UTF-8 as it comes, piece by piece: characters whose bytes lie in two pieces are put together, and what is no UTF-8 becomes
 * U+FFFD, one for each maximal part of a character (Unicode Standard, section 3.9, "U+FFFD substitution of maximal subparts").
 * Not thread-safe.
 */
public final class Utf8 {
    private final StringBuilder text = new StringBuilder();
    /** Value of the character that has begun. */
    private int value;
    /** Bytes that it still needs; 0 between characters. */
    private int missing;
    /** The range of its next byte. */
    private int least = 0x80;

    private int most = 0xBF;

    /** Adds bytes. */
    public Utf8 add(byte[] bytes) {
        for (byte b : bytes) {
            add(b & 0xFF);
        }
        return this;
    }

    private void add(int b) {
        if (missing > 0) {
            if (b >= least && b <= most) {
                value = value << 6 | b & 0x3F;
                least = 0x80;
                most = 0xBF;
                if (--missing == 0) {
                    text.appendCodePoint(value);
                }
                return;
            }
            missing = 0;
            text.append('\uFFFD');
        }
        begin(b);
    }

    private void begin(int b) {
        least = 0x80;
        most = 0xBF;
        if (b < 0x80) {
            text.append((char) b);
        } else if (b >= 0xC2 && b <= 0xDF) {
            value = b & 0x1F;
            missing = 1;
        } else if (b >= 0xE0 && b <= 0xEF) {
            value = b & 0x0F;
            missing = 2;
            // Neither longer forms than needed nor surrogates.
            least = b == 0xE0 ? 0xA0 : 0x80;
            most = b == 0xED ? 0x9F : 0xBF;
        } else if (b >= 0xF0 && b <= 0xF4) {
            value = b & 0x07;
            missing = 3;
            least = b == 0xF0 ? 0x90 : 0x80;
            most = b == 0xF4 ? 0x8F : 0xBF;
        } else {
            text.append('\uFFFD');
        }
    }

    /** Whether no character is left half written. */
    public boolean whole() {
        return missing == 0;
    }

    /** The whole characters so far. */
    public String text() {
        return text.toString();
    }

    /** Ends the text: a character that has begun becomes U+FFFD. */
    public String finish() {
        if (missing > 0) {
            missing = 0;
            text.append('\uFFFD');
        }
        return text.toString();
    }
}
