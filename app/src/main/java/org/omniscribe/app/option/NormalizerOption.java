package org.omniscribe.app.option;

import org.omniscribe.eval.text.Normalizer;
import picocli.CommandLine.Option;

/** The option of commands that compare one model with another, where any normaliser does. */
public final class NormalizerOption {
    @Option(
            names = "--normalizer",
            paramLabel = "NAME",
            converter = NormalizerNames.class,
            completionCandidates = NormalizerNames.class,
            defaultValue = "basic",
            description = "What texts go through before they are compared: ${COMPLETION-CANDIDATES}."
                    + " Default: ${DEFAULT-VALUE}.")
    private Normalizer normalizer;

    public Normalizer normalizer() {
        return normalizer;
    }
}
