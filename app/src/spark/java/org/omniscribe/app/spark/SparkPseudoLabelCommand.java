package org.omniscribe.app.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createStructField;
import static org.apache.spark.sql.types.DataTypes.createStructType;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructType;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.option.SelectionOptions;
import org.omniscribe.export.label.Candidate;
import org.omniscribe.export.label.Selection;
import org.omniscribe.export.label.Selection.Reason;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code omniscribe-spark pseudo-label}: training data of recordings that nobody has transcribed. */
@Command(
        name = "pseudo-label",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Transcribe recordings and write a manifest to train on of what is likely to be right, by the rules of"
                    + " \"omniscribe pseudo-label\".",
            "",
            "OUT/labels has all that was heard: the same command goes on after an interruption, and other limits can be"
                    + " tried without recognising anything again. OUT/manifest.jsonl is what is kept."
        })
final class SparkPseudoLabelCommand implements Callable<Integer> {
    private static final StructType STRETCH = createStructType(List.of(
            createStructField("file", StringType, false),
            createStructField("start", DoubleType, false),
            createStructField("seconds", DoubleType, false),
            createStructField("text", StringType, false),
            createStructField("line", StringType, false),
            createStructField("reason", StringType, true)));

    @Spec
    private CommandSpec command;

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--agree-with",
            paramLabel = "URI",
            description = "A second model, which must have heard nearly the same.")
    private String second;

    @Mixin
    private SelectionOptions selection;

    @Override
    public Integer call() throws IOException {
        Selection.Rules rules = selection.rules();
        FileTask.Limits limits = cluster.limits(Double.POSITIVE_INFINITY);
        try (SparkSession spark =
                SparkSession.builder().appName("omniscribe pseudo-label").getOrCreate()) {
            Setup setup = cluster.setup(spark);
            Setup other = second == null ? null : cluster.setup(spark, second);
            String settings = cluster.settings(setup) + (other == null ? "" : " " + cluster.settings(other));
            FileTask task = new FileTask(settings, new LabelWork(setup, other, rules.maxSeconds()), limits);
            FileJob job = new FileJob(spark, cluster.out() + "/labels", FileJob.Format.PARQUET, task);
            FileJob.Totals totals = cluster.run(spark, job);
            select(spark, job.rows(FileTask.DONE), rules);
            return totals.failures() == 0 ? ExitCode.DONE : ExitCode.SOME_FAILED;
        }
    }

    /** What {@link Selection#of} does, without all labels in one memory. */
    private void select(SparkSession spark, Dataset<Row> labels, Selection.Rules rules) throws IOException {
        Dataset<Row> numbered = labels.select(
                col("file"),
                col("seconds"),
                col("candidates"),
                place("sound", "file").as("copy"));
        Dataset<Row> once = numbered.where(col("copy").equalTo(1));
        JavaRDD<Row> judged = once.select(col("file"), explode(col("candidates")))
                .javaRDD()
                .map(row -> {
                    Candidate candidate = LabelWork.candidate(row.getStruct(1));
                    return RowFactory.create(
                            row.getString(0),
                            candidate.start(),
                            candidate.seconds(),
                            Selection.sameText(candidate.text()),
                            candidate.manifestLine(audio(row.getString(0))),
                            rules.against(candidate).map(Reason::name).orElse(null));
                });
        Dataset<Row> stretches = spark.createDataFrame(judged, STRETCH).cache();
        Dataset<Row> counted = stretches
                .where(col("reason").isNull())
                .withColumn("repeat", place("text", "file", "start"))
                .cache();
        Dataset<Row> kept = counted.where(col("repeat").leq(rules.maxRepeats()));
        Path manifest = new Path(cluster.out(), "manifest.jsonl");
        write(kept.orderBy("file", "start").select("line").toLocalIterator(), spark, manifest);

        Map<Reason, Long> dropped = new EnumMap<>(Reason.class);
        for (Row row : stretches
                .where(col("reason").isNotNull())
                .groupBy("reason")
                .agg(count(lit(1)))
                .collectAsList()) {
            dropped.put(Reason.valueOf(row.getString(0)), row.getLong(1));
        }
        Row keptTotals = kept.agg(count(lit(1)), sum("seconds")).first();
        long repeated = counted.count() - keptTotals.getLong(0);
        if (repeated > 0) {
            dropped.put(Reason.REPEATED, repeated);
        }
        Row all = once.agg(count(lit(1)), sum("seconds")).first();
        Row twice = numbered.where(col("copy").gt(1))
                .agg(count(lit(1)), min("file"))
                .first();
        SelectionOptions.tell(
                command.commandLine().getErr(),
                new Selection.Counts(
                        all.getLong(0) + twice.getLong(0),
                        keptTotals.getLong(0),
                        keptTotals.isNullAt(1) ? 0 : keptTotals.getDouble(1),
                        all.isNullAt(1) ? 0 : all.getDouble(1),
                        dropped,
                        twice.getLong(0),
                        twice.getString(1)),
                manifest.toString());
    }

    /** The place of a row among those that are alike, counted from 1. */
    private static Column place(String alike, String... order) {
        Column[] by = new Column[order.length];
        for (int i = 0; i < order.length; i++) {
            by[i] = col(order[i]);
        }
        return row_number().over(Window.partitionBy(col(alike)).orderBy(by));
    }

    /** As training reads it: a file by its path, all else by its URI. */
    private static String audio(String uri) {
        return uri.startsWith("file:") ? new Path(uri).toUri().getPath() : uri;
    }

    /** One file, since that is what training takes; renamed into its place when it is whole. */
    private static void write(Iterator<Row> lines, SparkSession spark, Path manifest) throws IOException {
        FileSystem files = manifest.getFileSystem(spark.sparkContext().hadoopConfiguration());
        Path part = new Path(manifest.getParent(), "_manifest.part");
        try (Writer writer =
                new BufferedWriter(new OutputStreamWriter(files.create(part, true), StandardCharsets.UTF_8))) {
            while (lines.hasNext()) {
                writer.write(lines.next().getString(0) + "\n");
            }
        }
        files.delete(manifest, false);
        files.rename(part, manifest);
    }
}
