package org.omniscribe.asr.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reads a recording of any common format as mono samples at 16 kHz, piece by piece.
 *
 * <p>The format is found by content, not by name: WAV (8 to 32 bit, float, mu-law, A-law, extensible, RF64, unknown length
 * from a pipe), AIFF and AIFC, AU, NIST SPHERE, FLAC, MP3 (all MPEG audio layers), Ogg Vorbis, Ogg Opus and Ogg FLAC. Any rate from 4
 * to 192 kHz and any number of channels. A file that goes on in another format, rate or number of channels is read on. Memory does not grow with the length of the recording.
 *
 * <p>What can be read of a damaged or cut-off file is read, with {@linkplain #warnings() warnings}; where nothing can be
 * read, {@link AudioException}. Not thread-safe.
 */
public final class AudioReader implements SampleSource, AutoCloseable {
    private static final int LOWEST_RATE = 4000;
    private static final int HIGHEST_RATE = 192000;
    private static final int MAX_CHANNELS = 1024;
    /** Frames decoded at a time. */
    private static final int BLOCK = 4096;

    private final Input in;
    private final Channel channel;
    private final double seconds;
    private final float[] mono = new float[BLOCK];
    /** Null at the end. */
    private PcmSource source;

    private Mixer mixer;
    private SampleRepair repair;
    private Resampler resampler;
    private float[] interleaved;
    private float[] ready = new float[0];
    private int readyFrom;
    /** Frames read of the present source, and seconds of those before it. */
    private long frames;

    private double before;

    private AudioReader(Input in, Channel channel) {
        this.in = in;
        this.channel = channel;
        this.source = source(in);
        begin(true);
        long expected = source.expectedFrames();
        this.seconds = expected < 0 ? Double.NaN : expected / (double) source.sampleRate();
        // The first block is decoded here, so that a file without any sound is refused before anybody relies on it.
        if (!nextBlock()) {
            throw in.damagedAt(-1, "there is no sound in it that can be decoded", null);
        }
    }

    /** Opens a file, all its channels mixed. */
    public static AudioReader open(Path file) {
        return open(file, new Channel.Mix());
    }

    /**
     * Opens a file.
     *
     * @throws AudioException if it cannot be read as sound
     */
    public static AudioReader open(Path file, Channel channel) {
        if (Files.isDirectory(file)) {
            throw new AudioException(file.toString(), -1, "is a folder, not a sound file", "Name a file in it.", null);
        }
        try {
            return open(new Input(file), channel);
        } catch (NoSuchFileException e) {
            throw new AudioException(file.toString(), -1, "there is no such file", "Check the name and the folder.", e);
        } catch (IOException e) {
            throw new AudioException(
                    file.toString(),
                    -1,
                    "cannot be opened: " + e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Check that you may read it.",
                    e);
        }
    }

    /**
     * Reads a stream such as standard input; {@link #close()} closes it.
     *
     * @param name what messages call it
     * @throws AudioException if it cannot be read as sound
     */
    public static AudioReader open(InputStream in, String name, Channel channel) {
        return open(new Input(in, name), channel);
    }

    private static AudioReader open(Input in, Channel channel) {
        try {
            return new AudioReader(in, channel);
        } catch (RuntimeException | Error e) {
            in.close();
            throw e;
        }
    }

    /**
     * Reads a whole file, all its channels mixed.
     *
     * @throws AudioException if it cannot be read as sound, or is longer than fits into an array (37 hours)
     */
    public static AudioClip readAll(Path file) {
        return readAll(file, new Channel.Mix());
    }

    /** As {@link #readAll(Path)}, with the channels as told. */
    public static AudioClip readAll(Path file, Channel channel) {
        try (AudioReader reader = open(file, channel)) {
            double seconds = reader.seconds();
            long guess = Double.isNaN(seconds) ? 0 : (long) Math.ceil(seconds * AudioClip.SAMPLE_RATE);
            float[] samples = new float[(int) Math.min(guess, 1 << 24) + BLOCK];
            int length = 0;
            int n;
            while ((n = reader.read(samples, length, samples.length - length)) >= 0) {
                length += n;
                if (length == samples.length) {
                    if (length > Integer.MAX_VALUE / 2) {
                        throw new AudioException(
                                file.toString(),
                                -1,
                                "is longer than fits into memory",
                                "Read it piece by piece.",
                                null);
                    }
                    samples = Arrays.copyOf(samples, 2 * length);
                }
            }
            return new AudioClip(Arrays.copyOf(samples, length), reader.warnings());
        }
    }

    /**
     * The next samples: mono, 16 kHz, full scale [-1, 1] (a float file or a positive gain may go beyond).
     *
     * @return how many were written, 0 only if {@code length} is 0; -1 at the end of the recording
     * @throws AudioException if the file cannot be read on
     */
    @Override
    public int read(float[] buffer, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        int done = 0;
        while (done < length && (readyFrom < ready.length || nextBlock())) {
            int n = Math.min(length - done, ready.length - readyFrom);
            System.arraycopy(ready, readyFrom, buffer, offset + done, n);
            readyFrom += n;
            done += n;
        }
        return done == 0 ? -1 : done;
    }

    /** What was wrong with the file as far as it has been read, in plain sentences. */
    public List<String> warnings() {
        return in.warnings();
    }

    /** The expected length in seconds by the file's header or length, NaN if that is not known before the end. */
    public double seconds() {
        return seconds;
    }

    /** Closes the file or stream. */
    @Override
    public void close() {
        in.close();
    }

    /** Refuses a header whose rate or channel count nothing can be made of. */
    static void check(Input in, int rate, int channels) {
        if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
            throw in.unsupported("its header claims a sampling rate of " + (rate & 0xffffffffL) + " Hz; " + LOWEST_RATE
                    + " to " + HIGHEST_RATE + " Hz are read");
        }
        if (channels < 1 || channels > MAX_CHANNELS) {
            throw in.unsupported("its header claims " + channels + " channels; 1 to " + MAX_CHANNELS + " are read");
        }
    }

    private static PcmSource source(Input in) {
        if (in.peek(1).length == 0) {
            throw new AudioException(
                    in.name(),
                    0,
                    "is empty (0 bytes)",
                    "Record or copy the file again: nothing was saved in it.",
                    null);
        }
        in.skipId3();
        return Formats.open(in);
    }

    /** The channel that is wanted, or -1 for all; those of a later part of a file can be fewer, which a warning tells. */
    private int pick(boolean first) {
        if (!(channel instanceof Channel.Pick one)) {
            return -1;
        }
        if (one.index() < source.channels()) {
            return one.index();
        }
        String problem = "has no channel " + (one.index() + 1) + ": it has " + source.channels()
                + (source.channels() == 1 ? " channel" : " channels, the first of which is 1");
        if (first) {
            throw new AudioException(in.name(), -1, problem, "Pick a lower one, or mix them.", null);
        }
        in.warn("after " + Damage.time(before) + " the file " + problem + "; there, all channels are mixed");
        return -1;
    }

    /** Makes ready for the source that was opened last. */
    private void begin(boolean first) {
        check(in, source.sampleRate(), source.channels());
        int rate = source.sampleRate();
        mixer = new Mixer(in, source.channels(), pick(first), rate);
        repair = new SampleRepair(in, source.channels(), rate);
        resampler = new Resampler(rate, AudioClip.SAMPLE_RATE);
        interleaved = new float[BLOCK * source.channels()];
        frames = 0;
    }

    /** Decodes on until there is output; false at the end. */
    private boolean nextBlock() {
        readyFrom = 0;
        ready = new float[0];
        while (ready.length == 0 && source != null) {
            int count = source.read(interleaved);
            boolean last = count < BLOCK;
            repair.repair(interleaved, count * source.channels(), last);
            mixer.mix(interleaved, count, mono, before + frames / (double) source.sampleRate());
            frames += count;
            ready = resampler.push(mono, 0, count);
            if (last) {
                float[] rest = resampler.finish();
                int had = ready.length;
                ready = Arrays.copyOf(ready, had + rest.length);
                System.arraycopy(rest, 0, ready, had, rest.length);
                goOn();
            }
        }
        return ready.length > 0;
    }

    /** At the end of a source: whether all is there that was promised, and how the file goes on. */
    private void goOn() {
        long promised = source.expectedFrames();
        int rate = source.sampleRate();
        if (frames + rate / 10.0 < promised * 0.99 && in.warnings().isEmpty()) {
            in.warn(String.format(
                    Locale.ROOT,
                    "its header or its size promises %.2f s, %.2f s could be decoded",
                    promised / (double) rate,
                    frames / (double) rate));
        }
        before += frames / (double) rate;
        PcmSource next = source.following();
        if (next != null) {
            in.warn(String.format(
                    Locale.ROOT,
                    "after %.2f s the file goes on in another form (%d Hz, channels: %d; before that %d Hz, %d); it is read on",
                    before,
                    next.sampleRate(),
                    next.channels(),
                    rate,
                    source.channels()));
        } else if (frames > 0) {
            next = Formats.following(in, before, source instanceof LinearSource linear ? linear.byteRate() : 0);
        }
        source = next;
        if (source != null) {
            begin(false);
        }
    }
}
