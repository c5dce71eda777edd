package org.omniscribe.asr.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a recording of any common format as mono samples at 16 kHz, piece by piece.
 *
 * <p>The format is found by content, not by name: WAV (8 to 32 bit, float, mu-law, A-law, extensible, RF64, unknown length
 * from a pipe) and Ogg Opus. Any rate from 4 to 192 kHz and any number of channels. Memory does not grow with the
 * length of the recording.
 *
 * <p>What can be read of a damaged or cut-off file is read, with {@linkplain #warnings() warnings}; where nothing can be
 * read, {@link AudioException}. Not thread-safe.
 */
public final class AudioReader implements AutoCloseable {
    private static final int LOWEST_RATE = 4000;
    private static final int HIGHEST_RATE = 192000;
    private static final int MOST_CHANNELS = 1024;
    /** Frames decoded at a time. */
    private static final int BLOCK = 4096;

    private final Input in;
    private final PcmSource source;
    private final int pick;
    private final Resampler resampler;
    private final float[] interleaved;
    private final float[] mono = new float[BLOCK];
    private float[] ready = new float[0];
    private int readyFrom;
    private boolean ended;

    private AudioReader(Input in, Channel channel) {
        this.in = in;
        this.source = source(in);
        check(in, source.sampleRate(), source.channels());
        this.pick = pick(channel);
        this.resampler = new Resampler(source.sampleRate(), AudioClip.SAMPLE_RATE);
        this.interleaved = new float[BLOCK * source.channels()];
        // The first block is decoded here, so that a file without any sound is refused before anybody relies on it.
        if (!nextBlock()) {
            throw in.damaged("there is no sound in this file, only a header");
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
        long frames = source.expectedFrames();
        return frames < 0 ? Double.NaN : frames / (double) source.sampleRate();
    }

    /** Closes the file or stream. */
    @Override
    public void close() {
        in.close();
    }

    /** Refuses a header whose rate or channel count nothing can be made of. */
    static void check(Input in, int rate, int channels) {
        if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
            throw in.damaged("its header claims a sampling rate of " + (rate & 0xffffffffL) + " Hz; " + LOWEST_RATE
                    + " to " + HIGHEST_RATE + " Hz are read");
        }
        if (channels < 1 || channels > MOST_CHANNELS) {
            throw in.damaged("its header claims " + channels + " channels");
        }
    }

    private static PcmSource source(Input in) {
        byte[] start = in.peek(64);
        if (start.length == 0) {
            throw new AudioException(
                    in.name(),
                    0,
                    "is empty (0 bytes)",
                    "Record or copy the file again: nothing was saved in it.",
                    null);
        }
        String magic = Input.ascii(start, 0, 4);
        String form = Input.ascii(start, 8, 4);
        switch (magic) {
            case "RIFF", "RIFX", "RF64", "BW64" -> {
                if (form.equals("WAVE")) {
                    return WavHeader.read(in);
                }
            }
            case "OggS" -> {
                OggStream ogg = new OggStream(in);
                if (ogg.codec() == OggStream.Codec.OPUS) {
                    return new OpusSource(in, ogg);
                }
            }
            default -> {}
        }
        throw in.unsupported("this is no kind of sound file that is read here");
    }

    private int pick(Channel channel) {
        if (channel instanceof Channel.Pick one) {
            if (one.index() >= source.channels()) {
                throw new AudioException(
                        in.name(),
                        -1,
                        "has no channel " + one.index() + ": it has " + source.channels() + ", counted from 0",
                        "Pick a lower one, or mix them.",
                        null);
            }
            return one.index();
        }
        return -1;
    }

    /** Decodes on until there is output; false at the end. */
    private boolean nextBlock() {
        readyFrom = 0;
        ready = new float[0];
        while (ready.length == 0 && !ended) {
            int frames = source.read(interleaved);
            toMono(frames);
            ready = resampler.push(mono, 0, frames);
            if (frames < BLOCK) {
                ended = true;
                float[] rest = resampler.finish();
                int had = ready.length;
                ready = Arrays.copyOf(ready, had + rest.length);
                System.arraycopy(rest, 0, ready, had, rest.length);
            }
        }
        return ready.length > 0;
    }

    private void toMono(int frames) {
        int channels = source.channels();
        if (channels == 1) {
            System.arraycopy(interleaved, 0, mono, 0, frames);
        } else if (pick >= 0) {
            for (int i = 0; i < frames; i++) {
                mono[i] = interleaved[i * channels + pick];
            }
        } else {
            for (int i = 0; i < frames; i++) {
                float sum = 0;
                for (int c = 0; c < channels; c++) {
                    sum += interleaved[i * channels + c];
                }
                mono[i] = sum / channels;
            }
        }
    }
}
