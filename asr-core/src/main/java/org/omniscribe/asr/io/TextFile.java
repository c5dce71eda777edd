package org.omniscribe.asr.io;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The one reader of texts that people write: lists, references, manifests, lexica.
 *
 * <p>They are UTF-8 with or without a byte order mark, or UTF-16 with one; lines end with LF, CR LF or CR, and have a bounded
 * length. Whatever is shown of such a text in a message or list goes through {@link #shown}.
 */
public final class TextFile {
    /** The longest line, in characters. */
    public static final int MAX_LINE = 1 << 24;

    private static final char MARK = '\ufeff';

    private TextFile() {}

    /** A text that is in none of the encodings that are read; the message says where. */
    public static final class NotTextException extends CharacterCodingException {
        private static final long serialVersionUID = 1L;
        private final String message;

        NotTextException(String message) {
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }

    /**
     * All lines of a file.
     *
     * @throws NotTextException if it is no text
     * @throws IOException if it cannot be read, or a line is too long
     */
    public static List<String> lines(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return lines(in);
        }
    }

    /** As {@link #lines(Path)}, of a stream, which is read to its end and left open. */
    public static List<String> lines(InputStream stream) throws IOException {
        InputStream in = new BufferedInputStream(stream, 1 << 16);
        in.mark(4);
        byte[] start = in.readNBytes(3);
        in.reset();
        if (start.length >= 2 && (start[0] == -2 && start[1] == -1 || start[0] == -1 && start[1] == -2)) {
            return wide(in, start[0] == -2 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE);
        }
        List<String> lines = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean afterReturn = false;
        for (int b; (b = in.read()) >= 0; ) {
            if (b == '\n' && afterReturn) {
                afterReturn = false;
                continue;
            }
            afterReturn = b == '\r';
            if (b == '\n' || b == '\r') {
                lines.add(decoded(line, lines.size() + 1));
            } else {
                line.write(b);
                check(line.size(), lines.size() + 1);
            }
        }
        if (line.size() > 0) {
            lines.add(decoded(line, lines.size() + 1));
        }
        return withoutMark(lines);
    }

    /** A whole file as one text, its line ends as they are but for a byte order mark. */
    public static String text(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        boolean wide = bytes.length >= 2 && (bytes[0] & bytes[1]) == -2 && bytes[0] != bytes[1];
        Charset charset =
                !wide ? StandardCharsets.UTF_8 : bytes[0] == -2 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
        String text;
        try {
            text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new NotTextException("it is not UTF-8 text; convert it first, such as with iconv");
        }
        return !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
    }

    private static String decoded(ByteArrayOutputStream line, int number) throws NotTextException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
            line.reset();
            if (text.indexOf('\0') >= 0) {
                throw new NotTextException("line " + number
                        + " has a zero byte: it is not UTF-8 text; convert it first, such as with iconv");
            }
            return text;
        } catch (NotTextException e) {
            throw e;
        } catch (CharacterCodingException e) {
            throw new NotTextException(
                    "line " + number + ": it is not UTF-8 text; convert it first, such as with iconv");
        }
    }

    private static List<String> wide(InputStream in, Charset charset) throws IOException {
        Reader reader = new InputStreamReader(in, charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT));
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        boolean afterReturn = false;
        try {
            for (int c; (c = reader.read()) >= 0; ) {
                if (c == '\n' && afterReturn) {
                    afterReturn = false;
                    continue;
                }
                afterReturn = c == '\r';
                if (c == '\n' || c == '\r') {
                    lines.add(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) c);
                    check(line.length(), lines.size() + 1);
                }
            }
        } catch (CharacterCodingException e) {
            throw new NotTextException("line " + (lines.size() + 1) + " or a later one is not the UTF-16 text that the"
                    + " mark at the start promises");
        }
        if (line.length() > 0) {
            lines.add(line.toString());
        }
        return withoutMark(lines);
    }

    private static void check(int length, int number) throws IOException {
        if (length > MAX_LINE) {
            throw new IOException("line " + number + " is longer than " + MAX_LINE + " characters");
        }
    }

    private static List<String> withoutMark(List<String> lines) {
        if (!lines.isEmpty() && !lines.get(0).isEmpty() && lines.get(0).charAt(0) == MARK) {
            lines.set(0, lines.get(0).substring(1));
        }
        return lines;
    }

    /**
     * A text or file name as it may go to a terminal: control characters, and those that turn the direction of writing, are
     * written as their numbers.
     */
    public static String shown(String text) {
        StringBuilder shown = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean control = Character.isISOControl(c)
                    || c >= '\u202a' && c <= '\u202e'
                    || c >= '\u2066' && c <= '\u2069'
                    || c == '\u2028'
                    || c == '\u2029';
            if (control && shown == null) {
                shown = new StringBuilder(text.substring(0, i));
            }
            if (control) {
                shown.append(c < 256 ? String.format("\\x%02x", (int) c) : String.format("\\u%04x", (int) c));
            } else if (shown != null) {
                shown.append(c);
            }
        }
        return shown == null ? text : shown.toString();
    }
}
