package org.omniscribe.asr.audio;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.github.jaredmdobson.concentus.OpusMSDecoder;
import io.github.jaredmdobson.concentus.OpusPacketInfo;
import java.util.Arrays;
import java.util.Locale;

/**
 * Ogg Opus (RFC 7845): pre-skip, output gain, start and end trimming by granule position, chained streams.
 *
 * <p>Decodes at 48 kHz: at lower rates the decoder library turns packets in hybrid mode into silence.
 */
final class OpusSource implements PcmSource {
    private static final int RATE = 48000;
    /** The longest packet there is: 120 ms. */
    private static final int MOST_FRAMES = RATE * 120 / 1000;
    /** A longer gap than this is rather a wrong position than lost sound. */
    private static final long LONGEST_GAP = 60L * RATE;

    /** One packet to interleaved 16-bit samples. */
    private interface Decoder {
        int decode(byte[] packet, short[] out) throws OpusException;
    }

    private final Input in;
    private final OggStream ogg;
    private final int channels;
    private final long expectedFrames;
    private final short[] decoded;
    private Decoder decoder;
    private float scale;
    private int preSkip;
    private boolean tagsRead;

    /** Frames decoded of the present stream, counted as the granule position counts them. */
    private long position;

    private boolean positionKnown;

    private float[] ready = new float[0];
    private int readyFrom;
    private int readyTo;
    private long given;
    private int badPackets;
    private int goodPackets;
    private boolean over;

    OpusSource(Input in, OggStream ogg) {
        this.in = in;
        this.ogg = ogg;
        this.channels = begin(ogg.next(), -1);
        this.decoded = new short[MOST_FRAMES * channels];
        long last = ogg.lastGranule();
        this.expectedFrames = last < 0 ? -1 : Math.max(0, last - preSkip);
    }

    @Override
    public int sampleRate() {
        return RATE;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public long expectedFrames() {
        return expectedFrames;
    }

    @Override
    public int read(float[] interleaved) {
        int done = 0;
        while (done < interleaved.length && (readyFrom < readyTo || nextPage())) {
            int n = Math.min(interleaved.length - done, readyTo - readyFrom);
            System.arraycopy(ready, readyFrom, interleaved, done, n);
            readyFrom += n;
            done += n;
        }
        return done / channels;
    }

    /** Reads the head of a stream and gives its channel count; {@code expected} is that of the stream before, or -1. */
    private int begin(OggPage page, int expected) {
        byte[] head = page.packets().isEmpty() ? new byte[0] : page.packets().get(0);
        if (head.length < 19) {
            throw in.damaged("the header of this Opus stream is cut off");
        }
        if ((head[8] & 0xf0) != 0) {
            throw in.unsupported("an Opus file of version " + (head[8] & 0xff) + ", which is not known here");
        }
        int count = head[9] & 0xff;
        int family = head[18] & 0xff;
        if (count == 0 || family == 0 && count > 2 || family != 0 && head.length < 21 + count) {
            throw in.damaged("the header of this Opus stream makes no sense (" + count + " channels)");
        }
        if (expected >= 0 && count != expected) {
            return count;
        }
        preSkip = (int) OggStream.little(head, 10, 2);
        // Q7.8 decibels (RFC 7845, section 5.1)
        scale = (float) (Math.pow(10, (short) OggStream.little(head, 16, 2) / (20.0 * 256)) / 32768);
        position = 0;
        positionKnown = false;
        tagsRead = false;
        try {
            decoder = decoder(count, family, head);
        } catch (OpusException | RuntimeException e) {
            throw in.damaged("the header of this Opus stream makes no sense (" + e.getMessage() + ")", e);
        }
        return count;
    }

    private static Decoder decoder(int channels, int family, byte[] head) throws OpusException {
        if (family == 0) {
            OpusDecoder opus = new OpusDecoder(RATE, channels);
            return (packet, out) -> opus.decode(packet, 0, packet.length, out, 0, MOST_FRAMES, false);
        }
        short[] mapping = new short[channels];
        for (int c = 0; c < channels; c++) {
            mapping[c] = (short) (head[21 + c] & 0xff);
        }
        OpusMSDecoder opus = OpusMSDecoder.create(RATE, channels, head[19] & 0xff, head[20] & 0xff, mapping);
        return (packet, out) -> opus.decodeMultistream(packet, 0, packet.length, out, 0, MOST_FRAMES, 0);
    }

    private boolean nextPage() {
        readyFrom = 0;
        readyTo = 0;
        while (!over && readyTo == 0) {
            OggPage page = ogg.next();
            if (page == null) {
                end();
            } else if (page.first()) {
                int count = begin(page, channels);
                if (count != channels) {
                    in.warn("the sound goes on with " + count + " channels instead of " + channels + " at " + time()
                            + "; that part is left out");
                    end();
                }
            } else {
                decode(page);
            }
        }
        return !over;
    }

    private void decode(OggPage page) {
        int at = 0;
        if (!tagsRead) {
            if (page.packets().isEmpty()) {
                return;
            }
            tagsRead = true;
            at = 1;
        }
        long frames = 0;
        for (int i = at; i < page.packets().size(); i++) {
            frames += duration(page.packets().get(i));
        }
        if (frames == 0) {
            return;
        }
        // The position before this page, by its own account (RFC 7845, section 4).
        long before = page.granule() - frames;
        if (!positionKnown) {
            // Recordings of a running broadcast start anywhere; a short last page may "start" before 0.
            position = page.granule() >= 0 && !page.last() ? Math.max(0, before) : 0;
            preSkip = (int) Math.min(Integer.MAX_VALUE, position + preSkip);
            positionKnown = true;
        } else if (page.gap()) {
            long missing = before - position;
            boolean fill = page.granule() >= 0 && missing > 0 && missing < LONGEST_GAP && !page.last();
            in.warn("damaged or missing data at " + time()
                    + (fill
                            ? String.format(Locale.ROOT, ", %.2f s replaced by silence", missing / (double) RATE)
                            : ""));
            if (fill) {
                append(null, (int) missing);
            }
        }
        for (int i = at; i < page.packets().size(); i++) {
            byte[] packet = page.packets().get(i);
            int expected = duration(packet);
            if (expected == 0) {
                continue;
            }
            int n;
            try {
                n = decoder.decode(packet, decoded);
                goodPackets++;
            } catch (OpusException | RuntimeException | AssertionError e) {
                if (badPackets++ == 0) {
                    in.warn("a damaged packet at " + time() + ", replaced by silence");
                }
                Arrays.fill(decoded, (short) 0);
                n = expected;
            }
            append(decoded, n);
        }
        if (page.last() && page.granule() >= 0 && position > page.granule()) {
            int excess = (int) Math.min(readyTo, (position - page.granule()) * channels);
            readyTo -= excess;
            given -= excess / channels;
        }
    }

    /** Adds frames to those ready, silence if there are no samples, less what the pre-skip takes. */
    private void append(short[] samples, int frames) {
        int skip = (int) Math.max(0, Math.min(frames, preSkip - position));
        int count = (frames - skip) * channels;
        if (ready.length < readyTo + count) {
            ready = Arrays.copyOf(ready, Math.max(2 * ready.length, readyTo + count));
        }
        if (samples == null) {
            Arrays.fill(ready, readyTo, readyTo + count, 0);
        } else {
            int from = skip * channels;
            for (int i = 0; i < count; i++) {
                ready[readyTo + i] = samples[from + i] * scale;
            }
        }
        readyTo += count;
        position += frames;
        given += frames - skip;
    }

    private void end() {
        over = true;
        if (goodPackets == 0 && badPackets > 0) {
            throw in.damaged("none of the " + badPackets + " packets of this Opus stream can be decoded");
        }
        if (badPackets > 1) {
            in.warn(badPackets + " damaged packets in all were replaced by silence");
        }
        if (!ogg.ended()) {
            in.warn("the file is cut off at " + time() + ": the end of its stream is missing");
        }
    }

    private String time() {
        return String.format(Locale.ROOT, "%.2f s", given / (double) RATE);
    }

    /** Frames of a packet by its first bytes; 0 if they make no sense. */
    private static int duration(byte[] packet) {
        if (packet.length == 0) {
            return 0;
        }
        int frames = OpusPacketInfo.getNumSamples(packet, 0, packet.length, RATE);
        return frames < 0 || frames > MOST_FRAMES ? 0 : frames;
    }
}
