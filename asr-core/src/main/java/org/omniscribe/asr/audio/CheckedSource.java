package org.omniscribe.asr.audio;

/** The samples of another source, each checked and counted as it is read. Not thread-safe. */
public final class CheckedSource implements SampleSource {
    private final SampleSource source;
    private final SampleCheck check;

    /**
     * Starts at the beginning of a recording.
     *
     * @param source not closed by this
     * @param name what messages call the recording
     */
    public CheckedSource(SampleSource source, String name) {
        this.source = source;
        check = new SampleCheck(name, AudioClip.SAMPLE_RATE, 1);
    }

    /**
     * {@inheritDoc}
     *
     * @throws AudioException also if a sample is {@linkplain SampleCheck no sound}
     */
    @Override
    public int read(float[] buffer, int offset, int length) {
        int read = source.read(buffer, offset, length);
        check.pass(buffer, offset, Math.max(0, read));
        return read;
    }

    /** Seconds of sound read so far. */
    public double seconds() {
        return check.seconds();
    }
}
