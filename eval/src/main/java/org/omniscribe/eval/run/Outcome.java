package org.omniscribe.eval.run;

import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.score.Score;

/** What became of one utterance of a test set. */
public sealed interface Outcome {
    /** The utterance. */
    Utterance utterance();

    /**
     * Recognised and scored.
     *
     * @param utterance the utterance
     * @param reference its text, normalised, not empty
     * @param hypothesis the recognised text, normalised
     * @param transcript what was recognised
     * @param elapsed seconds that recognition took
     * @param score edits between the two texts
     */
    record Scored(
            Utterance utterance,
            String reference,
            String hypothesis,
            Transcript transcript,
            double elapsed,
            Score score)
            implements Outcome {}

    /**
     * Not recognised, because nothing is left of the reference once it is normalised.
     *
     * @param utterance the utterance
     */
    record NoReference(Utterance utterance) implements Outcome {}

    /**
     * Not recognised, because the audio cannot be read; it is in no rate.
     *
     * @param utterance the utterance
     * @param reason what was wrong, for the user
     */
    record Failed(Utterance utterance, String reason) implements Outcome {}
}
