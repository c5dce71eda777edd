package org.omniscribe.asr.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The bytes of a recording: counted, with a look ahead, and with a place for warnings. */
final class Input extends InputStream {
    private static final int SIZE = 1 << 16;
    private static final int MAX_WARNINGS = 20;

    private final InputStream in;
    private final String name;
    private final Path path;
    private final long length;
    private final List<String> warnings = new ArrayList<>();
    private byte[] buffer = new byte[SIZE];
    private int start;
    private int end;
    private long position;

    Input(Path path) throws IOException {
        this.path = path;
        this.name = path.toString();
        // Pipes and devices have no length.
        this.length = Files.isRegularFile(path) ? Files.size(path) : -1;
        this.in = Files.newInputStream(path);
    }

    Input(InputStream in, String name) {
        this.path = null;
        this.name = name;
        this.length = -1;
        this.in = in;
    }

    String name() {
        return name;
    }

    /** Bytes consumed so far. */
    long position() {
        return position;
    }

    /** Length of the file in bytes, or -1 for a stream. */
    long length() {
        return length;
    }

    /** The next bytes without consuming them; fewer than {@code n} only before the end. */
    byte[] peek(int n) {
        ahead(n - 1);
        return Arrays.copyOfRange(buffer, start, Math.min(end, start + n));
    }

    /** Whether there is a byte {@code index} places after the next, which {@link #at} can then give without consuming it. */
    boolean ahead(int index) {
        if (end - start <= index) {
            if (index >= buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.max(index + 1, 2 * buffer.length));
            }
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
            while (end <= index) {
                int got = fill(buffer, end, buffer.length - end);
                if (got < 0) {
                    return false;
                }
                end += got;
            }
        }
        return true;
    }

    /** The byte {@code index} places after the next; only where {@link #ahead} said that it is there. */
    byte at(int index) {
        return buffer[start + index];
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) {
        if (count == 0) {
            return 0;
        }
        if (start == end && count < SIZE) {
            start = 0;
            end = Math.max(0, fill(buffer, 0, buffer.length));
        }
        int n;
        if (start < end) {
            n = Math.min(count, end - start);
            System.arraycopy(buffer, start, bytes, offset, n);
            start += n;
        } else {
            n = count < SIZE ? -1 : fill(bytes, offset, count);
        }
        if (n > 0) {
            position += n;
        }
        return n;
    }

    /** Reads until the array section is full or the input ends. */
    @Override
    public int readNBytes(byte[] bytes, int offset, int count) {
        int done = 0;
        while (done < count) {
            int n = read(bytes, offset + done, count - done);
            if (n < 0) {
                break;
            }
            done += n;
        }
        return done;
    }

    /** Exactly {@code n} bytes, else an exception that says that the header {@code what} is cut off. */
    byte[] header(int n, String what) {
        byte[] bytes = new byte[n];
        if (readNBytes(bytes, 0, n) < n) {
            throw damaged("the file ends inside its " + what);
        }
        return bytes;
    }

    /** Consumes {@code n} bytes or what there is. */
    @Override
    public long skip(long n) {
        int held = (int) Math.min(n, end - start);
        start += held;
        position += held;
        if (held == n) {
            return n;
        }
        byte[] waste = new byte[(int) Math.min(n - held, SIZE)];
        long left = n - held;
        while (left > 0) {
            int got = read(waste, 0, (int) Math.min(left, waste.length));
            if (got < 0) {
                break;
            }
            left -= got;
        }
        return n - left;
    }

    /** Skips ID3v2 tags, which can stand before any kind of sound. */
    void skipId3() {
        long length;
        while ((length = id3Length(peek(10))) > 0) {
            skip(length);
        }
    }

    /** Skips zeros, which damaged copies can have in place of a beginning. */
    void skipZeros() {
        while (true) {
            byte[] next = peek(SIZE / 2);
            int zeros = 0;
            while (zeros < next.length && next[zeros] == 0) {
                zeros++;
            }
            skip(zeros);
            if (zeros < next.length || zeros == 0) {
                return;
            }
        }
    }

    /** Skips a tag of ID3, APE or Lyrics3, as they stand behind MPEG audio and others; false if there is none. */
    boolean skipTag() {
        byte[] head = peek(16);
        long length = id3Length(head);
        if (ascii(head, 0, 4).equals("TAG+")) {
            // The longer fields that some programs put before the tag of 128 bytes.
            length = 227;
        } else if (ascii(head, 0, 3).equals("TAG")) {
            length = 128;
        } else if (ascii(head, 0, 8).equals("APETAGEX")) {
            length = head.length < 16 ? head.length : 32 + OggStream.little(head, 12, 4);
        } else if (ascii(head, 0, 9).equals("LYRICSBEG")) {
            length = Long.MAX_VALUE;
        }
        if (length > 0) {
            skip(length);
        }
        return length > 0;
    }

    /** The length of the ID3v2 tag that begins with these bytes, or 0. */
    static long id3Length(byte[] head) {
        if (head.length < 10 || !ascii(head, 0, 3).equals("ID3") || (head[6] | head[7] | head[8] | head[9]) < 0) {
            return 0;
        }
        int size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9];
        int footer = (head[5] & 0x10) != 0 ? 10 : 0;
        return 10L + size + footer;
    }

    /** The last bytes of the file, at most {@code n}; empty for a stream or where they cannot be had. */
    byte[] tail(int n) {
        if (length <= 0) {
            return new byte[0];
        }
        try (FileChannel channel = FileChannel.open(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(n, length));
            long at = length - bytes.capacity();
            while (bytes.hasRemaining()) {
                int got = channel.read(bytes, at + bytes.position());
                if (got < 0) {
                    break;
                }
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        } catch (IOException e) {
            // Only the expected duration is lost; reading itself will meet the fault and tell it.
            return new byte[0];
        }
    }

    void warn(String warning) {
        if (warnings.size() < MAX_WARNINGS) {
            warnings.add(warning);
        } else if (warnings.size() == MAX_WARNINGS) {
            warnings.add("more warnings of this file are left out");
        }
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The file is of a kind that is read, but its content makes no sense at the present place. */
    AudioException damaged(String problem) {
        return damaged(problem, null);
    }

    AudioException damaged(String problem, Throwable cause) {
        return damagedAt(position, problem, cause);
    }

    /** As {@link #damaged(String)}, at another byte; at none if {@code offset} is negative. */
    AudioException damagedAt(long offset, String problem, Throwable cause) {
        return new AudioException(
                name,
                offset,
                problem,
                "The file is damaged or incomplete: copy or record it again, or see whether this saves something: "
                        + conversion(),
                cause);
    }

    /** The file is of a kind that is not read. */
    AudioException unsupported(String problem) {
        return new AudioException(name, -1, problem, "Convert it first: " + conversion(), null);
    }

    String conversion() {
        String stem = path == null || path.getFileName() == null
                ? name
                : path.getFileName().toString();
        int dot = stem.lastIndexOf('.');
        String target = (dot > 0 ? stem.substring(0, dot) : stem) + "-16k.wav";
        return "ffmpeg -i " + quoted(name) + " -vn -ac 1 -ar 16000 " + quoted(target);
    }

    /** A name as a shell takes it, whatever is in it: in single quotes, and never like an option. */
    private static String quoted(String name) {
        String path = name.startsWith("-") ? "./" + name : name;
        return "'" + path.replace("'", "'\\''") + "'";
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            // Nothing was written, so nothing is lost.
            warn("could not be closed: " + e.getMessage());
        }
    }

    static String ascii(byte[] bytes, int offset, int length) {
        int end = Math.min(bytes.length, offset + length);
        return offset >= end ? "" : new String(bytes, offset, end - offset, StandardCharsets.ISO_8859_1);
    }

    private int fill(byte[] bytes, int offset, int count) {
        try {
            return in.read(bytes, offset, count);
        } catch (IOException e) {
            throw new AudioException(
                    name,
                    position + (end - start),
                    "cannot be read: " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
                    "Check the disk or the connection the file comes from, then try again.",
                    e);
        }
    }
}
