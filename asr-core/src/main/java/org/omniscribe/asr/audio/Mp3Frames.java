package org.omniscribe.asr.audio;

import java.io.InputStream;

/**
 * The MPEG audio frames of a file and nothing else: no tags, no garbage, no incomplete last frame, no description frame.
 *
 * <p>The decoder library stops or stumbles over such things, so it is given this stream instead of the file.
 */
final class Mp3Frames extends InputStream {
    /** How far the first frame may be from the start; twice the longest frame must fit into the rest of the look-ahead. */
    private static final int SEARCH = 1 << 15;

    private static final int LOOK_AHEAD = SEARCH + (1 << 13);

    private final Input in;
    private final Mp3Header first;
    private final long start;
    private byte[] frame = new byte[0];
    private int at;
    private long framesClaimed = -1;
    private int delay;
    private int padding;
    private boolean described;
    private boolean lost;
    private boolean damaged;

    /** Whether MPEG audio begins at the present place or soon after it. */
    static boolean present(Input in) {
        return search(in.peek(LOOK_AHEAD)) >= 0;
    }

    Mp3Frames(Input in) {
        this.in = in;
        byte[] ahead = in.peek(LOOK_AHEAD);
        int offset = search(ahead);
        in.skip(offset);
        this.first = Mp3Header.parse(ahead, offset);
        this.start = in.position();
        byte[] candidate = in.peek(first.frameBytes());
        if (describe(candidate)) {
            in.skip(candidate.length);
        }
    }

    /** The header of the first frame; all frames given out fit it. */
    Mp3Header first() {
        return first;
    }

    /** Samples a channel that the encoder put before the recording; 0 if it does not say. */
    int delay() {
        return delay;
    }

    /** Samples a channel that the encoder put after the recording; 0 if it does not say. */
    int padding() {
        return padding;
    }

    /** Whether {@link #delay()} and {@link #padding()} are known. */
    boolean described() {
        return described;
    }

    /** The number of frames the file says it has, or -1. */
    long framesClaimed() {
        return framesClaimed;
    }

    /** The likely number of frames, or -1. */
    long framesExpected() {
        return framesClaimed >= 0 || in.length() < 0 ? framesClaimed : (in.length() - start) / first.frameBytes();
    }

    /** Whether bytes that are neither frames nor tags were left out since this was last asked. */
    boolean takeDamaged() {
        boolean result = damaged;
        damaged = false;
        return result;
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
        if (at == frame.length && !next()) {
            return -1;
        }
        int n = Math.min(count, frame.length - at);
        System.arraycopy(frame, at, bytes, offset, n);
        at += n;
        return n;
    }

    private boolean next() {
        while (true) {
            byte[] head = in.peek(10);
            if (head.length < 4) {
                return false;
            }
            Mp3Header header = Mp3Header.parse(head, 0);
            if (first.fits(header) && (!lost || followed(header))) {
                byte[] bytes = new byte[header.frameBytes()];
                if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
                    in.warn("the file is cut off inside its last frame");
                    return false;
                }
                frame = bytes;
                at = 0;
                lost = false;
                return true;
            }
            if (!tag(head)) {
                in.skip(1);
                damaged |= !lost;
                lost = true;
            }
        }
    }

    /** Skips a tag if there is one. */
    private boolean tag(byte[] head) {
        long length = Input.id3Length(head);
        if (Input.ascii(head, 0, 3).equals("TAG")) {
            length = 128;
        } else if (Input.ascii(head, 0, 8).equals("APETAGEX")) {
            byte[] whole = in.peek(16);
            length = whole.length < 16 ? whole.length : 32 + OggStream.little(whole, 12, 4);
        } else if (Input.ascii(head, 0, 9).equals("LYRICSBEG")) {
            length = Long.MAX_VALUE;
        }
        if (length > 0) {
            in.skip(length);
        }
        return length > 0;
    }

    private boolean followed(Mp3Header header) {
        byte[] ahead = in.peek(header.frameBytes() + 4);
        return ahead.length < header.frameBytes() + 4 || first.fits(Mp3Header.parse(ahead, header.frameBytes()));
    }

    /** Reads the description that many encoders put into a first frame without sound; false if it is a usual frame. */
    private boolean describe(byte[] bytes) {
        if (first.layer() != 3) {
            return false;
        }
        if (Input.ascii(bytes, 36, 4).equals("VBRI")) {
            framesClaimed = bytes.length < 54 ? -1 : big(bytes, 50);
            return true;
        }
        int offset = 4 + (first.version() == 1 ? (first.mono() ? 17 : 32) : (first.mono() ? 9 : 17));
        String kind = Input.ascii(bytes, offset, 4);
        if (!kind.equals("Xing") && !kind.equals("Info")) {
            return false;
        }
        int flags = bytes.length < offset + 8 ? 0 : big(bytes, offset + 4);
        int field = offset + 8;
        if ((flags & 1) != 0 && bytes.length >= field + 4) {
            framesClaimed = big(bytes, field) & 0xffffffffL;
        }
        field += ((flags & 1) != 0 ? 4 : 0)
                + ((flags & 2) != 0 ? 4 : 0)
                + ((flags & 4) != 0 ? 100 : 0)
                + ((flags & 8) != 0 ? 4 : 0);
        // The extension of the LAME encoder, which others write too: name, then 12 bits each of delay and padding.
        if (bytes.length >= field + 24 && Character.isLetter(bytes[field])) {
            delay = (bytes[field + 21] & 0xff) << 4 | (bytes[field + 22] & 0xf0) >> 4;
            padding = (bytes[field + 22] & 0x0f) << 8 | bytes[field + 23] & 0xff;
            described = true;
        }
        return true;
    }

    /** The offset of the first of three frames in a row (fewer at the end of a short file), or -1. */
    private static int search(byte[] bytes) {
        for (int offset = 0; offset < Math.min(SEARCH, bytes.length - 3); offset++) {
            Mp3Header header = Mp3Header.parse(bytes, offset);
            if (header == null) {
                continue;
            }
            int next = offset + header.frameBytes();
            Mp3Header second = Mp3Header.parse(bytes, next);
            if (header.fits(second)) {
                int after = next + second.frameBytes();
                if (after + 4 > bytes.length || header.fits(Mp3Header.parse(bytes, after)) || isTag(bytes, after)) {
                    return offset;
                }
            } else if (offset == 0 && (next == bytes.length || isTag(bytes, next))) {
                return offset;
            }
        }
        return -1;
    }

    private static boolean isTag(byte[] bytes, int offset) {
        String start = Input.ascii(bytes, offset, 3);
        return start.equals("TAG") || start.equals("APE") || start.equals("ID3");
    }

    private static int big(byte[] bytes, int offset) {
        return (bytes[offset] & 0xff) << 24
                | (bytes[offset + 1] & 0xff) << 16
                | (bytes[offset + 2] & 0xff) << 8
                | bytes[offset + 3] & 0xff;
    }
}
