package org.omniscribe.asr.audio;

import java.util.Arrays;
import java.util.Locale;
import org.omniscribe.asr.audio.mpeg.MpegDecoder;

/**
 * MPEG audio layers I to III, versions 1, 2 and 2.5, constant or variable bit rate.
 *
 * <p>A layer III decoder gives everything {@value #DECODER_DELAY} samples late; those are removed, and what the encoder
 * says (in the extension of the Xing header) that it put before and after the recording.
 */
final class Mp3Source implements PcmSource {
    private static final int DECODER_DELAY = 529;
    /** So many bytes may lie between frames without being worth a word. */
    private static final int MIN_LEFT_OUT_BYTES = 4096;

    private final Input in;
    private final Mp3Frames frames;
    private final MpegDecoder decoder = new MpegDecoder();
    private final float[] samples = new float[2 * MpegDecoder.MAX_SAMPLES];
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
        this.damage = new Damage(in, "frames");
        this.channels = frames.first().channels();
        this.frameSamples = frames.first().samples();
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
    public PcmSource following() {
        return frames.changed() && !Formats.begins(in) ? new Mp3Source(in) : null;
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
        byte[] frame = frames.next();
        if (frame == null) {
            end();
            return readyTo > readyFrom;
        }
        decodedFrames++;
        boolean good = decoder.decode(frame, samples);
        boolean gap = frames.takeDamaged();
        if (good) {
            damage.good();
        } else {
            Arrays.fill(samples, 0);
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
        System.arraycopy(samples, from * channels, ready, readyTo, count);
        readyTo += count;
    }

    private void end() {
        over = true;
        damage.end();
        long claimed = frames.framesClaimed();
        if (claimed >= 0 && decodedFrames < claimed) {
            in.warn(String.format(
                    Locale.ROOT,
                    "the file is cut off or damaged: its header promises %.2f s, %.2f s are there",
                    claimed * frameSamples / (double) sampleRate(),
                    decodedFrames * frameSamples / (double) sampleRate()));
        } else {
            readyTo = Math.max(readyFrom, readyTo - holdBack * channels);
        }
        if (frames.leftOut() > MIN_LEFT_OUT_BYTES) {
            in.warn(frames.leftOut() + " bytes of the file are neither MPEG audio nor tags, and were left out");
        }
    }
}
