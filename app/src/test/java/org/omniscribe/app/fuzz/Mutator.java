package org.omniscribe.app.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages files in the ways that find faults in readers. */
final class Mutator {
    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        2,
        0x7f,
        0x80,
        0xff,
        0x7fff,
        0x8000,
        0xffff,
        0x7fffffffL,
        0x80000000L,
        0xfffffffeL,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final List<String> WORDS = List.of(
            "",
            "0",
            "-1",
            "1e999",
            "NaN",
            "Infinity",
            "99999999999999999999",
            "2147483648",
            "-0.0",
            "null",
            "[",
            "{",
            "\"",
            "\\",
            "\t",
            "\n",
            "\r",
            "\u0000",
            "\ufeff",
            "\u2028",
            "..",
            "../../../etc/passwd",
            "/etc/passwd",
            "C:\\x",
            "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>",
            "&b;",
            "<![CDATA[",
            "%s%n",
            "<",
            ">",
            "</s>",
            "<unk>",
            " ",
            "\ud83d\ude00");

    private Mutator() {}

    /** A damaged copy: one to eight changes, of bytes for most, of words and numbers in text for some. */
    static byte[] mutate(byte[] seed, byte[] other, Random random) {
        byte[] bytes = seed.clone();
        int changes = 1 << random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            bytes = change(bytes, other, random);
        }
        return bytes;
    }

    private static byte[] change(byte[] bytes, byte[] other, Random random) {
        if (bytes.length == 0) {
            return other.clone();
        }
        // Headers are short and hold what matters: half of all changes come near the beginning.
        int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 256));
        int length = Math.min(bytes.length - at, 1 << random.nextInt(10));
        switch (random.nextInt(11)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2, 3 -> number(bytes, at, random);
            case 4 -> {
                return splice(bytes, at, at + length, new byte[0]);
            }
            case 5 -> {
                return splice(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
            }
            case 6 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 7 -> {
                int from = random.nextInt(Math.max(1, other.length));
                int to = Math.min(other.length, from + length);
                return splice(bytes, at, Math.min(bytes.length, at + length), Arrays.copyOfRange(other, from, to));
            }
            case 8 -> Arrays.fill(bytes, at, at + length, (byte) (random.nextBoolean() ? 0 : 0xff));
            case 9 -> {
                byte[] word = WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
                return splice(bytes, at, Math.min(bytes.length, at + random.nextInt(4)), word);
            }
            default -> {
                byte[] word = WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
                return token(bytes, at, word, random);
            }
        }
        return bytes;
    }

    /** Overwrites one, two, four or eight bytes, in either order, with a number of the kind that overflows. */
    private static void number(byte[] bytes, int at, Random random) {
        long value = NUMBERS[random.nextInt(NUMBERS.length)] + (random.nextInt(8) == 0 ? random.nextInt(9) - 4 : 0);
        int size = 1 << random.nextInt(4);
        boolean big = random.nextBoolean();
        for (int i = 0; i < size && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (value >> 8 * (big ? size - 1 - i : i));
        }
    }

    /** Replaces the word or number around a place, or repeats it very often. */
    private static byte[] token(byte[] bytes, int at, byte[] word, Random random) {
        int from = at;
        int to = at;
        while (from > 0 && letter(bytes[from - 1])) {
            from--;
        }
        while (to < bytes.length && letter(bytes[to])) {
            to++;
        }
        if (random.nextInt(4) > 0) {
            return splice(bytes, from, to, word);
        }
        byte[] one = from == to ? new byte[] {bytes[at]} : Arrays.copyOfRange(bytes, from, to);
        int times = 1 + Math.min(5000, random.nextInt(20_000) / one.length);
        byte[] many = new byte[one.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(one, 0, many, i * one.length, one.length);
        }
        return splice(bytes, from, to, many);
    }

    private static boolean letter(byte b) {
        return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '.' || b == '-';
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] middle) {
        byte[] result = new byte[from + middle.length + bytes.length - to];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(bytes, to, result, from + middle.length, bytes.length - to);
        return result;
    }

    /** Gives the pages of an Ogg file right checksums, so that damage comes to the decoders; stops at what is no page. */
    static byte[] fixOgg(byte[] file) {
        int page = 0;
        while (page + 27 <= file.length && file[page] == 'O') {
            int segments = file[page + 26] & 0xff;
            int length = 27 + segments;
            for (int i = 27; i < 27 + segments && page + i < file.length; i++) {
                length += file[page + i] & 0xff;
            }
            if (page + length > file.length) {
                return file;
            }
            Arrays.fill(file, page + 22, page + 26, (byte) 0);
            int crc = 0;
            for (int i = page; i < page + length; i++) {
                crc ^= file[i] << 24;
                for (int bit = 0; bit < 8; bit++) {
                    crc = crc < 0 ? crc << 1 ^ 0x04C11DB7 : crc << 1;
                }
            }
            for (int i = 0; i < 4; i++) {
                file[page + 22 + i] = (byte) (crc >> 8 * i);
            }
            page += length;
        }
        return file;
    }
}
