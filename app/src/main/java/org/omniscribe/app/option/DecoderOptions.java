package org.omniscribe.app.option;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.omniscribe.asr.Decoders;
import org.omniscribe.asr.attention.AttentionOptions;
import org.omniscribe.asr.attention.Guards;
import org.omniscribe.asr.decode.CtcDecoder;
import org.omniscribe.asr.decode.Hotwords;
import org.omniscribe.asr.decode.LanguageModel;
import org.omniscribe.asr.decode.PhraseDecoder;
import org.omniscribe.asr.engine.RequestException;
import org.omniscribe.asr.model.BeamSettings;
import org.omniscribe.asr.model.LexiconSettings;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelManifest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say how words are found in what the network says. */
public final class DecoderOptions {
    /** The ways to find words. */
    enum Kind {
        GREEDY,
        BEAM,
        LEXICON
    }

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--decoder",
            paramLabel = "DECODER",
            description =
                    "How words are found: ${COMPLETION-CANDIDATES}; by the likeliest letters, by their spelling, or by"
                            + " their sound. Default: LEXICON if the model has a pronunciation lexicon; else BEAM if it"
                            + " has a language model or one of the following options is given, else GREEDY.")
    private Kind kind;

    @Option(
            names = "--lm",
            paramLabel = "FILE",
            description = "A language model in place of the model's own, ARPA or as \"omniscribe lm train\" writes it.")
    private Path languageModel;

    @Option(names = "--lexicon-only", description = "Only words that the language model or the hot words have.")
    private boolean lexiconOnly;

    @Option(
            names = "--hotwords",
            paramLabel = "FILE",
            description = "Words and phrases to expect, one a line, and behind a tab how much likelier each is to be, a"
                    + " natural logarithm (5 if not given).")
    private Path hotwords;

    @Option(
            names = "--phrases",
            paramLabel = "FILE",
            description =
                    "The only things that can be said, one a line, such as voice commands; found exactly, alone or"
                            + " several in a row.")
    private Path phrases;

    @Option(
            names = "--keep-noise",
            description = "Keep words of which the network is so unsure that nobody seems to have spoken.")
    private boolean keepNoise;

    @Mixin
    private BeamOptions beam;

    @Mixin
    private WritingOptions writing;

    /** Makes the decoder for a model. */
    public Function<ModelBundle, CtcDecoder> decoder() {
        Function<ModelBundle, CtcDecoder> found = keepNoise ? search() : Decoders.speechOnly(search());
        return bundle -> {
            writing.refuseFor(bundle.manifest());
            return found.apply(bundle);
        };
    }

    /** How a model that writes by attention is decoded; refuses options that only searches in a CTC output have. */
    public Function<ModelBundle, AttentionOptions> attention() {
        return bundle -> {
            List<String> useless = new ArrayList<>();
            if (kind != null) {
                useless.add("--decoder");
            }
            if (languageModel != null) {
                useless.add("--lm");
            }
            if (lexiconOnly) {
                useless.add("--lexicon-only");
            }
            if (phrases != null) {
                useless.add("--phrases");
            }
            if (beam.forCtc()) {
                useless.add("--lm-weight, --word-bonus, --unknown-word or --text-weight");
            }
            if (!useless.isEmpty()) {
                throw new RequestException("model " + bundle.manifest().name() + " has no use for "
                        + String.join(", ", useless) + ": it writes its text itself. Leave them out.");
            }
            try {
                return writing.over(own());
            } catch (IllegalArgumentException e) {
                throw new ParameterException(command.commandLine(), e.getMessage());
            }
        };
    }

    private AttentionOptions own() {
        AttentionOptions rest = AttentionOptions.STANDARD;
        return new AttentionOptions(
                rest.language(),
                rest.translate(),
                rest.prompt(),
                Optional.ofNullable(hotwords).map(Hotwords::read),
                beam.hypotheses().orElse(rest.beam()),
                rest.patience(),
                rest.lengthPenalty(),
                rest.nBest(),
                rest.temperatures(),
                keepNoise ? Guards.NONE : rest.guards(),
                rest.wordTimes());
    }

    private Function<ModelBundle, CtcDecoder> search() {
        if (phrases != null && (kind != null || forBeam())) {
            throw new ParameterException(
                    command.commandLine(), "--phrases is a search of its own; give no other option of another with it");
        }
        if (phrases != null) {
            return Decoders.phrases(PhraseDecoder.read(phrases));
        }
        if (kind == Kind.GREEDY && forBeam()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--decoder greedy has no use for --lm, --lexicon-only, --hotwords, --beam, --lm-weight,"
                            + " --word-bonus, --unknown-word and --text-weight");
        }
        if (kind == Kind.LEXICON && beam.forSpelling() || kind == Kind.BEAM && beam.forSounds()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--unknown-word is for --decoder beam, and --text-weight for --decoder lexicon");
        }
        if (kind == Kind.GREEDY) {
            return Decoders::greedy;
        }
        if (kind == null && !forBeam()) {
            return Decoders::standard;
        }
        beam.over(BeamSettings.STANDARD);
        beam.over(LexiconSettings.STANDARD);
        Optional<LanguageModel> model = Optional.ofNullable(languageModel).map(LanguageModel::read);
        Optional<Hotwords> hot = Optional.ofNullable(hotwords).map(Hotwords::read);
        hot.ifPresent(words -> words.remarks()
                .forEach(remark -> command.commandLine().getErr().println("omniscribe: " + hotwords + ": " + remark)));
        Function<ModelBundle, CtcDecoder> bySpelling =
                Decoders.beam((BeamSettings own) -> beam.over(own), model, hot, lexiconOnly);
        Function<ModelBundle, CtcDecoder> bySound =
                Decoders.lexicon((LexiconSettings own) -> beam.over(own), model, hot);
        if (kind != null) {
            return kind == Kind.BEAM ? bySpelling : bySound;
        }
        return bundle -> (bySound(bundle.manifest()) ? bySound : bySpelling).apply(bundle);
    }

    /** What the options ask for in words, files with what is in them, so that two that differ never read the same. */
    public String describe(ModelManifest model) {
        String noise = keepNoise ? ", noise kept" : "";
        if (model.architecture().decoder() != null) {
            return "attention, beam " + beam.hypotheses().orElse(AttentionOptions.STANDARD.beam())
                    + (hotwords == null ? "" : ", hotwords " + file(hotwords)) + writing.describe() + noise;
        }
        if (phrases != null) {
            return "phrases " + file(phrases) + noise;
        }
        List<String> parts = new ArrayList<>();
        parts.add(
                switch (kind(model)) {
                    case GREEDY -> "greedy";
                    case BEAM -> "beam search" + settings(beam.over(orElse(model.beam(), BeamSettings.STANDARD)));
                    case LEXICON ->
                        "search by sound" + settings(beam.over(orElse(model.lexicon(), LexiconSettings.STANDARD)));
                });
        if (languageModel != null) {
            parts.add("lm " + file(languageModel));
        }
        if (hotwords != null) {
            parts.add("hotwords " + file(hotwords));
        }
        if (lexiconOnly) {
            parts.add("lexicon only");
        }
        return String.join(", ", parts) + noise;
    }

    private boolean forBeam() {
        return languageModel != null || hotwords != null || lexiconOnly || beam.given();
    }

    /** The way that words of a model are found if the options leave it open. */
    private Kind kind(ModelManifest model) {
        if (kind != null) {
            return kind;
        }
        if (bySound(model)) {
            return Kind.LEXICON;
        }
        return model.beam() == null && !forBeam() ? Kind.GREEDY : Kind.BEAM;
    }

    private boolean bySound(ModelManifest model) {
        return model.lexicon() != null && !beam.forSpelling() || beam.forSounds();
    }

    private static <T> T orElse(T own, T standard) {
        return own == null ? standard : own;
    }

    /** {@code Settings[beam=32, ...]} as {@code (beam 32, ...)}; how confidences are mapped is the model's affair. */
    private static String settings(Record settings) {
        String text = settings.toString().replaceAll(", confidence=\\w+\\[[^\\]]*]", "");
        return " (" + text.substring(text.indexOf('[') + 1, text.length() - 1).replace('=', ' ') + ")";
    }

    private static String file(Path path) {
        try {
            CRC32 checksum = new CRC32();
            checksum.update(Files.readAllBytes(path));
            return path.getFileName() + " " + Long.toHexString(checksum.getValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
