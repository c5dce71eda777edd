package org.omniscribe.app;

import org.omniscribe.app.cli.data.DataCommand;
import org.omniscribe.app.cli.eval.EvalCommand;
import org.omniscribe.app.cli.eval.ScoreCommand;
import org.omniscribe.app.cli.experts.ExpertsCommand;
import org.omniscribe.app.cli.live.LiveCommand;
import org.omniscribe.app.cli.lm.LanguageModelCommand;
import org.omniscribe.app.cli.model.ExportCommand;
import org.omniscribe.app.cli.model.FeaturesCommand;
import org.omniscribe.app.cli.model.ModelCommand;
import org.omniscribe.app.cli.model.TuneCommand;
import org.omniscribe.app.cli.train.ExperimentCommand;
import org.omniscribe.app.cli.train.PseudoLabelCommand;
import org.omniscribe.app.cli.train.TrainCommand;
import org.omniscribe.app.cli.train.UpcycleCommand;
import org.omniscribe.app.cli.transcribe.TranscribeCommand;
import org.omniscribe.app.command.Verbosity;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.desktop.DesktopCommand;
import org.omniscribe.app.serve.ServeCommand;
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
            UpcycleCommand.class,
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
public final class OmniscribeCommand implements Verbosity.Chosen {
    @Mixin
    private final Verbosity verbosity = new Verbosity();

    @Override
    public Verbosity verbosity() {
        return verbosity;
    }
}
