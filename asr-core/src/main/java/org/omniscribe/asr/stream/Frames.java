package org.omniscribe.asr.stream;

import java.util.ArrayList;
import java.util.List;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.feature.RunningNormalization;
import org.omniscribe.asr.model.ModelBundle;

/** The frames since some step, each computed once, and what they are normalised with. */
final class Frames {
    /** Seconds of earlier speech that count in the normalisation. */
    private static final double MEMORY = 10;

    private final int stacking;
    private final LogMelFrontEnd.Session frontEnd;
    private final RunningNormalization normalization;
    private final List<float[]> frames = new ArrayList<>();
    private long from;
    private boolean finished;

    Frames(ModelBundle bundle) {
        stacking = bundle.architecture().stacking();
        FeatureSpec spec = bundle.manifest().features();
        frontEnd = new LogMelFrontEnd(spec).newSession();
        normalization = new RunningNormalization(spec, MEMORY);
    }

    void push(float[] samples, int offset, int length) {
        frames.addAll(List.of(frontEnd.push(samples, offset, length)));
    }

    void finish() {
        frames.addAll(List.of(frontEnd.finish()));
        finished = true;
    }

    /** Whether no more frames will come. */
    boolean finished() {
        return finished;
    }

    /** The session's step at which the frames begin. */
    long from() {
        return from;
    }

    /** Number of frames. */
    int count() {
        return frames.size();
    }

    /** Frames of a step. */
    int stacking() {
        return stacking;
    }

    /** The session's step after some of the frames; those that do not make a whole one make one more. */
    long stepAfter(int count) {
        return from + (count + stacking - 1) / stacking;
    }

    /** The frames {@code first .. to - 1}, normalised, if that is over the utterance, over what is known of it up to {@code to}. */
    float[][] normalized(int first, int to) {
        return normalization.normalized(frames.subList(first, to), frames.subList(0, to));
    }

    /**
     * Leaves out the frames before a step.
     *
     * @param step becomes {@link #from}
     * @param spoken whether there was speech in what is left out, so that it counts in the normalisation
     * @return how many frames these were
     */
    int leaveOut(long step, boolean spoken) {
        List<float[]> forgotten = frames.subList(0, (int) Math.min(frames.size(), (step - from) * stacking));
        int count = forgotten.size();
        if (spoken) {
            normalization.add(forgotten);
        }
        forgotten.clear();
        from = step;
        return count;
    }
}
