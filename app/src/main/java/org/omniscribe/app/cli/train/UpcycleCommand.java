package org.omniscribe.app.cli.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.OmniscribeException;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.export.checkpoint.WhisperCheckpoint;
import org.omniscribe.export.upcycle.TrainingStart;
import org.omniscribe.export.upcycle.Upcycler;
import org.omniscribe.export.upcycle.WhisperStart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe upcycle}: a dense model becomes the start of an Omni-router network. */
@Command(
        name = "upcycle",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Turn a model of the Whisper family into the start of a mixture of experts.",
            "",
            "Every feed-forward block of the encoder is copied into experts, and a router is put before them. Until it is"
                    + " trained, the new network computes what the old one did. A recipe names the folder that is written"
                    + " as \"start\"; see model-export/recipes/upcycled.json."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe upcycle whisper-base/ --experts 4 -o starts/omni",
            "  omniscribe upcycle whisper-base/ --routing dense -o starts/dense",
            "  omniscribe train model-export/recipes/upcycled.json --data speech/ --run runs/omni"
        })
public final class UpcycleCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "MODEL",
            description =
                    "A Whisper checkpoint: CTranslate2's model.bin, OpenAI's .pt, Hugging Face's safetensors, or the"
                            + " folder of one.")
    private Path model;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "The folder to write.")
    private Path output;

    @Option(
            names = "--experts",
            paramLabel = "E",
            defaultValue = "4",
            description = "Experts in each layer: a number for all, or layers and numbers such as 2x1-4x4. Default:"
                    + " ${DEFAULT-VALUE}.")
    private String experts;

    @Option(
            names = "--routing",
            paramLabel = "KIND",
            defaultValue = "shared",
            description =
                    "shared: one router for all layers (Omni-router); independent: one for each (Switch); dense: no"
                            + " experts, as a teacher or a baseline. Default: ${DEFAULT-VALUE}.")
    private Routing routing;

    @Option(
            names = "--gate",
            paramLabel = "KIND",
            defaultValue = "mixed",
            description =
                    "How the network stays the same at first. mixed: the router's probability enters the gate little"
                            + " by little in training; scaled: it is there from the start, and the experts make up for it."
                            + " Default: ${DEFAULT-VALUE}.")
    private Upcycler.Start gate;

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "The model's tokenizer.json, where it is not beside the checkpoint.")
    private Path tokens;

    @Option(
            names = "--origin",
            paramLabel = "TEXT",
            defaultValue = "Whisper, OpenAI, MIT licence",
            description = "Where the weights come from, and their licence. Default: ${DEFAULT-VALUE}.")
    private String origin;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed of the router. Default: 1.")
    private long seed;

    @Override
    public Integer call() {
        WhisperCheckpoint checkpoint = WhisperCheckpoint.open(model, Optional.ofNullable(tokens), Set.of());
        String name = model.toAbsolutePath().normalize().getFileName().toString();
        TrainingStart dense = WhisperStart.of(checkpoint, name, origin);
        int layers = dense.architecture().layers();
        Upcycler.Network upcycled = upcycled(dense, layers);
        TrainingStart start = new TrainingStart(
                name, origin, upcycled.architecture(), dense.features(), upcycled.weights(), dense.tokenizer());
        try {
            start.write(output);
        } catch (IOException e) {
            throw new CommandException(
                    OmniscribeException.Kind.ENVIRONMENT,
                    output + " cannot be written (" + FailureText.reason(e) + "). Check the disk and its permissions.");
        }
        long weights = upcycled.weights().values().stream()
                .mapToLong(t -> t.data().length)
                .sum();
        command.commandLine()
                .getOut()
                .printf(
                        "%s: %d layers of width %d, experts %s, %.1f M weights, decoder included%n",
                        output,
                        layers,
                        upcycled.architecture().width(),
                        upcycled.architecture().formatExperts(),
                        weights / 1e6);
        return ExitCode.DONE;
    }

    private Upcycler.Network upcycled(TrainingStart dense, int layers) {
        try {
            return Upcycler.upcycle(
                    new Upcycler.Network(dense.architecture(), dense.weights()),
                    new Upcycler.Options(experts(layers), routing, gate, seed));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private List<Integer> experts(int layers) {
        if (routing == Routing.DENSE) {
            return Collections.nCopies(layers, 1);
        }
        return experts.matches("\\d{1,3}")
                ? Collections.nCopies(layers, Integer.parseInt(experts))
                : Architecture.parseExperts(experts);
    }
}
