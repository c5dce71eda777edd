package org.omniscribe.asr.stream;

import java.util.ArrayList;
import java.util.List;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.feature.RunningStatistics;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.AcousticStream;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;

/**
 * Hearing for networks that keep state: every frame goes through the network once, and what it said stays. Where the
 * audio begins anew, what is kept of it is heard again without what was before.
 */
final class ChunkByChunk implements Hearing {
    private final AcousticStream stream;
    private final int stacking;
    private final int unit;
    private final LogMelFrontEnd.Session frontEnd;
    private final RunningStatistics statistics;
    private final List<float[]> frames = new ArrayList<>();
    /** What was said of the frames that were heard; null for none. */
    private Emission emission;

    private int heard;
    /** Frames left out since the utterance began, by which chunks are counted. */
    private long left;

    private long from;
    private boolean finished;

    /** Hearing from the first sample on; causal attention sees {@code memorySteps} back. */
    ChunkByChunk(ModelBundle bundle, AcousticModel model, int memorySteps) {
        stream = model.stream(memorySteps);
        stacking = bundle.architecture().stacking();
        unit = stream.chunkFrames();
        FeatureSpec spec = bundle.manifest().features();
        frontEnd = new LogMelFrontEnd(spec).newSession();
        statistics = spec.normalization() == FeatureSpec.Normalization.UTTERANCE
                ? new RunningStatistics(spec, GrowingWindow.MEMORY)
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
        return from + (wholeFrames() + stacking - 1) / stacking;
    }

    /** Frames that make whole chunks, or all at the end. */
    private int wholeFrames() {
        return finished ? frames.size() : (int) Math.max(heard, (left + frames.size()) / unit * unit - left);
    }

    @Override
    public Emission emission() {
        int whole = wholeFrames();
        if (whole > heard || emission == null) {
            Emission more = stream.run(chunk(whole));
            emission = emission == null ? more : emission.followedBy(more);
            heard = whole;
        }
        return emission;
    }

    /** The frames that were not heard yet; normalised, where that is over the utterance, over what is known of it. */
    private float[][] chunk(int whole) {
        List<float[]> chunk = frames.subList(heard, whole);
        if (statistics == null) {
            return chunk.toArray(float[][]::new);
        }
        RunningStatistics now = statistics.copy();
        now.add(frames.subList(0, whole));
        return now.normalized(chunk);
    }

    @Override
    public void forget(long step) {
        int steps = (int) (step - from);
        emission = emission().slice(steps, emission.steps());
        int count = leaveOut(step, true);
        heard -= count;
        left += count;
    }

    @Override
    public void restart(long step, boolean spoken) {
        leaveOut(step, spoken);
        stream.reset();
        emission = null;
        heard = 0;
        left = 0;
    }

    private int leaveOut(long step, boolean spoken) {
        List<float[]> forgotten = frames.subList(0, (int) Math.min(frames.size(), (step - from) * stacking));
        int count = forgotten.size();
        if (spoken && statistics != null) {
            statistics.add(forgotten);
        }
        forgotten.clear();
        from = step;
        return count;
    }
}
