package org.omniscribe.asr.audio;

/** Mono samples at {@link AudioClip#SAMPLE_RATE}, one after the other: the one way in which sound is read. */
@FunctionalInterface
public interface SampleSource {
    /**
     * Waits for samples and takes some.
     *
     * @param buffer takes them; full scale is [-1, 1], which floating-point recordings may exceed
     * @param offset where they go
     * @param length how many are wanted at most
     * @return how many came, at least 1 unless {@code length} is 0; -1 at the end
     * @throws AudioException if the sound cannot be read on; the source is then of no further use
     */
    int read(float[] buffer, int offset, int length);
}
