package org.omniscribe.asr.audio;

/**
 * The MPEG audio frames of a file and nothing else: no tags, no garbage, no incomplete last frame, no description frame.
 */
final class Mp3Frames {
    /** Bytes searched at a time; twice the longest frame must fit into the rest of the look-ahead. */
    private static final int SEARCH = 1 << 15;

    private static final int LOOK_AHEAD = SEARCH + (1 << 13);
    /** How far the first frame may be from the start, zeros not counted. */
    private static final int FARTHEST = 1 << 20;

    /** The longest frame of the free format that is looked for. */
    private static final int MAX_FREE_BYTES = 2304;

    private static final int MIN_FREE_BYTES = 24;

    /** A first frame. */
    private record Found(int offset, Mp3Header header) {}

    private final Input in;
    private final Mp3Header first;
    /** Length of a frame of the free format without padding; 0 for other formats. */
    private final int freeBytes;

    private final long start;
    private long framesClaimed = -1;
    private int delay;
    private int padding;
    private boolean described;
    private boolean lost;
    private boolean damaged;
    private boolean changed;
    private long leftOut;

    /**
     * Whether MPEG audio begins at the present place or soon after it. Zeros are passed over however many there are, and some
     * other data; where there is none, the place is no longer where it was.
     */
    static boolean present(Input in) {
        for (long passed = 0; passed <= FARTHEST; passed += in.skip(SEARCH)) {
            in.skipZeros();
            byte[] ahead = in.peek(LOOK_AHEAD);
            if (search(ahead, SEARCH) != null) {
                return true;
            }
            if (ahead.length < LOOK_AHEAD) {
                return false;
            }
        }
        return false;
    }

    Mp3Frames(Input in) {
        this.in = in;
        Found found = search(in.peek(LOOK_AHEAD), SEARCH);
        in.skip(found.offset());
        this.first = found.header();
        this.freeBytes = first.free() ? first.frameBytes() - first.padding() : 0;
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

    /** Bytes in all that are neither frames nor tags. */
    long leftOut() {
        return leftOut;
    }

    /** Whether bytes that are neither frames nor tags were left out since this was last asked. */
    boolean takeDamaged() {
        boolean result = damaged;
        damaged = false;
        return result;
    }

    /** Whether the frames ended because another kind of recording begins. */
    boolean changed() {
        return changed;
    }

    /** The next frame, or null where there is none. */
    byte[] next() {
        while (true) {
            byte[] head = in.peek(10);
            if (head.length < 4) {
                return null;
            }
            Mp3Header header = Mp3Header.parse(head, 0, freeBytes);
            if (first.fits(header) && (!lost || followed(header))) {
                byte[] bytes = new byte[header.frameBytes()];
                if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
                    in.warn("the file is cut off inside its last frame");
                    return null;
                }
                lost = false;
                return bytes;
            }
            if (!in.skipTag()) {
                if (header != null && begins(in.peek(LOOK_AHEAD - SEARCH)) || Formats.begins(in)) {
                    changed = true;
                    return null;
                }
                in.skip(1);
                leftOut++;
                damaged |= !lost;
                lost = true;
            }
        }
    }

    /** Whether frames of another kind than those so far begin here. */
    private boolean begins(byte[] bytes) {
        Found found = search(bytes, 1);
        return found != null
                && !first.fits(found.header())
                && found.header()
                        .fits(Mp3Header.parse(
                                bytes,
                                found.header().frameBytes(),
                                found.header().frameBytes() - found.header().padding()));
    }

    private boolean followed(Mp3Header header) {
        byte[] ahead = in.peek(header.frameBytes() + 4);
        return ahead.length < header.frameBytes() + 4
                || first.fits(Mp3Header.parse(ahead, header.frameBytes(), freeBytes));
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

    /** The first of three frames in a row (fewer at the end of a short file), or null. */
    private static Found search(byte[] bytes, int within) {
        for (int offset = 0; offset < Math.min(within, bytes.length - 3); offset++) {
            Mp3Header header = Mp3Header.parse(bytes, offset);
            if (header != null && header.free()) {
                header = measured(bytes, offset, header);
            }
            if (header == null) {
                continue;
            }
            int freeBytes = header.frameBytes() - header.padding();
            int next = offset + header.frameBytes();
            Mp3Header second = Mp3Header.parse(bytes, next, freeBytes);
            if (header.fits(second)) {
                int after = next + second.frameBytes();
                if (after + 4 > bytes.length
                        || header.fits(Mp3Header.parse(bytes, after, freeBytes))
                        || isTag(bytes, after)) {
                    return new Found(offset, header);
                }
            } else if (offset == 0 && (next == bytes.length || isTag(bytes, next))) {
                return new Found(offset, header);
            }
        }
        return null;
    }

    /** The header of a frame of the free format with its length, which the two frames behind it tell; else null. */
    private static Mp3Header measured(byte[] bytes, int offset, Mp3Header header) {
        for (int length = MIN_FREE_BYTES; length < MAX_FREE_BYTES && offset + length + 4 <= bytes.length; length++) {
            int freeBytes = length - header.padding();
            Mp3Header second = Mp3Header.parse(bytes, offset + length, freeBytes);
            if (header.fits(second)
                    && header.fits(Mp3Header.parse(bytes, offset + length + second.frameBytes(), freeBytes))) {
                return Mp3Header.parse(bytes, offset, freeBytes);
            }
        }
        return null;
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
