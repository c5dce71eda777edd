package org.omniscribe.app.cli.model;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.export.checkpoint.WhisperCheckpoint;
import org.omniscribe.export.onnx.Importer;
import org.omniscribe.export.onnx.WhisperImporter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe model import}: from a checkpoint of somebody else's to a model of this program. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Make a model bundle of a checkpoint that was trained elsewhere: an Omni-router, Switch or dense CTC"
                    + " encoder, or a model of the Whisper family.",
            "",
            "It may be PyTorch's (.pth, .pt), safetensors, or the index of a checkpoint in several files. Nothing in"
                    + " it is run. Names are told by themselves, and what was found is printed; a tensor without a"
                    + " place, or a place without a tensor, ends the import.",
            "",
            "A Whisper model may be CTranslate2's (model.bin), OpenAI's (.pt) or Hugging Face's (safetensors), of any"
                    + " size. Its configuration and tokenizer.json are read from the same folder, and a licence that"
                    + " lies there is kept in the bundle.",
            "",
            "A mapping is a JSON object with \"tensors\" (names in the checkpoint by place, {l} for the layer and"
                    + " {e} for the expert, ^T behind the name of a matrix that lies turned) and \"ignore\" (a list"
                    + " of regular expressions of names)."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe model import model.pth -o models/published --tokens spm_8192.model --heads 16",
            "  omniscribe model import whisper-base-ct2 -o models/whisper-base --precision INT8_DYNAMIC",
            "  omniscribe transcribe talk.wav --model models/published"
        })
final class ModelImportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "CHECKPOINT", description = "The file, its index, or the folder that it is in.")
    private Path checkpoint;

    @Option(
            names = {"-o", "--out", "--output"},
            required = true,
            paramLabel = "BUNDLE",
            description =
                    "The bundle to write: a zip file if the name ends so, else a folder. A bundle that is there is"
                            + " replaced.")
    private Path output;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the model. Default: that of the bundle.")
    private String name;

    @Option(
            names = "--part",
            paramLabel = "NAME",
            description = "The entry of the checkpoint that holds the model, such as ema. Default: the usual ones.")
    private String part;

    @Option(
            names = "--opaque",
            paramLabel = "CLASS",
            description = "A class in the checkpoint that is a mere bag of settings; it is read as one, and not run.")
    private List<String> opaque = List.of();

    @Mixin
    private ImportOptions options;

    @Override
    public Integer call() {
        String called = name == null ? output.getFileName().toString().replaceFirst("\\.(zip|omni)$", "") : name;
        Set<String> settings = Set.copyOf(opaque);
        Importer.Result result = part == null && WhisperCheckpoint.recognises(checkpoint, settings)
                ? WhisperImporter.run(checkpoint, output, options.whisper(command.commandLine(), called, settings))
                : Importer.run(
                        checkpoint,
                        output,
                        options.with(
                                command.commandLine(),
                                called,
                                Optional.ofNullable(part),
                                settings,
                                "NOASSERTION",
                                Optional.empty()));
        tell(command.commandLine().getErr(), result);
        ModelBundle bundle = result.bundle();
        command.commandLine().getOut().println(ModelCard.line(output.toString(), bundle.manifest()));
        return ExitCode.DONE;
    }

    /** What was found goes to the diagnostics. */
    static void tell(PrintWriter err, Importer.Result result) {
        result.matches().forEach(err::println);
        result.remarks().forEach(err::println);
        result.warnings().forEach(warning -> err.println("omniscribe: " + warning));
        err.flush();
    }
}
