package org.omniscribe.asr.feature;

import java.util.List;
import org.omniscribe.asr.feature.FeatureSpec.Normalization.Peak;
import org.omniscribe.asr.feature.FeatureSpec.Normalization.Utterance;

/**
 * Normalisation of a long recording that is not known to its end: where a specification asks for that of the utterance, the
 * statistics are those of the frames added so far, and where it asks for that of the peak, it is the largest value so far; where it asks for none or a fixed one, the front end has done it, and
 * frames stay as they are. Not thread-safe.
 */
public final class RunningNormalization {
    /** Null where frames come finished from the front end. */
    private final RunningStatistics statistics;

    /** Null where the largest value does not matter. */
    private final Peak peak;

    private float largest = Float.NEGATIVE_INFINITY;

    /**
     * Knows no frame yet.
     *
     * @param spec what the frames are
     * @param memory seconds of earlier frames that count at most
     */
    public RunningNormalization(FeatureSpec spec, double memory) {
        statistics = spec.normalization() instanceof Utterance ? new RunningStatistics(spec, memory) : null;
        peak = spec.normalization() instanceof Peak peakNormalization ? peakNormalization : null;
    }

    /** Whether frames are to be added and normalised; if not, they come finished from the front end. */
    public boolean depends() {
        return statistics != null || peak != null;
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
        if (peak != null) {
            largest = LogMelFrontEnd.largest(largest, frames);
        }
    }

    /**
     * Frames as the network takes them.
     *
     * @param frames {@code [frame][bin]}, before normalisation
     */
    public float[][] normalized(List<float[]> frames) {
        if (peak != null) {
            return peaked(frames, largest);
        }
        return statistics == null ? frames.toArray(float[][]::new) : statistics.normalized(frames);
    }

    /**
     * As {@link #normalized(List)}, where more is known for this once.
     *
     * @param known frames that count as if they were added
     */
    public float[][] normalized(List<float[]> frames, List<float[]> known) {
        if (peak != null) {
            return peaked(frames, LogMelFrontEnd.largest(largest, known));
        }
        if (statistics == null) {
            return frames.toArray(float[][]::new);
        }
        RunningStatistics now = statistics.copy();
        now.add(known);
        return now.normalized(frames);
    }

    private float[][] peaked(List<float[]> frames, float known) {
        float[][] copies = frames.stream().map(float[]::clone).toArray(float[][]::new);
        LogMelFrontEnd.normalizePeak(copies, peak, LogMelFrontEnd.largest(known, frames));
        return copies;
    }
}
