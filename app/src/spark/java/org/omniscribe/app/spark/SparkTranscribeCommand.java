package org.omniscribe.app.spark;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code omniscribe-spark transcribe}: recordings in, a table of transcripts out. */
@Command(
        name = "transcribe",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Transcribe recordings to a table, a row each.",
            "",
            "The same command again does what has no row yet, and what failed."
        })
final class SparkTranscribeCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT",
            defaultValue = "JSON",
            description = "How the table is written: ${COMPLETION-CANDIDATES}, the former an object a line. Default:"
                    + " ${DEFAULT-VALUE}.")
    private FileJob.Format format;

    @Option(
            names = "--max-seconds",
            paramLabel = "S",
            defaultValue = "Infinity",
            description = "Leave out recordings that are longer. Default: none is too long.")
    private double longest;

    @Override
    public Integer call() throws IOException {
        FileTask.Limits limits = cluster.limits(longest);
        try (SparkSession spark =
                SparkSession.builder().appName("omniscribe transcribe").getOrCreate()) {
            Setup setup = cluster.setup(spark);
            FileTask task = new FileTask(cluster.settings(setup), new TranscribeWork(setup), limits);
            FileJob.Totals totals = cluster.run(spark, new FileJob(spark, cluster.out(), format, task));
            return totals.failures() == 0 ? ExitCode.DONE : ExitCode.SOME_FAILED;
        }
    }
}
