package org.omniscribe.asr.stream;

import java.util.ArrayList;
import java.util.List;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.feature.RunningStatistics;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;

/**
 * Hearing for networks that look at all of an utterance: every time, the network runs over everything since
 * {@link #from}. The frames are computed once.
 */
final class GrowingWindow implements Hearing {
    /** Seconds of earlier speech that count in the normalisation. */
    static final double MEMORY = 10;

    private final AcousticModel model;
    private final int stacking;
    private final LogMelFrontEnd.Session frontEnd;
    private final RunningStatistics statistics;
    private final List<float[]> frames = new ArrayList<>();
    private long from;
    private boolean finished;

    GrowingWindow(ModelBundle bundle, AcousticModel model) {
        this.model = model;
        stacking = bundle.architecture().stacking();
        FeatureSpec spec = bundle.manifest().features();
        frontEnd = new LogMelFrontEnd(spec).newSession();
        statistics = spec.normalization() == FeatureSpec.Normalization.UTTERANCE
                ? new RunningStatistics(spec, MEMORY)
                : null;
    }

    @Override
    public void push(float[] samples, int offset, int length) {
        frames.addAll(List.of(frontEnd.push(samples, offset, length)));
    }

    @Override
    public void finish() {
        frames.addAll(List.of(frontEnd.finish()));
        finished = true;
    }

    @Override
    public long from() {
        return from;
    }

    @Override
    public long to() {
        return from + (finished ? frames.size() + stacking - 1 : frames.size()) / stacking;
    }

    @Override
    public Emission emission() {
        int count = finished ? frames.size() : frames.size() / stacking * stacking;
        List<float[]> window = frames.subList(0, count);
        if (statistics == null) {
            return model.run(window.toArray(float[][]::new));
        }
        RunningStatistics now = statistics.copy();
        now.add(window);
        return model.run(now.normalized(window));
    }

    @Override
    public void forget(long step) {
        restart(step, true);
    }

    @Override
    public void restart(long step, boolean spoken) {
        List<float[]> forgotten = frames.subList(0, (int) Math.min(frames.size(), (step - from) * stacking));
        if (spoken && statistics != null) {
            statistics.add(forgotten);
        }
        forgotten.clear();
        from = step;
    }
}
