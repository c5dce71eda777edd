package org.omniscribe.app.cli.train;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.life.Life;
import org.omniscribe.app.life.OutputException;
import org.omniscribe.export.train.Trainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe train}: train a network after a recipe, or go on with a run. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Train an Omni-router network after a recipe.",
            "",
            "Start it again with the same recipe and folder, and it goes on where it was, whatever ended it. The folder"
                    + " gets the state of the run, curve.jsonl with losses and error rates, and model.safetensors and"
                    + " best.safetensors, which 'omniscribe export' takes."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe train model-export/recipes/base.json --data speech/ --run runs/base",
            "  omniscribe export runs/base/best.safetensors -o base.zip"
        })
public final class TrainCommand implements Runnable {
    private static final Duration SAVE = Duration.ofSeconds(60);

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "RECIPE", description = "The recipe, a JSON file; see model-export/recipes.")
    private Path recipe;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The folder that the recipe's paths start from. Default: the recipe's own.")
    private Path data;

    @Option(
            names = "--run",
            paramLabel = "DIR",
            required = true,
            description = "The folder of this run; made if missing.")
    private Path run;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where computed features are kept, about 60 MB an hour of speech. Default: RUN/../cache,"
                    + " so that runs beside each other share it.")
    private Path cache;

    @Override
    public void run() {
        if (data != null && !Files.isDirectory(data)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--data " + data + " is no folder; name the one that the recipe's paths start from");
        }
        PrintWriter out = command.commandLine().getOut();
        Path base = data != null ? data : recipe.toAbsolutePath().getParent();
        Path features = cache != null ? cache : run.toAbsolutePath().resolveSibling("cache");
        // Where nobody reads any more, the run ends after the update at hand.
        AtomicReference<OutputException> unread = new AtomicReference<>();
        Trainer[] running = new Trainer[1];
        try (Trainer trainer = new Trainer(recipe, base, run, features, line -> {
            try {
                out.println(line);
            } catch (OutputException e) {
                if (running[0] == null) {
                    throw e;
                }
                unread.set(e);
                running[0].stop();
            }
        })) {
            running[0] = trainer;
            // Ctrl-C ends the run after the update at hand, with its state saved.
            boolean trained = Life.during(SAVE, trainer::stop, trainer::run);
            if (unread.get() != null) {
                throw unread.get();
            }
            if (trained) {
                out.println("trained; a model of it: omniscribe export " + run + " -o model.zip");
                out.flush();
            }
        }
    }
}
