package org.omniscribe.app.cli.model;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.option.BeamOptions;
import org.omniscribe.asr.model.BeamSettings;
import org.omniscribe.asr.model.LexiconSettings;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.export.onnx.Card;
import org.omniscribe.export.onnx.Exporter;
import org.omniscribe.export.onnx.Exporter.LanguageModelPart;
import org.omniscribe.export.onnx.Exporter.LexiconPart;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe export}: from the trainer's checkpoint to a model that can be shipped. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Make a model bundle of a checkpoint that was trained.",
            "",
            "The card is a JSON object with what the checkpoint does not know of itself, every field of it optional:"
                    + " name, licence, tokenizer (CHARACTER, UNIGRAM or BPE), data (a list of objects with name, hours"
                    + " and licence), training (names and values), scores (by test set, objects with wer, cer and"
                    + " words)."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe export runs/first -o first.zip --card card.json",
            "  omniscribe transcribe talk.wav --model first.zip"
        })
public final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "CHECKPOINT",
            description = "A safetensors file that the trainer wrote, or the folder of its run: then its best weights.")
    private Path checkpoint;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "BUNDLE",
            description =
                    "The bundle to write: a zip file if the name ends so, else a folder. A bundle that is there is"
                            + " replaced.")
    private Path output;

    @Option(names = "--card", paramLabel = "FILE.json", description = "What to say of the model, see above.")
    private Path card;

    @Option(
            names = "--precision",
            paramLabel = "PRECISION",
            defaultValue = "FLOAT16",
            description = {
                "How weights are stored: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
                "INT8: matrices in bytes, half as large as FLOAT16 and as fast. INT8_DYNAMIC: matrices are multiplied"
                        + " as bytes too, twice as fast on processors with AMX. INT4: matrices in half bytes."
            })
    private Precision precision;

    @Option(
            names = "--lm",
            paramLabel = "FILE",
            description =
                    "A language model to put into the bundle; transcriptions then use it. Its weights are those of"
                            + " the next options.")
    private Path languageModel;

    @Option(
            names = "--lexicon",
            paramLabel = "FILE",
            description =
                    "A dictionary of pronunciations to put into the bundle with the language model, if the network"
                            + " reads out phones; words are then found by their sound, and the next options are for that.")
    private Path lexicon;

    @Mixin
    private BeamOptions beam;

    @Override
    public Integer call() {
        if (lexicon != null && languageModel == null) {
            throw new ParameterException(command.commandLine(), "--lexicon needs a language model: give --lm, too");
        }
        BeamSettings settings = lexicon == null ? beam.over(BeamSettings.STANDARD) : BeamSettings.STANDARD;
        ModelBundle bundle = Exporter.export(
                checkpoint,
                output,
                card == null ? Card.EMPTY : Card.read(card),
                precision,
                Optional.ofNullable(languageModel).map(file -> new LanguageModelPart(file, settings)),
                Optional.ofNullable(lexicon).map(file -> new LexiconPart(file, beam.over(LexiconSettings.STANDARD))));
        command.commandLine().getOut().println(ModelCard.line(output.toString(), bundle.manifest()));
        return ExitCode.DONE;
    }
}
