package org.omniscribe.asr.model;

import org.omniscribe.asr.io.Faults;

/**
 * How a beam search weighs what it finds; scores are natural logarithms.
 *
 * @param beam hypotheses kept from step to step, 1 to 10000
 * @param languageWeight factor of the language model's log-probabilities, at least 0
 * @param wordBonus added for every word, against the language model's liking for few
 * @param unknownWord added to the language model's log-probability of a word that is not in its vocabulary, at most 0:
 *     the model gives one probability to all such words together
 */
public record BeamSettings(int beam, double languageWeight, double wordBonus, double unknownWord) {
    /** For characters at 25 steps a second, tuned on the dev sets. */
    public static final BeamSettings STANDARD = new BeamSettings(32, 0.6, 1, -18);

    /** Checks all fields and reports every fault at once. */
    public BeamSettings {
        Faults faults = new Faults();
        faults.range("beam", beam, 1, 10000);
        faults.range("languageWeight", languageWeight, 0, 100);
        if (!(Math.abs(wordBonus) <= 100)) {
            faults.add("wordBonus must be from -100 to 100, not " + wordBonus);
        }
        if (!(unknownWord <= 0 && unknownWord >= -1000)) {
            faults.add("unknownWord must be from -1000 to 0, not " + unknownWord);
        }
        faults.orThrow();
    }

    /** These settings with another beam. */
    public BeamSettings withBeam(int value) {
        return new BeamSettings(value, languageWeight, wordBonus, unknownWord);
    }
}
