package org.omniscribe.asr.audio;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The pages (RFC 3533) of the first stream of an Ogg file that is read here, and of those chained after it; streams beside it
 * are left out.
 */
final class OggStream {
    /** The codecs that are read. */
    enum Codec {
        OPUS("Opus"),
        VORBIS("Vorbis"),
        FLAC("FLAC");

        private final String title;

        Codec(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private static final int HEAD = 27;
    private static final int CONTINUED = 1;
    private static final int BEGINS = 2;
    private static final int ENDS = 4;
    private static final int START = 16;
    /** The longest packet: headers with pictures are of some megabytes. */
    private static final int MAX_PACKET_BYTES = 1 << 26;

    private static final int[] CRC = new int[256];

    static {
        for (int i = 0; i < CRC.length; i++) {
            int crc = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc < 0 ? crc << 1 ^ 0x04C11DB7 : crc << 1;
            }
            CRC[i] = crc;
        }
    }

    private final Input in;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    /** The present page, with its header. */
    private byte[] page = new byte[0];

    private Codec codec;
    private int serial;
    private int number;
    private OggPage first;
    private boolean gap;
    private boolean ended;
    private boolean sounded;
    private long leftOut;
    private final List<String> unread = new ArrayList<>();

    OggStream(Input in) {
        this.in = in;
        List<String> others = new ArrayList<>();
        Codec found = null;
        while (found == null && nextPage()) {
            if ((flags() & BEGINS) == 0) {
                break;
            }
            found = codec(start());
            if (found == null) {
                others.add(describe(start()));
            }
        }
        if (found == null) {
            throw others.isEmpty()
                    ? in.damaged("an Ogg file without the beginning of any stream")
                    : in.unsupported(
                            "an Ogg file that holds neither Opus, Vorbis nor FLAC but " + String.join(", ", others));
        }
        codec = found;
        first = begin();
    }

    /** The codec of the stream that the last page belonged to. */
    Codec codec() {
        return codec;
    }

    /** Whether the last page read was marked as the end of its stream. */
    boolean ended() {
        return ended;
    }

    /** Bytes in all that belong to no sound page. */
    long leftOut() {
        return leftOut;
    }

    /** What streams that followed hold, where that is not read here. */
    List<String> unread() {
        return List.copyOf(unread);
    }

    /** The next page, or null at the end of the input, and where something begins that is not Ogg. */
    OggPage next() {
        if (first != null) {
            OggPage page = first;
            first = null;
            return page;
        }
        while (nextPage()) {
            if ((flags() & BEGINS) != 0) {
                Codec next = codec(start());
                // Those that begin before the first page of sound run beside it.
                if (ended || sounded || serial() == serial) {
                    if (next != null) {
                        codec = next;
                        return begin();
                    }
                    unread.add(describe(start()));
                }
            } else if (serial() == serial) {
                return packets(false);
            }
        }
        return null;
    }

    /** The granule position of the last page of a file, looked up without reading on; -1 if it cannot be had. */
    long lastGranule() {
        byte[] tail = in.tail(1 << 17);
        for (int i = tail.length - HEAD; i >= 0; i--) {
            if (tail[i] == 'O'
                    && tail[i + 1] == 'g'
                    && tail[i + 2] == 'g'
                    && tail[i + 3] == 'S'
                    && little(tail, i + 14, 4) == (serial & 0xffffffffL)) {
                long granule = little(tail, i + 6, 8);
                if (granule > 0) {
                    return granule;
                }
            }
        }
        return -1;
    }

    static long little(byte[] bytes, int offset, int count) {
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[offset + i] & 0xff);
        }
        return value;
    }

    private int flags() {
        return page[5];
    }

    private int serial() {
        return (int) little(page, 14, 4);
    }

    private byte[] start() {
        int from = HEAD + (page[26] & 0xff);
        return Arrays.copyOfRange(page, from, Math.min(page.length, from + START));
    }

    private OggPage begin() {
        serial = serial();
        number = (int) little(page, 18, 4);
        partial.reset();
        sounded = false;
        return packets(true);
    }

    /** The packets that end on the present page. */
    private OggPage packets(boolean begins) {
        int count = page[26] & 0xff;
        int at = HEAD + count;
        boolean continued = (flags() & CONTINUED) != 0;
        if ((int) little(page, 18, 4) != number) {
            gap = true;
            partial.reset();
        }
        number = (int) little(page, 18, 4) + 1;
        if (!continued && partial.size() > 0) {
            gap = true;
            partial.reset();
        }
        // What goes on here began on a page that is not there.
        boolean headless = continued && partial.size() == 0;
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = page[HEAD + i] & 0xff;
            if (!headless && partial.size() < MAX_PACKET_BYTES) {
                partial.write(page, at, length);
            }
            at += length;
            if (length < 255) {
                if (!headless) {
                    packets.add(partial.toByteArray());
                }
                partial.reset();
                headless = false;
            }
        }
        ended = (flags() & ENDS) != 0;
        sounded |= !begins && !packets.isEmpty();
        OggPage result = new OggPage(packets, packets.isEmpty() ? -1 : little(page, 6, 8), begins, ended, gap);
        if (!packets.isEmpty()) {
            gap = false;
        }
        return result;
    }

    /** Finds the next page whose checksum is right. */
    private boolean nextPage() {
        while (in.ahead(HEAD - 1)) {
            int length = pageLength();
            if (length > 0) {
                byte[] candidate = in.peek(length);
                if (candidate.length == length && sound(candidate)) {
                    page = candidate;
                    in.skip(length);
                    return true;
                }
            } else if (in.at(0) != 'O' && Formats.begins(in)) {
                return false;
            }
            in.skip(1);
            leftOut++;
            gap = true;
        }
        return false;
    }

    /** The length of the page that begins at the present place; 0 if none does, or it is cut off. */
    private int pageLength() {
        if (in.at(0) != 'O' || in.at(1) != 'g' || in.at(2) != 'g' || in.at(3) != 'S' || in.at(4) != 0) {
            return 0;
        }
        int count = in.at(26) & 0xff;
        if (!in.ahead(HEAD + count - 1)) {
            return 0;
        }
        int length = HEAD + count;
        for (int i = 0; i < count; i++) {
            length += in.at(HEAD + i) & 0xff;
        }
        return length;
    }

    private static boolean sound(byte[] page) {
        int crc = 0;
        for (int i = 0; i < page.length; i++) {
            int value = i >= 22 && i < 26 ? 0 : page[i] & 0xff;
            crc = crc << 8 ^ CRC[crc >>> 24 ^ value];
        }
        return crc == (int) little(page, 22, 4);
    }

    private static Codec codec(byte[] start) {
        if (Input.ascii(start, 0, 8).equals("OpusHead")) {
            return Codec.OPUS;
        }
        if (Input.ascii(start, 0, 5).equals("\177FLAC")) {
            return Codec.FLAC;
        }
        return Input.ascii(start, 0, 7).equals("\1vorbis") ? Codec.VORBIS : null;
    }

    private static String describe(byte[] start) {
        String text = Input.ascii(start, 0, 8);
        if (text.startsWith("Speex")) {
            return "Speex";
        }
        if (text.startsWith("\200theora")) {
            return "Theora video";
        }
        return "something else";
    }
}
