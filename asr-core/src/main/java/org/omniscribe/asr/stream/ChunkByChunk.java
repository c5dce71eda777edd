package org.omniscribe.asr.stream;

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
    private final Frames frames;
    private final int unit;
    /** What was said of the frames that were heard; null for none. */
    private Emission emission;

    private int heard;
    /** Frames left out since the utterance began, by which chunks are counted. */
    private long left;

    /** Hearing from the first sample on; causal attention sees {@code memorySteps} back. */
    ChunkByChunk(ModelBundle bundle, AcousticModel model, int memorySteps) {
        stream = model.stream(memorySteps);
        frames = new Frames(bundle);
        unit = stream.chunkFrames();
    }

    @Override
    public void push(float[] samples, int offset, int length) {
        frames.push(samples, offset, length);
    }

    @Override
    public void finish() {
        frames.finish();
    }

    @Override
    public long from() {
        return frames.from();
    }

    @Override
    public long to() {
        return frames.stepAfter(wholeFrames());
    }

    /** Frames that make whole chunks, or all at the end. */
    private int wholeFrames() {
        return frames.finished() ? frames.count() : (int) Math.max(heard, (left + frames.count()) / unit * unit - left);
    }

    @Override
    public Emission emission() {
        int whole = wholeFrames();
        if (whole > heard || emission == null) {
            Emission more = stream.run(frames.normalized(heard, whole));
            emission = emission == null ? more : emission.followedBy(more);
            heard = whole;
        }
        return emission;
    }

    @Override
    public void forget(long step) {
        int steps = (int) (step - from());
        emission = emission().slice(steps, emission.steps());
        int count = frames.leaveOut(step, true);
        heard -= count;
        left += count;
    }

    @Override
    public void restart(long step, boolean spoken) {
        frames.leaveOut(step, spoken);
        stream.reset();
        emission = null;
        heard = 0;
        left = 0;
    }
}
