package org.omniscribe.asr.audio;

import java.util.Arrays;
import javazoom.jl.decoder.Bitstream;
import javazoom.jl.decoder.BitstreamException;
import javazoom.jl.decoder.Decoder;
import javazoom.jl.decoder.DecoderException;
import javazoom.jl.decoder.Header;
import javazoom.jl.decoder.Obuffer;

/**
 * MPEG audio layers I to III, versions 1, 2 and 2.5, constant or variable bit rate.
 *
 * <p>A layer III decoder gives everything {@value #DECODER_DELAY} samples late; those are removed, and what the encoder
 * says (in the extension of the Xing header) that it put before and after the recording.
 */
final class Mp3Source implements PcmSource {
    private static final int DECODER_DELAY = 529;
    /** The scale of the decoder's output (its documentation says 32768, its code has this). */
    private static final float FULL_SCALE = 32700;

    private final Input in;
    private final Mp3Frames frames;
    private final Bitstream bitstream;
    private final Decoder decoder = new Decoder();
    private final Frame frame;
    private final Damage damage;
    private final int channels;
    private final int frameSamples;

    /** Frames of samples still to be dropped before the recording begins. */
    private int skip;

    /** Samples after the recording that are held back, since only the end of the file tells where they begin. */
    private final int holdBack;

    private float[] ready;
    private int readyFrom;
    private int readyTo;
    private long decodedFrames;
    private long given;
    private boolean over;

    Mp3Source(Input in) {
        this.in = in;
        this.frames = new Mp3Frames(in);
        this.bitstream = new Bitstream(frames);
        this.damage = new Damage(in, "frames");
        this.channels = frames.first().channels();
        this.frameSamples = frames.first().samples();
        this.frame = new Frame(channels, frameSamples);
        decoder.setOutputBuffer(frame);
        int decoderDelay = frames.first().layer() == 3 ? DECODER_DELAY : 0;
        this.skip = frames.delay() + decoderDelay;
        this.holdBack = frames.described() ? Math.max(0, frames.padding() - decoderDelay) : 0;
        this.ready = new float[(holdBack + 2 * frameSamples) * channels];
    }

    @Override
    public int sampleRate() {
        return frames.first().sampleRate();
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public long expectedFrames() {
        long count = frames.framesExpected();
        return count < 0 ? -1 : Math.max(0, count * frameSamples - frames.delay() - frames.padding());
    }

    @Override
    public int read(float[] interleaved) {
        int done = 0;
        while (done < interleaved.length) {
            int free = readyTo - readyFrom - (over ? 0 : holdBack * channels);
            if (free <= 0) {
                if (over || !nextFrame()) {
                    break;
                }
                continue;
            }
            int n = Math.min(interleaved.length - done, free);
            System.arraycopy(ready, readyFrom, interleaved, done, n);
            readyFrom += n;
            done += n;
            given += n / channels;
        }
        return done / channels;
    }

    /** Decodes a frame; false at the end, where what must not be given out is dropped. */
    private boolean nextFrame() {
        frame.clear_buffer();
        boolean good = false;
        try {
            Header header = bitstream.readFrame();
            if (header == null) {
                end();
                return readyTo > readyFrom;
            }
            decodedFrames++;
            decoder.decodeFrame(header, bitstream);
            good = frame.complete();
        } catch (BitstreamException | DecoderException | RuntimeException e) {
            if (e instanceof AudioException audio) {
                throw audio;
            }
            // Told below: an incomplete frame is silence.
            good = false;
        } finally {
            bitstream.closeFrame();
        }
        boolean gap = frames.takeDamaged();
        if (good) {
            damage.good();
        } else {
            frame.silence();
            // The first frames of a recording that was cut out of another refer to data before the cut.
            if (decodedFrames > 2) {
                damage.bad((given + holdBack) / (double) sampleRate(), null);
            }
        }
        if (gap && good) {
            in.warn("damaged data before " + Damage.time((given + holdBack) / (double) sampleRate()) + " was left out");
        }
        append();
        return true;
    }

    private void append() {
        int from = Math.min(skip, frameSamples);
        skip -= from;
        int count = (frameSamples - from) * channels;
        if (readyTo + count > ready.length) {
            System.arraycopy(ready, readyFrom, ready, 0, readyTo - readyFrom);
            readyTo -= readyFrom;
            readyFrom = 0;
        }
        System.arraycopy(frame.samples, from * channels, ready, readyTo, count);
        readyTo += count;
    }

    private void end() {
        over = true;
        damage.end();
        long claimed = frames.framesClaimed();
        if (claimed >= 0 && decodedFrames < claimed) {
            in.warn(String.format(
                    java.util.Locale.ROOT,
                    "the file is cut off or damaged: its header promises %.2f s, %.2f s are there",
                    claimed * frameSamples / (double) sampleRate(),
                    decodedFrames * frameSamples / (double) sampleRate()));
        } else {
            readyTo = Math.max(readyFrom, readyTo - holdBack * channels);
        }
    }

    /** Takes the decoder's output as floats, interleaved. */
    private static final class Frame extends Obuffer {
        private final int channels;
        private final float[] samples;
        private final int[] next = new int[MAXCHANNELS];

        Frame(int channels, int frameSamples) {
            this.channels = channels;
            this.samples = new float[channels * frameSamples];
            clear_buffer();
        }

        boolean complete() {
            return next[0] >= samples.length && (channels == 1 || next[1] >= samples.length);
        }

        void silence() {
            Arrays.fill(samples, 0);
        }

        @Override
        public void append(int channel, short value) {
            put(channel, value);
        }

        @Override
        public void appendSamples(int channel, float[] values) {
            for (int i = 0; i < 32; i++) {
                put(channel, values[i]);
            }
        }

        private void put(int channel, float value) {
            samples[next[channel]] = value / FULL_SCALE;
            next[channel] += channels;
        }

        @Override
        public void clear_buffer() {
            for (int c = 0; c < MAXCHANNELS; c++) {
                next[c] = c;
            }
        }

        @Override
        public void write_buffer(int ignored) {
            // Samples are taken as they come.
        }

        @Override
        public void close() {
            // There is nothing to close.
        }

        @Override
        public void set_stop_flag() {
            // Nobody stops a decoder that is called frame by frame.
        }
    }
}
