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
 * from a pipe), AIFF and AIFC, AU, NIST SPHERE, FLAC, MP3 (all MPEG audio layers), Ogg Vorbis and Ogg Opus. Any rate from 4
 * to 192 kHz and any number of channels. Memory does not grow with the length of the recording.
 *
 * <p>What can be read of a damaged or cut-off file is read, with {@linkplain #warnings() warnings}; where nothing can be
 * read, {@link AudioException}. Not thread-safe.
 */
public final class AudioReader implements SampleSource, AutoCloseable {
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
            throw in.unsupported("its header claims a sampling rate of " + (rate & 0xffffffffL) + " Hz; " + LOWEST_RATE
                    + " to " + HIGHEST_RATE + " Hz are read");
        }
        if (channels < 1 || channels > MOST_CHANNELS) {
            throw in.unsupported("its header claims " + channels + " channels; 1 to " + MOST_CHANNELS + " are read");
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
        byte[] start = in.peek(64);
        String magic = Input.ascii(start, 0, 4);
        String form = Input.ascii(start, 8, 4);
        if (magic.matches("RIFF|RIFX|RF64|BW64") && form.equals("WAVE")) {
            return WavHeader.read(in);
        }
        if (magic.equals("FORM") && form.matches("AIF[FC]")) {
            return AiffHeader.read(in);
        }
        if (magic.equals(".snd")) {
            return AuHeader.read(in);
        }
        if (Input.ascii(start, 0, 7).equals("NIST_1A")) {
            return SphereHeader.read(in);
        }
        if (magic.equals("fLaC")) {
            return new FlacSource(in);
        }
        if (magic.equals("OggS")) {
            OggStream ogg = new OggStream(in);
            return switch (ogg.codec()) {
                case OPUS -> new OggSource(in, ogg, () -> new OpusCodec(in));
                case VORBIS -> new OggSource(in, ogg, () -> new VorbisCodec(in));
            };
        }
        String other = otherKind(start, magic, form);
        if (other == null && Mp3Frames.present(in)) {
            return new Mp3Source(in);
        }
        throw in.unsupported(other == null ? "this is no kind of sound file that is known here" : other);
    }

    /** What a file is that is no sound file read here, as far as its first bytes tell; null if they tell nothing. */
    private static String otherKind(byte[] start, String magic, String form) {
        if (Input.ascii(start, 4, 4).equals("ftyp")) {
            return "this is an MP4 file (m4a, mp4, mov), which is not read here";
        }
        if (magic.equals("\u001aE\u00df\u00a3")) {
            return "this is a Matroska or WebM file, which is not read here";
        }
        if (magic.equals("0&\u00b2u")) {
            return "this is a Windows Media file, which is not read here";
        }
        if (magic.equals("RIFF")) {
            return "this is a RIFF file, but of the kind \"" + form.strip() + "\" instead of sound";
        }
        if (magic.equals("FORM")) {
            return "this is an IFF file, but of the kind \"" + form.strip() + "\" instead of sound";
        }
        if (Input.ascii(start, 0, 5).equals("#!AMR")) {
            return "this is an AMR file, which is not read here";
        }
        if (magic.equals("riff")) {
            return "this is a Wave64 file, which is not read here";
        }
        if (magic.equals("caff")) {
            return "this is a Core Audio file, which is not read here";
        }
        if (magic.equals("wvpk")) {
            return "this is a WavPack file, which is not read here";
        }
        if (magic.equals("ajkg")) {
            return "this is a Shorten file, which is not read here";
        }
        // The sync word of ADTS looks like that of MPEG audio, but for its layer of 0.
        if (start.length > 1 && start[0] == -1 && (start[1] & 0xf6) == 0xf0) {
            return "this is an AAC file, which is not read here";
        }
        return null;
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
