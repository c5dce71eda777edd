package org.omniscribe.app.cli.train;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.experts.Experiment;
import org.omniscribe.app.experts.ExperimentConfig;
import org.omniscribe.app.life.Life;
import org.omniscribe.asr.decode.LanguageModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe experiment}: dense, Switch and Omni-router networks trained alike, measured and compared. */
@Command(
        name = "experiment",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Train networks that differ in routing, experts and seed only, or in whatever the config varies, and"
                    + " compare them.",
            "",
            "Networks that are done are left alone, so that it goes on where it was when it is started again, also"
                    + " with more seeds. The folder gets table.md, results.json and charts; they are written anew after"
                    + " every network."
        },
        footerHeading = "%nExample:%n",
        footer = "  omniscribe experiment model-export/recipes/omni-study.json --data speech/ --out runs/omni-study")
public final class ExperimentCommand implements Callable<Integer> {
    private static final Duration SAVE = Duration.ofSeconds(60);

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "CONFIG", description = "The experiment, a JSON file; see model-export/recipes.")
    private Path file;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "The folder that the paths in it start from.")
    private Path data;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Where everything goes; made if missing.")
    private Path out;

    @Option(
            names = "--lm",
            paramLabel = "FILE",
            description = "A language model to measure the networks with too; those that are done as well.")
    private Path languageModel;

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(data)) {
            throw new ParameterException(
                    command.commandLine(), "--data " + data + " is no folder; name the one that the paths start from");
        }
        PrintWriter err = command.commandLine().getErr();
        Experiment experiment = new Experiment(
                ExperimentConfig.read(file),
                data,
                out,
                Optional.ofNullable(languageModel).map(LanguageModel::read),
                line -> {
                    err.println(line);
                    err.flush();
                });
        // Ctrl-C ends it after the update at hand, with its state saved.
        Experiment.Outcome outcome = Life.during(SAVE, experiment::stop, experiment::run);
        command.commandLine().getOut().print(outcome.table());
        command.commandLine().getOut().flush();
        return outcome.complete() ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }
}
