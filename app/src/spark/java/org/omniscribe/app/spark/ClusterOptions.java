package org.omniscribe.app.spark;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.command.SettingsHash;
import org.omniscribe.app.option.ChannelOption;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.io.OmniscribeException.Kind;
import org.omniscribe.asr.model.ModelBundle;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that every job has, and what they make of a Spark session. */
final class ClusterOptions {
    /** What was done, beside the table; Spark does not read files with an underline. */
    private static final String SUMMARY = "_summary.json";

    /** Options that change nothing in what is heard. */
    private static final Set<String> NO_MATTER = Set.of(
            "--out",
            "--model",
            "--agree-with",
            "--format",
            "--max-time",
            "--task-megabytes",
            "--min-seconds",
            "--min-confidence",
            "--min-speech",
            "--min-agreement",
            "--max-repeats");

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Parameters(
            arity = "1..*",
            paramLabel = "URI",
            description =
                    "Recordings, folders, which are searched for them, and patterns, in any file system that Hadoop"
                            + " knows: hdfs://..., s3a://..., file:///...")
    private List<String> named;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "URI",
            description = "The folder for what comes out, in any file system, too. One job at a time may work in it.")
    private String out;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "URI",
            description =
                    "The model, a zip file; it is brought to every executor once. Default: the one that is built in.")
    private String model;

    @Option(
            names = "--decoder",
            paramLabel = "DECODER",
            description = "How words are found: ${COMPLETION-CANDIDATES}. Default: as the model asks for.")
    private Setup.Words words;

    @Mixin
    private ChannelOption channel;

    @Option(
            names = "--max-time",
            paramLabel = "S",
            defaultValue = "Infinity",
            description = "Abandon a recording that takes longer, in seconds. Default: none.")
    private double time;

    @Option(
            names = "--task-megabytes",
            paramLabel = "MB",
            defaultValue = "256",
            description =
                    "Recordings for one task, which is what is lost if an executor dies; fewer where there would be"
                            + " fewer tasks than processors. Default: ${DEFAULT-VALUE}.")
    private long taskMegabytes;

    String out() {
        return out;
    }

    FileTask.Limits limits(double longest) {
        if (!(longest > 0)) {
            throw usage("--max-seconds must be positive, not " + longest);
        }
        if (!(time > 0)) {
            throw usage("--max-time must be positive, not " + time);
        }
        if (taskMegabytes < 1 || taskMegabytes > 1 << 20) {
            throw usage("--task-megabytes must be from 1 to " + (1 << 20) + ", not " + taskMegabytes);
        }
        return new FileTask.Limits(channel.channel() instanceof Channel.Pick one ? one.index() : -1, longest, time);
    }

    /** The recognizer to use on executors, its model on its way to them. */
    Setup setup(SparkSession spark) {
        return setup(spark, model);
    }

    /** As {@link #setup(SparkSession)}, for another model. */
    Setup setup(SparkSession spark, String bundle) {
        if (bundle == null) {
            return new Setup(null, words);
        }
        try {
            spark.sparkContext().addFile(bundle);
        } catch (RuntimeException e) {
            throw new CommandException(
                    Kind.ENVIRONMENT,
                    bundle + " cannot be brought to the executors (" + e.getMessage() + "); name a zip file");
        }
        return new Setup(new Path(bundle).getName(), words);
    }

    /** Hash of all that is heard depends on, besides the recordings. */
    String settings(Setup setup) {
        ModelBundle bundle = setup.file().map(ModelBundle::open).orElseGet(ModelBundle::openDefault);
        return SettingsHash.of(command.commandLine().getParseResult(), bundle.manifest(), NO_MATTER);
    }

    /** Does the job and tells what became of it. */
    FileJob.Totals run(SparkSession spark, FileJob job) throws IOException {
        PrintWriter err = command.commandLine().getErr();
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        List<RemoteFile> recordings = RemoteFile.list(named, hadoop);
        if (recordings.isEmpty()) {
            throw new CommandException(
                    Kind.INPUT,
                    "no recordings found; name files themselves if their names do not end like audio (.wav, .flac,"
                            + " .mp3, ...)");
        }
        err.printf(Locale.ROOT, "omniscribe-spark: %d recordings%n", recordings.size());
        err.flush();
        FileJob.Totals totals = job.run(recordings, taskMegabytes << 20);
        Path summary = new Path(out, SUMMARY);
        try (FSDataOutputStream file = summary.getFileSystem(hadoop).create(summary, true)) {
            file.write(JsonMapper.builder()
                    .build()
                    .writer(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsBytes(totals));
        }
        err.printf(
                Locale.ROOT,
                "omniscribe-spark: %d done, %d already, %d failed %s; %.3f h of audio in %.0f s, %.0f x real time%n",
                totals.done(),
                totals.already(),
                totals.failures(),
                totals.failed(),
                totals.audioHours(),
                totals.wallSeconds(),
                totals.speed());
        if (totals.changed() > 0) {
            err.printf(
                    Locale.ROOT,
                    "omniscribe-spark: %d of them had changed; they have a row more, and the one with the later"
                            + " \"modified\" holds%n",
                    totals.changed());
        }
        err.flush();
        return totals;
    }

    ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
