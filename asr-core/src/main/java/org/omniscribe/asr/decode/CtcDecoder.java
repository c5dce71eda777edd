package org.omniscribe.asr.decode;

import java.util.List;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;

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

    /**
     * Decodes one emission into several texts; a decoder that looks for one only gives that.
     *
     * @param emission any number of steps, none included
     * @param n texts wanted, at least 1
     * @return the best first, no two with the same words; fewer than wanted where the decoder found fewer, at least one
     * @throws IllegalArgumentException as {@link #decode}, or if {@code n} is below 1
     * @throws org.omniscribe.asr.model.ModelException as {@link #decode}
     */
    default List<Hypothesis> nBest(Emission emission, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("at least one hypothesis must be wanted, not " + n);
        }
        return List.of(decode(emission));
    }

    /**
     * A decoder to which some words are likelier.
     *
     * @param bundle the model that this decoder was made for
     * @param hotwords besides those that already are likelier
     * @return this one where it cannot use them, as one that is held to some phrases
     * @throws org.omniscribe.asr.model.ModelException if the bundle cannot be read again
     */
    default CtcDecoder withHotwords(ModelBundle bundle, Hotwords hotwords) {
        return this;
    }
}
