package org.omniscribe.asr.stream;

import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;

/**
 * Hearing for networks that look at all of an utterance: every time, the network runs over everything since
 * {@link #from}.
 */
final class GrowingWindow implements Hearing {
    private final AcousticModel model;
    private final Frames frames;

    GrowingWindow(ModelBundle bundle, AcousticModel model) {
        this.model = model;
        frames = new Frames(bundle);
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

    /** Frames that make whole steps, or all at the end. */
    private int wholeFrames() {
        return frames.finished() ? frames.count() : frames.count() / frames.stacking() * frames.stacking();
    }

    @Override
    public Emission emission() {
        return model.run(frames.normalized(0, wholeFrames()));
    }

    @Override
    public void forget(long step) {
        frames.leaveOut(step, true);
    }

    @Override
    public void restart(long step, boolean spoken) {
        frames.leaveOut(step, spoken);
    }
}
