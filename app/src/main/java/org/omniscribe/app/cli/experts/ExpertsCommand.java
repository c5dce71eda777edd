package org.omniscribe.app.cli.experts;

import org.omniscribe.app.command.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code omniscribe experts}: what the experts of a model do, and models with other experts. */
@Command(
        name = "experts",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Look at the experts of a model, try what happens without them, and make models with fewer.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ExpertsReportCommand.class,
            ExpertsAblateCommand.class,
            ExpertsReshapeCommand.Prune.class,
            ExpertsReshapeCommand.Merge.class,
        })
public final class ExpertsCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "say what: report, ablate, prune or merge");
    }
}
