package org.omniscribe.asr.feature;

import java.util.List;

/**
 * Normalisation of a long recording that is not known to its end: where a specification asks for that of the utterance, the
 * statistics are those of the frames added so far; where it asks for none or a fixed one, the front end has done it, and
 * frames stay as they are. Not thread-safe.
 */
public final class RunningNormalization {
    /** Null where frames come finished from the front end. */
    private final RunningStatistics statistics;

    /**
     * Knows no frame yet.
     *
     * @param spec what the frames are
     * @param memory seconds of earlier frames that count at most
     */
    public RunningNormalization(FeatureSpec spec, double memory) {
        statistics = spec.normalization() == FeatureSpec.Normalization.UTTERANCE
                ? new RunningStatistics(spec, memory)
                : null;
    }

    /** Whether frames are to be added and normalised; if not, they come finished from the front end. */
    public boolean depends() {
        return statistics != null;
    }

    /**
     * Adds frames to what is known of the recording.
     *
     * @param frames {@code [frame][bin]}, before normalisation
     */
    public void add(List<float[]> frames) {
        if (statistics != null) {
            statistics.add(frames);
        }
    }

    /**
     * Frames as the network takes them.
     *
     * @param frames {@code [frame][bin]}, before normalisation
     */
    public float[][] normalized(List<float[]> frames) {
        return statistics == null ? frames.toArray(float[][]::new) : statistics.normalized(frames);
    }

    /**
     * As {@link #normalized(List)}, where more is known for this once.
     *
     * @param known frames that count as if they were added
     */
    public float[][] normalized(List<float[]> frames, List<float[]> known) {
        if (statistics == null) {
            return frames.toArray(float[][]::new);
        }
        RunningStatistics now = statistics.copy();
        now.add(known);
        return now.normalized(frames);
    }
}
