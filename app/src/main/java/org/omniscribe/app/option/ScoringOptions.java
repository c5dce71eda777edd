package org.omniscribe.app.option;

import org.omniscribe.eval.run.Scoring;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.text.Normalizer;
import picocli.CommandLine.Option;

/** The options that say how texts are compared. */
public final class ScoringOptions {
    @Option(
            names = "--normalizer",
            paramLabel = "NAME",
            converter = NormalizerNames.class,
            completionCandidates = NormalizerNames.class,
            description = "What both texts go through before they are compared: ${COMPLETION-CANDIDATES}."
                    + " Default: whisper-en for eval, and nist for score, upper and lower case being the same.")
    private Normalizer normalizer;

    @Option(
            names = "--costs",
            paramLabel = "COSTS",
            defaultValue = "NIST",
            description = "How words are aligned: as sclite does, or with the fewest errors (${COMPLETION-CANDIDATES})."
                    + " Default: ${DEFAULT-VALUE}.")
    private EditCosts costs;

    /**
     * What was chosen.
     *
     * @param standard the normaliser if none was
     */
    public Scoring scoring(Normalizer standard) {
        return new Scoring(normalizer == null ? standard : normalizer, costs);
    }
}
