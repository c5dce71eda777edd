package org.omniscribe.asr.audio;

/** Samples stored one after the other, as in WAV, AIFF, AU and SPHERE; starts at the first of them. */
final class LinearSource implements PcmSource {
    private final Input in;
    private final SampleFormat format;
    private final boolean bigEndian;
    private final int channels;
    private final int sampleRate;
    private final long frames;
    private byte[] bytes = new byte[0];
    private long done;
    private boolean ended;

    /**
     * @param frames the number of frames the header promises, or -1 if they go on to the end of the input
     */
    LinearSource(Input in, SampleFormat format, boolean bigEndian, int channels, int sampleRate, long frames) {
        this.in = in;
        this.format = format;
        this.bigEndian = bigEndian;
        this.channels = channels;
        this.sampleRate = sampleRate;
        this.frames = frames;
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
        long present = in.length() < 0 ? -1 : done + (in.length() - in.position()) / frameBytes();
        return frames < 0 ? present : present < 0 ? frames : Math.min(frames, present);
    }

    @Override
    public int read(float[] interleaved) {
        int wanted = interleaved.length / channels;
        if (frames >= 0) {
            wanted = (int) Math.min(wanted, frames - done);
        }
        if (ended || wanted == 0) {
            return 0;
        }
        if (bytes.length < wanted * frameBytes()) {
            bytes = new byte[wanted * frameBytes()];
        }
        int got = in.readNBytes(bytes, 0, wanted * frameBytes()) / frameBytes();
        format.decode(bytes, bigEndian, interleaved, got * channels);
        done += got;
        if (got < wanted) {
            ended = true;
            if (frames >= 0) {
                in.warn(String.format(
                        java.util.Locale.ROOT,
                        "the file is cut off: its header promises %.2f s, %.2f s are there",
                        frames / (double) sampleRate,
                        done / (double) sampleRate));
            }
        }
        return got;
    }

    /** Bytes a second. */
    int byteRate() {
        return (int) Math.min(Integer.MAX_VALUE, (long) frameBytes() * sampleRate);
    }

    private int frameBytes() {
        return channels * format.bytes();
    }
}
