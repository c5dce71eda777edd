package org.omniscribe.asr.model;

/** What an expert applies between its two linear layers. */
public enum Activation {
    /** max(x, 0), as in the paper. */
    RELU,
    /** x Phi(x) with the exact normal distribution function Phi, as in Whisper. */
    GELU
}
