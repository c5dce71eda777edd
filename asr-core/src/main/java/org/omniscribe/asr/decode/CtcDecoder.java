package org.omniscribe.asr.decode;

import org.omniscribe.asr.model.Emission;

/** Finds the words in an emission. Implementations are thread-safe and keep nothing from one call to the next. */
public interface CtcDecoder {
    /**
     * Decodes one emission.
     *
     * @param emission any number of steps, none included
     * @return the words, timed from the emission's first step
     * @throws IllegalArgumentException if the emission does not have the decoder's number of tokens
     * @throws org.omniscribe.asr.model.ModelException if the emission holds something that is no log-probability
     */
    Hypothesis decode(Emission emission);
}
