package org.omniscribe.asr.token;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The printable character that stands for each byte in the files of byte-level tokenizers: itself for printable Latin-1, else
 * the next free one from U+0100 on (Radford et al. 2019, {@code bytes_to_unicode} in their {@code encoder.py}).
 */
final class ByteAlphabet {
    private static final char[] CHARACTERS = new char[256];
    private static final int[] BYTES = new int[0x144];

    static {
        Arrays.fill(BYTES, -1);
        int free = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean itself = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            CHARACTERS[b] = (char) (itself ? b : free++);
            BYTES[CHARACTERS[b]] = b;
        }
    }

    private ByteAlphabet() {}

    static char character(int b) {
        return CHARACTERS[b];
    }

    /** The bytes that a token stands for; its UTF-8 where it has a character that stands for no byte. */
    static byte[] bytes(String token) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(token.length());
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            int b = c < BYTES.length ? BYTES[c] : -1;
            if (b < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            out.write(b);
        }
        return out.toByteArray();
    }
}
