package org.omniscribe.eval.tune;

import java.util.List;
import org.omniscribe.asr.model.Emission;

/**
 * What a network made of a recording whose words are known.
 *
 * @param reference the words that were said, normalised, with single spaces between them
 * @param emissions those of the stretches of the recording, in order
 */
public record Hearing(String reference, List<Emission> emissions) {
    /** Takes a copy. */
    public Hearing {
        emissions = List.copyOf(emissions);
    }
}
