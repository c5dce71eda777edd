package org.omniscribe.asr.audio;

import com.jcraft.jogg.Packet;
import com.jcraft.jogg.Page;
import com.jcraft.jogg.StreamState;
import com.jcraft.jogg.SyncState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The pages of the first Opus or Vorbis stream of an Ogg file, and of those chained after it; others are left out. */
final class OggStream {
    /** The codecs that are read. */
    enum Codec {
        OPUS,
        VORBIS
    }

    private static final int CHUNK = 8192;

    private final Input in;
    private final SyncState sync = new SyncState();
    private final Page page = new Page();
    private final Packet packet = new Packet();
    private final Codec codec;
    private StreamState stream;
    private int serial;
    private OggPage first;
    private boolean gap;
    private boolean ended;

    OggStream(Input in) {
        this.in = in;
        sync.init();
        List<String> others = new ArrayList<>();
        Codec found = null;
        while (found == null && nextPage()) {
            if (page.bos() == 0) {
                break;
            }
            byte[] start = Arrays.copyOfRange(page.body_base, page.body, page.body + Math.min(page.body_len, 16));
            found = codec(start);
            if (found == null) {
                others.add(describe(start));
            }
        }
        if (found == null) {
            throw others.isEmpty()
                    ? in.damaged("an Ogg file without the beginning of any stream")
                    : in.unsupported("an Ogg file that holds neither Opus nor Vorbis but " + String.join(", ", others));
        }
        codec = found;
        first = begin();
    }

    Codec codec() {
        return codec;
    }

    /** Whether the last page read was marked as the end of its stream. */
    boolean ended() {
        return ended;
    }

    /** The next page, or null at the end of the input. */
    OggPage next() {
        if (first != null) {
            OggPage page = first;
            first = null;
            return page;
        }
        while (nextPage()) {
            if (page.bos() != 0) {
                byte[] start = Arrays.copyOfRange(page.body_base, page.body, page.body + Math.min(page.body_len, 16));
                if (codec(start) == codec && page.serialno() != serial) {
                    return begin();
                }
            } else if (page.serialno() == serial) {
                return packets(false);
            }
        }
        return null;
    }

    /** The granule position of the last page of a file, looked up without reading on; -1 if it cannot be had. */
    long lastGranule() {
        byte[] tail = in.tail(1 << 17);
        for (int i = tail.length - 27; i >= 0; i--) {
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

    private OggPage begin() {
        serial = page.serialno();
        stream = new StreamState();
        stream.init(serial);
        stream.reset();
        ended = false;
        return packets(true);
    }

    private OggPage packets(boolean begins) {
        List<byte[]> packets = new ArrayList<>();
        stream.pagein(page);
        int state;
        while ((state = stream.packetout(packet)) != 0) {
            if (state < 0) {
                gap = true;
            } else {
                packets.add(Arrays.copyOfRange(packet.packet_base, packet.packet, packet.packet + packet.bytes));
            }
        }
        ended = page.eos() != 0;
        OggPage result = new OggPage(packets, packets.isEmpty() ? -1 : page.granulepos(), begins, ended, gap);
        if (!packets.isEmpty()) {
            gap = false;
        }
        return result;
    }

    private boolean nextPage() {
        while (true) {
            int state = sync.pageout(page);
            if (state > 0) {
                return true;
            }
            if (state < 0) {
                gap = true;
                continue;
            }
            int at = sync.buffer(CHUNK);
            int n = in.read(sync.data, at, CHUNK);
            if (n < 0) {
                return false;
            }
            sync.wrote(n);
        }
    }

    private static Codec codec(byte[] start) {
        if (Input.ascii(start, 0, 8).equals("OpusHead")) {
            return Codec.OPUS;
        }
        return Input.ascii(start, 0, 7).equals("\1vorbis") ? Codec.VORBIS : null;
    }

    private static String describe(byte[] start) {
        String text = Input.ascii(start, 0, 8);
        if (text.startsWith("Speex")) {
            return "Speex";
        }
        if (text.startsWith("\177FLAC")) {
            return "FLAC";
        }
        if (text.startsWith("\200theora")) {
            return "Theora video";
        }
        return "something else";
    }
}
