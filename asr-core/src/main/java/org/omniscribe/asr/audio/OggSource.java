package org.omniscribe.asr.audio;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The sound of an Ogg stream: what is decoded, less what the granule positions (RFC 7845, section 4; Vorbis I
 * specification, section A.2) cut from its start and end, with silence where pages are missing.
 */
final class OggSource implements PcmSource {
    /** A longer gap than this is rather a wrong position than lost sound. */
    private static final int MAX_GAP_SECONDS = 60;
    /** Each costs time for every byte; cinemas have fewer. */
    private static final int MAX_CHANNELS = 32;

    private static final int MIN_LEFT_OUT_BYTES = 4096;

    private final Input in;
    private final OggStream ogg;
    private final Damage damage;
    private final int sampleRate;
    private final int channels;
    private final long expectedFrames;
    private OggCodec codec;
    private int headersDone;

    /** Frames of the present stream so far, as its granule positions count them. */
    private long position;

    private boolean positionKnown;

    /** The position where the recording begins. */
    private long begin;

    private float[] packetOut;
    private float[] decoded = new float[0];
    private float[] ready = new float[0];
    private int readyFrom;
    private int readyTo;
    private long given;
    private boolean over;
    /** The first page of a stream that goes on in another way. */
    private OggPage change;

    OggSource(Input in) {
        this(in, new OggStream(in));
    }

    private OggSource(Input in, OggStream ogg) {
        this(in, ogg, ogg.next());
    }

    private OggSource(Input in, OggStream ogg, OggPage first) {
        this.in = in;
        this.ogg = ogg;
        this.damage = new Damage(in, "packets");
        begin(first, codec());
        this.sampleRate = codec.sampleRate();
        this.channels = codec.channels();
        this.packetOut = new float[codec.mostFrames() * channels];
        long last = ogg.lastGranule();
        this.expectedFrames = last < 0 ? -1 : Math.max(0, last - codec.preSkip());
    }

    @Override
    public int sampleRate() {
        return sampleRate;
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
    public PcmSource following() {
        return change == null ? null : new OggSource(in, ogg, change);
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

    private OggCodec codec() {
        return switch (ogg.codec()) {
            case OPUS -> new OpusCodec(in);
            case VORBIS -> new VorbisCodec(in);
            case FLAC -> new OggFlacCodec(in);
        };
    }

    private void begin(OggPage page, OggCodec next) {
        codec = next;
        headersDone = 0;
        position = 0;
        positionKnown = false;
        if (page.packets().isEmpty()) {
            throw in.damaged("the first header of this Ogg stream is cut off");
        }
        audio(page);
        AudioReader.check(in, codec.sampleRate(), codec.channels());
        if (codec.channels() > MAX_CHANNELS) {
            throw in.unsupported(
                    "its header claims " + codec.channels() + " channels; in Ogg, 1 to " + MAX_CHANNELS + " are read");
        }
    }

    private boolean nextPage() {
        readyFrom = 0;
        readyTo = 0;
        while (!over && readyTo == 0) {
            OggPage page = ogg.next();
            if (page == null) {
                end();
            } else if (page.first()) {
                OggCodec before = codec;
                begin(page, codec());
                if (codec.channels() != channels
                        || codec.sampleRate() != sampleRate
                        || codec.getClass() != before.getClass()) {
                    over = true;
                    change = page;
                    damage.end();
                }
            } else {
                page(page, audio(page));
            }
        }
        return readyTo > 0;
    }

    private void end() {
        over = true;
        damage.end();
        if (!ogg.ended()) {
            in.warn("the file is cut off after " + time() + ": the end of its stream is missing");
        }
        List<String> unread = ogg.unread();
        if (!unread.isEmpty()) {
            in.warn("after " + time() + " the file goes on in what is not read here (" + String.join(", ", unread)
                    + "); that part is left out");
        }
        if (ogg.leftOut() > MIN_LEFT_OUT_BYTES) {
            in.warn(ogg.leftOut() + " bytes of the file are no sound pages of Ogg, and were left out");
        }
    }

    /** Gives header packets to the codec; the index of the first packet that is sound. */
    private int audio(OggPage page) {
        int at = 0;
        while (headersDone < codec.headerPackets() && at < page.packets().size()) {
            codec.header(page.packets().get(at));
            at++;
            headersDone++;
        }
        return at;
    }

    private void page(OggPage page, int from) {
        int frames = decode(page, from);
        if (frames == 0) {
            return;
        }
        long before = page.granule() - frames;
        int skip = 0;
        if (!positionKnown) {
            positionKnown = true;
            // A recording of a running broadcast starts anywhere; a page that is also the last is cut at its end.
            position = page.granule() < 0 || page.last() ? 0 : before;
            if (position < 0) {
                skip = codec.positionTrimsStart() ? (int) Math.min(frames, -position) : 0;
                position = skip > 0 ? position + skip : 0;
            }
            begin = position + codec.preSkip();
        } else if (page.gap()) {
            long missing = before - position;
            boolean fill =
                    page.granule() >= 0 && !page.last() && missing > 0 && missing < (long) MAX_GAP_SECONDS * sampleRate;
            in.warn("damaged or missing data at " + time()
                    + (fill ? ", " + Damage.time(missing / (double) sampleRate) + " replaced by silence" : ""));
            if (fill) {
                append(new float[(int) missing * channels], 0, (int) missing);
            }
        }
        append(decoded, skip, frames);
        if (page.granule() < 0) {
            return;
        }
        if (page.last() && position > page.granule()) {
            long excess = Math.min(readyTo / channels, position - page.granule());
            readyTo -= (int) excess * channels;
            given -= excess;
        }
        long lost = page.granule() - position;
        if (page.last() && !page.gap() && lost > sampleRate / 2) {
            in.warn(String.format(
                    Locale.ROOT,
                    "the file is damaged: its last page promises %.2f s, %.2f s are there",
                    (given + lost) / (double) sampleRate,
                    given / (double) sampleRate));
        }
        // Where a stream's account differs from its packets, the end is measured from the last page's account.
        position = page.granule();
    }

    /** Decodes the packets of a page into {@link #decoded}; the number of frames. */
    private int decode(OggPage page, int from) {
        int frames = 0;
        for (byte[] packet : page.packets().subList(from, page.packets().size())) {
            int n;
            try {
                n = codec.decode(packet, packetOut);
                damage.good();
            } catch (OggCodec.BadPacket e) {
                damage.bad((given + frames) / (double) sampleRate, e);
                n = codec.duration(packet);
                Arrays.fill(packetOut, 0, n * channels, 0);
            }
            decoded = room(decoded, (frames + n) * channels);
            System.arraycopy(packetOut, 0, decoded, frames * channels, n * channels);
            frames += n;
        }
        return frames;
    }

    /** Moves the position over frames and makes those that are part of the recording ready. */
    private void append(float[] samples, int from, int to) {
        int start = (int) Math.max(from, Math.min(to, from + begin - position));
        int count = (to - start) * channels;
        ready = room(ready, readyTo + count);
        System.arraycopy(samples, start * channels, ready, readyTo, count);
        readyTo += count;
        position += to - from;
        given += to - start;
    }

    private static float[] room(float[] array, int length) {
        return array.length >= length ? array : Arrays.copyOf(array, Math.max(2 * array.length, length));
    }

    private String time() {
        return Damage.time(given / (double) sampleRate);
    }
}
