package org.omniscribe.asr.model;

/**
 * One utterance that a network with state hears chunk by chunk, with constant work for each. What it says of a step is
 * what {@link AcousticModel#run} says of it in the whole utterance, up to rounding, as far back as its memory reaches.
 * Holds no native memory. Not thread-safe.
 */
public final class AcousticStream {
    private final AcousticModel model;
    private final Architecture architecture;
    private final int mostPast;
    private StreamState state;
    private boolean ended;

    AcousticStream(AcousticModel model, Architecture architecture, int memorySteps) {
        this.model = model;
        this.architecture = architecture;
        mostPast = architecture.attention() instanceof Attention.Chunked chunked
                ? chunked.leftChunks() * chunked.chunk()
                : memorySteps;
        reset();
    }

    /** Frames of the smallest chunk: those of a step, or of an attention chunk. All but the last are multiples of it. */
    public int chunkFrames() {
        return architecture.stacking()
                * (architecture.attention() instanceof Attention.Chunked chunked ? chunked.chunk() : 1);
    }

    /**
     * Hears the next chunk.
     *
     * @param features {@code [frame][bin]}, finished features; a multiple of {@link #chunkFrames}, or fewer at the end of
     *     the utterance, after which nothing more can be heard
     * @return the steps of this chunk
     * @throws ModelException if the network fails
     * @throws IllegalStateException after the end of the utterance
     */
    public Emission run(float[][] features) {
        if (ended) {
            throw new IllegalStateException("the utterance has ended with a part of a chunk: reset the stream first");
        }
        ended = features.length % chunkFrames() != 0;
        return model.run(features, state);
    }

    /** Forgets everything: a new utterance begins. */
    public void reset() {
        state = new StreamState(architecture, 1, mostPast);
        ended = false;
    }
}
