package org.omniscribe.app.cli;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;

/** The root command; it does nothing itself. New commands are added to its list and nowhere else. */
@Command(
        name = "omniscribe",
        description = "English speech to text on this machine.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            TranscribeCommand.class,
            LiveCommand.class,
            ServeCommand.class,
            DesktopCommand.class,
            EvalCommand.class,
            ScoreCommand.class,
            DataCommand.class,
            ModelCommand.class,
            ExportCommand.class,
            LanguageModelCommand.class,
            TuneCommand.class,
            FeaturesCommand.class,
            ExpertsCommand.class,
            TrainCommand.class,
            ExperimentCommand.class,
            PseudoLabelCommand.class,
            GenerateCompletion.class,
            HelpCommand.class,
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all done",
            "1:some inputs failed, the rest is done",
            "2:wrong usage",
            "3:the model cannot be used, or the machine lacks something"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe transcribe talk.wav",
            "  omniscribe help transcribe",
            "  source <(omniscribe generate-completion)      completion for bash and zsh"
        })
final class OmniscribeCommand {
    @Mixin
    private final Verbosity verbosity = new Verbosity();

    /** How much is to be told. */
    Verbosity verbosity() {
        return verbosity;
    }
}
