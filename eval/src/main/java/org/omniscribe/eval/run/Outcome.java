package org.omniscribe.eval.run;

import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.score.ScoredSet;

/** What became of one utterance of a test set with one system. */
public sealed interface Outcome {
    /** The utterance. */
    Utterance utterance();

    /**
     * Recognised and scored.
     *
     * @param utterance the utterance
     * @param recognition what was recognised, as it came
     * @param reference what was said as it was compared, normalised; with choices where they count
     * @param hypothesis what was recognised as it was compared
     * @param scored both aligned; its id is the utterance's
     */
    record Scored(
            Utterance utterance,
            Recognition recognition,
            String reference,
            String hypothesis,
            ScoredSet.Utterance scored)
            implements Outcome {}

    /**
     * In no rate, because nothing is left of the reference once it is normalised.
     *
     * @param utterance the utterance
     */
    record NoReference(Utterance utterance) implements Outcome {}

    /**
     * In no rate, because the audio cannot be read.
     *
     * @param utterance the utterance
     * @param reason what was wrong, for the user
     */
    record Failed(Utterance utterance, String reason) implements Outcome {}

    /**
     * In no rate, because it has not been recognised yet.
     *
     * @param utterance the utterance
     */
    record Pending(Utterance utterance) implements Outcome {}
}
