package org.omniscribe.asr.audio;

import java.util.Arrays;

/**
 * FLAC (RFC 9639) of up to 32 bits.
 *
 * <p>A frame whose checksum is wrong is not given out; the next frame is looked for behind its mark. Where the numbers of the
 * frames tell how much is missing, there is silence of that length instead.
 */
final class FlacSource implements PcmSource {
    private static final int MAX_GAP_SECONDS = 60;
    private static final int BLOCK_HEAD = 4;
    private static final int STREAM_INFO = 34;
    /** Samples decoded in vain: a file made on purpose could make every other byte begin a frame. */
    private static final long MAX_TRIED_SAMPLES = 1L << 28;

    private final Input in;
    private final Damage damage;
    private final long start;
    private final int sampleRate;
    private final int channels;
    private final int leastBlock;
    private final int usualBlock;
    private final long total;
    private final FlacFrame frame;

    /** Samples of the present frame, and how many of them were given out. */
    private int ready;

    private int given;
    private int silence;
    private long position;
    /** Whether something had to be passed over since the last sound frame. */
    private boolean lost;

    private boolean changed;
    private long tried;

    /** Starts at the marker "fLaC". */
    FlacSource(Input in) {
        this.in = in;
        this.damage = new Damage(in, "frames");
        byte[] info = info(in);
        this.start = in.position();
        this.leastBlock = big(info, 0, 2);
        this.usualBlock = big(info, 2, 2);
        int packed = big(info, 10, 4);
        this.sampleRate = packed >>> 12;
        this.channels = (packed >> 9 & 7) + 1;
        this.total = (info[13] & 15L) << 32 | big(info, 14, 4) & 0xffffffffL;
        AudioReader.check(in, sampleRate, channels);
        this.frame = new FlacFrame(in, sampleRate, (packed >> 4 & 31) + 1);
    }

    /** Goes on behind a source that came to a frame of another rate or other channels, which stands next. */
    private FlacSource(Input in, FlacFrame next) {
        this.in = in;
        this.damage = new Damage(in, "frames");
        this.start = in.position();
        this.leastBlock = 0;
        this.usualBlock = 0;
        this.sampleRate = next.rate();
        this.channels = next.channels();
        this.total = 0;
        AudioReader.check(in, sampleRate, channels);
        this.frame = new FlacFrame(in, sampleRate, next.width());
        // Positions count from the start of the file.
        this.position = -1;
    }

    /** Reads all metadata; the stream description. */
    private static byte[] info(Input in) {
        in.header(4, "FLAC marker");
        byte[] info = null;
        boolean last = false;
        while (!last) {
            byte[] block = in.header(BLOCK_HEAD, "FLAC metadata");
            last = block[0] < 0;
            int size = big(block, 1, 3);
            if ((block[0] & 0x7f) == 0) {
                if (size < STREAM_INFO) {
                    throw in.damaged("the stream description of this FLAC file is cut off");
                }
                info = in.header(size, "FLAC stream description");
            } else if (in.skip(size) < size) {
                throw in.damaged("the file ends inside its FLAC metadata");
            }
        }
        if (info == null) {
            throw in.damaged("this FLAC file lacks its stream description");
        }
        return info;
    }

    private static int big(byte[] bytes, int offset, int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | bytes[offset + i] & 0xff;
        }
        return value;
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
        return total == 0 ? -1 : total;
    }

    @Override
    public PcmSource following() {
        return changed ? new FlacSource(in, frame) : null;
    }

    @Override
    public int read(float[] interleaved) {
        int wanted = interleaved.length / channels;
        int done = 0;
        while (done < wanted) {
            if (silence == 0 && given == ready && !nextFrame()) {
                break;
            }
            int n;
            if (silence > 0) {
                n = Math.min(wanted - done, silence);
                Arrays.fill(interleaved, done * channels, (done + n) * channels, 0);
                silence -= n;
            } else {
                n = Math.min(wanted - done, ready - given);
                float scale = (float) (1.0 / (1L << frame.width() - 1));
                for (int c = 0; c < channels; c++) {
                    long[] channel = frame.samples(c);
                    for (int i = 0; i < n; i++) {
                        interleaved[(done + i) * channels + c] = channel[given + i] * scale;
                    }
                }
                given += n;
            }
            done += n;
            position += n;
        }
        return done;
    }

    /** Goes on to the next sound frame; false at the end. */
    private boolean nextFrame() {
        given = 0;
        ready = 0;
        if (changed || !decode()) {
            end();
            return false;
        }
        long at = frame.numbersSamples()
                ? frame.number()
                : leastBlock == usualBlock ? frame.number() * usualBlock : Math.max(0, position);
        if (position < 0) {
            position = at;
        }
        if (lost) {
            long missing = at - position;
            if (missing > 0 && missing < (long) MAX_GAP_SECONDS * sampleRate) {
                silence = (int) missing;
                damage.bad(seconds(position), null);
            } else {
                in.warn("damaged data at " + Damage.time(seconds(position)) + " was left out");
            }
        }
        lost = false;
        damage.good();
        ready = frame.blockSize();
        in.skip(frame.bytes());
        return true;
    }

    /** Finds and decodes the next frame, which stays in the input; false at the end, and where another recording begins. */
    private boolean decode() {
        while (in.ahead(0)) {
            if (FlacFrame.marked(in)) {
                try {
                    frame.decode();
                    if (frame.channels() == channels && frame.rate() == sampleRate) {
                        return true;
                    }
                    changed = true;
                    return false;
                } catch (FlacFrame.Nonsense e) {
                    // The next try begins behind the mark.
                    lost = true;
                    tried += frame.cost();
                    if (tried > MAX_TRIED_SAMPLES) {
                        in.warn("the file is so damaged behind " + Damage.time(seconds(Math.max(0, position)))
                                + " that the rest is left out");
                        in.skip(Long.MAX_VALUE);
                        return false;
                    }
                }
            } else if (total > 0 && position >= total || Formats.begins(in)) {
                return false;
            }
            in.skip(1);
            lost = true;
        }
        return false;
    }

    private void end() {
        if (position <= 0 && lost && !changed) {
            throw in.damagedAt(start, "no frame of this FLAC file can be decoded", null);
        }
        damage.end();
        if (position < total) {
            in.warn("the file is cut off or damaged: its header promises " + Damage.time(seconds(total)) + ", "
                    + Damage.time(seconds(position)) + " are there");
        } else if (lost && total == 0) {
            in.warn("the file is cut off or damaged after " + Damage.time(seconds(position)));
        }
    }

    private double seconds(long samples) {
        return samples / (double) sampleRate;
    }
}
