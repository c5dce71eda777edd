package org.omniscribe.asr.stream;

import org.omniscribe.asr.model.Emission;

/** What the network makes of the audio since some step: the part of streaming that depends on its attention. */
interface Hearing {
    /** Takes more samples. */
    void push(float[] samples, int offset, int length);

    /** Takes the end of the audio: what is less than a step becomes one. */
    void finish();

    /** The session's first step of {@link #emission}. */
    long from();

    /** The session's step after the last whole one that was pushed. */
    long to();

    /**
     * What is said from {@link #from} to {@link #to}. What was said of a step before may change with every push.
     *
     * @throws org.omniscribe.asr.model.ModelException if the network fails
     */
    Emission emission();

    /**
     * Leaves out steps that are decided, in the middle of what is said.
     *
     * @param step becomes {@link #from}; from the present one to {@link #to}
     */
    void forget(long step);

    /**
     * Begins anew, as if the audio had begun here.
     *
     * @param step becomes {@link #from}; from the present one to {@link #to}
     * @param spoken whether there was speech in what is left out
     */
    void restart(long step, boolean spoken);
}
