package org.omniscribe.asr.model;

import org.omniscribe.asr.io.Faults;

/**
 * How a search among the words of a pronunciation lexicon weighs what it finds; scores are natural logarithms.
 *
 * @param beam hypotheses kept from step to step, 1 to 10000
 * @param languageWeight factor of the language model's log-probabilities, at least 0
 * @param wordBonus added for every word, against the language model's liking for few
 * @param textWeight factor of the log-probability that the text read-out gives the words, at least 0; the phones have 1
 * @param confidence how the confidence of words is made
 */
public record LexiconSettings(
        int beam, double languageWeight, double wordBonus, double textWeight, ConfidenceMap confidence) {
    /** For phones at 25 steps a second, tuned on the dev sets. */
    public static final LexiconSettings STANDARD = new LexiconSettings(200, 0.75, 1, 0.4, ConfidenceMap.SHARE);

    /** Checks all fields and reports every fault at once. */
    public LexiconSettings {
        Faults faults = new Faults();
        faults.range("beam", beam, 1, 10000);
        faults.range("languageWeight", languageWeight, 0, 100);
        if (!(Math.abs(wordBonus) <= 100)) {
            faults.add("wordBonus must be from -100 to 100, not " + wordBonus);
        }
        faults.range("textWeight", textWeight, 0, 100);
        faults.present("confidence", confidence);
        faults.orThrow();
    }

    /** These settings with other weights. */
    public LexiconSettings withWeights(double language, double bonus, double text) {
        return new LexiconSettings(beam, language, bonus, text, confidence);
    }

    /** These settings with another way to make confidences. */
    public LexiconSettings withConfidence(ConfidenceMap map) {
        return new LexiconSettings(beam, languageWeight, wordBonus, textWeight, map);
    }
}
