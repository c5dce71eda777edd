package org.omniscribe.app.cli;

import org.omniscribe.asr.model.BeamSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say how a beam search weighs what it finds. */
final class BeamOptions {
    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--beam", paramLabel = "N", description = "Hypotheses that a beam search keeps.")
    private Integer beam;

    @Option(names = "--lm-weight", paramLabel = "X", description = "Weight of the language model.")
    private Double languageWeight;

    @Option(names = "--word-bonus", paramLabel = "X", description = "Bonus for every word, a natural logarithm.")
    private Double wordBonus;

    @Option(
            names = "--unknown-word",
            paramLabel = "X",
            description = "Penalty for words that the language model does not know, a natural logarithm, at most 0.")
    private Double unknownWord;

    /** Whether any is given. */
    boolean given() {
        return beam != null || languageWeight != null || wordBonus != null || unknownWord != null;
    }

    /** What is given, and the rest of other settings. */
    BeamSettings over(BeamSettings rest) {
        try {
            return new BeamSettings(
                    beam == null ? rest.beam() : beam,
                    languageWeight == null ? rest.languageWeight() : languageWeight,
                    wordBonus == null ? rest.wordBonus() : wordBonus,
                    unknownWord == null ? rest.unknownWord() : unknownWord);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
    }
}
