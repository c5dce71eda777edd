package org.omniscribe.asr.attention;

/** Encodes windows of sound for a decoder that reads them by attention. Implementations are thread-safe. */
public interface WindowEncoder extends AutoCloseable {
    /** Numbers of a step of what it gives. */
    int width();

    /**
     * Encodes one window.
     *
     * @param features {@code [frame][bin]}, at least one frame and no more than the model takes
     * @return {@code [step][width]} in a row
     * @throws org.omniscribe.asr.model.ModelException if the network fails, or gives what is no number
     */
    float[] encode(float[][] features);

    /** Waits for what is running and frees the network; further calls do nothing. */
    @Override
    void close();
}
