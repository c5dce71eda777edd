package org.omniscribe.app.option;

import java.util.Optional;
import org.omniscribe.asr.model.BeamSettings;
import org.omniscribe.asr.model.LexiconSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say how a beam search weighs what it finds. */
public final class BeamOptions {
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

    @Option(
            names = "--text-weight",
            paramLabel = "X",
            description = "Weight of the spelling where words are found by their sound; the sound has 1.")
    private Double textWeight;

    /** Whether any is given. */
    boolean given() {
        return beam != null || languageWeight != null || wordBonus != null || unknownWord != null || textWeight != null;
    }

    /** Hypotheses to keep; empty if not given. */
    Optional<Integer> hypotheses() {
        return Optional.ofNullable(beam);
    }

    /** Whether one is given that only searches in what a CTC network says have. */
    boolean forCtc() {
        return languageWeight != null || wordBonus != null || forSpelling() || forSounds();
    }

    /** Whether one is given that only a search among the words of a pronunciation lexicon has. */
    boolean forSounds() {
        return textWeight != null;
    }

    /** Whether one is given that only a search without a pronunciation lexicon has. */
    boolean forSpelling() {
        return unknownWord != null;
    }

    /** What is given, and the rest of other settings. */
    public LexiconSettings over(LexiconSettings rest) {
        try {
            return new LexiconSettings(
                    beam == null ? rest.beam() : beam,
                    languageWeight == null ? rest.languageWeight() : languageWeight,
                    wordBonus == null ? rest.wordBonus() : wordBonus,
                    textWeight == null ? rest.textWeight() : textWeight,
                    rest.confidence());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
    }

    /** What is given, and the rest of other settings. */
    public BeamSettings over(BeamSettings rest) {
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
