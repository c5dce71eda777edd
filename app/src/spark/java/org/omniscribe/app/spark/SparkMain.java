package org.omniscribe.app.spark;

import org.omniscribe.app.command.CommandLines;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import picocli.CommandLine.Command;

/** What {@code spark-submit} runs. */
@Command(
        name = "omniscribe-spark",
        description = "English speech to text on a cluster, to be run by spark-submit.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SparkTranscribeCommand.class, SparkPseudoLabelCommand.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all done",
            "1:some recordings failed, the rest is done",
            "2:wrong usage",
            "3:the model cannot be used, or the cluster lacks something"
        })
public final class SparkMain {
    /** Runs one command; ends the virtual machine only if it failed, as YARN takes any other end by exit for a crash. */
    public static void main(String... args) {
        int code = CommandLines.run(new SparkMain(), args);
        if (code != ExitCode.DONE) {
            System.exit(code);
        }
    }
}
