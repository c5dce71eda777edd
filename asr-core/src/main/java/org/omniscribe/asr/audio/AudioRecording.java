package org.omniscribe.asr.audio;

import be.tarsos.dsp.writer.WaveHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import net.sourceforge.javaflacencoder.FLACEncoder;
import net.sourceforge.javaflacencoder.FLACFileOutputStream;
import net.sourceforge.javaflacencoder.StreamConfiguration;

/**
 * A recording that is written while it is made: mono, 16 kHz, 16 bits, as WAV or FLAC by the file's name. A crash loses
 * the last second at most. Not thread-safe.
 */
public final class AudioRecording implements AutoCloseable {
    /** Samples that are held back. */
    private static final int HELD = AudioClip.SAMPLE_RATE / 2;

    private final Path file;
    private final Sink sink;
    private final int[] held = new int[HELD];
    private int count;
    private boolean closed;

    private AudioRecording(Path file, Sink sink) {
        this.file = file;
        this.sink = sink;
    }

    /** Encodes samples into an open file. */
    private interface Sink {
        void write(int[] samples, int count) throws IOException;

        void close() throws IOException;
    }

    /**
     * Begins a recording.
     *
     * @param file ends in .wav or .flac; replaced if it is there; folders that are missing are made
     * @throws AudioException if it has another ending or cannot be written
     */
    public static AudioRecording create(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".wav") && !name.endsWith(".flac")) {
            throw new AudioException(
                    file.toString(),
                    -1,
                    "is no kind of recording that is written here",
                    "End its name in .wav or .flac.",
                    null);
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return new AudioRecording(file, name.endsWith(".wav") ? new Wav(file) : new Flac(file));
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    private static AudioException failure(Path file, IOException e) {
        return new AudioException(
                file.toString(),
                -1,
                "cannot be written: " + e.getClass().getSimpleName() + " " + e.getMessage(),
                "Check the folder, its rights and its room. What was written before stays.",
                e);
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /**
     * Adds samples; those beyond full scale are clipped.
     *
     * @throws AudioException if they cannot be written; the recording is then closed
     */
    public void write(float[] samples, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            held[count++] = Math.max(-32768, Math.min(32767, Math.round(samples[i] * 32768)));
            if (count == HELD) {
                pass();
            }
        }
    }

    private void pass() {
        try {
            sink.write(held, count);
            count = 0;
        } catch (IOException e) {
            closed = true;
            try {
                sink.close();
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw failure(file, e);
        }
    }

    /**
     * Completes the file; further calls do nothing.
     *
     * @throws AudioException if it cannot be completed
     */
    @Override
    public void close() {
        if (!closed) {
            pass();
            closed = true;
            try {
                sink.close();
            } catch (IOException e) {
                throw failure(file, e);
            }
        }
    }

    /** Brings the header up to date with every write, so that the file can be read at any time. */
    private static final class Wav implements Sink {
        private final RandomAccessFile out;
        private long bytes;

        Wav(Path file) throws IOException {
            out = new RandomAccessFile(file.toFile(), "rw");
            out.setLength(0);
            header();
        }

        private void header() throws IOException {
            ByteArrayOutputStream header = new ByteArrayOutputStream();
            // A length beyond 32 bits is told as far as it goes; readers take such a file to its end.
            new WaveHeader(WaveHeader.FORMAT_PCM, (short) 1, AudioClip.SAMPLE_RATE, (short) 16, (int)
                            Math.min(bytes, Integer.MAX_VALUE - 36))
                    .write(header);
            out.seek(0);
            out.write(header.toByteArray());
            out.seek(out.length());
        }

        @Override
        public void write(int[] samples, int count) throws IOException {
            byte[] data = new byte[2 * count];
            for (int i = 0; i < count; i++) {
                data[2 * i] = (byte) samples[i];
                data[2 * i + 1] = (byte) (samples[i] >> 8);
            }
            out.write(data);
            bytes += data.length;
            header();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    private static final class Flac implements Sink {
        private final FLACFileOutputStream out;
        private final FLACEncoder encoder = new FLACEncoder();

        Flac(Path file) throws IOException {
            Files.deleteIfExists(file);
            out = new FLACFileOutputStream(file.toFile());
            encoder.setStreamConfiguration(new StreamConfiguration(
                    1,
                    StreamConfiguration.DEFAULT_MIN_BLOCK_SIZE,
                    StreamConfiguration.DEFAULT_MAX_BLOCK_SIZE,
                    AudioClip.SAMPLE_RATE,
                    16));
            encoder.setOutputStream(out);
            encoder.openFLACStream();
        }

        @Override
        public void write(int[] samples, int count) throws IOException {
            encoder.addSamples(samples, count);
            encoder.encodeSamples(encoder.fullBlockSamplesAvailableToEncode(), false);
        }

        @Override
        public void close() throws IOException {
            encoder.encodeSamples(encoder.samplesAvailableToEncode(), true);
            out.close();
        }
    }
}
