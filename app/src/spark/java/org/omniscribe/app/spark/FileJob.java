package org.omniscribe.app.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.asr.io.OmniscribeException.Kind;

/**
 * Does some work on every recording of a list that is not done yet, on a cluster, and appends a row for each to a table.
 *
 * <p>The table is a folder with {@code status=DONE} and {@code status=FAILED} in it, as Spark lays out partitions. A task
 * writes one file for each, and Spark's committer renames it into its place when the task has ended (version 2 of the
 * algorithm: not only when the whole job has), one attempt at each task alone. So a row is there or it is not, what a job
 * that was killed had finished is kept, and the next one does what has no row: every recording is done exactly once.
 */
final class FileJob {
    /** The ways to write a table. */
    enum Format {
        JSON,
        PARQUET
    }

    /**
     * What became of it.
     *
     * @param recordings how many there are
     * @param done how many were done this time
     * @param already how many had been before
     * @param changed how many of those that were done this time had been done before in another state of their file
     * @param failed how many failed, by kind
     * @param audioHours hours of audio that were done this time
     * @param wallSeconds how long that took
     * @param speed audio time over wall-clock time
     */
    record Totals(
            long recordings,
            long done,
            long already,
            long changed,
            Map<String, Long> failed,
            double audioHours,
            double wallSeconds,
            double speed) {
        long failures() {
            return failed.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private final SparkSession spark;
    private final String table;
    private final Format format;
    private final FileTask task;

    /**
     * Prepares a job.
     *
     * @param table where the rows go, a folder of any file system of Hadoop's
     */
    FileJob(SparkSession spark, String table, Format format, FileTask task) {
        this.spark = spark;
        this.table = table;
        this.format = format;
        this.task = task;
    }

    /**
     * Does what is not done.
     *
     * @param recordings each once
     * @param taskBytes how many bytes of recordings a task shall have
     * @throws CommandException if the table was made in another way
     */
    Totals run(List<RemoteFile> recordings, long taskBytes) throws IOException {
        long begun = System.nanoTime();
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Configuration hadoop = context.hadoopConfiguration();
        clear(hadoop);
        Set<RemoteFile> before = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (Row row : rows(FileTask.DONE)
                .select("file", "bytes", "modified", "settings")
                .collectAsList()) {
            if (!row.getString(3).equals(task.settings())) {
                throw new CommandException(
                        Kind.USAGE,
                        table + " was made with another model or other options; nothing was done. Name another folder"
                                + " after --out");
            }
            before.add(new RemoteFile(row.getString(0), row.getLong(1), row.getLong(2)));
            names.add(row.getString(0));
        }
        double heardBefore = heard();
        List<RemoteFile> left =
                recordings.stream().filter(file -> !before.contains(file)).toList();
        if (!left.isEmpty()) {
            List<List<RemoteFile>> tasks = deal(left, taskBytes, context.defaultParallelism());
            Broadcast<SerializableConfiguration> shipped = context.broadcast(new SerializableConfiguration(hadoop));
            // What is named in the lambda travels to the executors; this job cannot.
            FileTask work = task;
            JavaRDD<Row> rows = context.parallelize(tasks, tasks.size()).flatMap(files -> files.stream()
                    .map(file -> work.row(file, shipped.value().value()))
                    .iterator());
            spark.createDataFrame(rows, task.schema())
                    .write()
                    .mode(SaveMode.Append)
                    .option("mapreduce.fileoutputcommitter.algorithm.version", "2")
                    .partitionBy("status")
                    .format(format.name().toLowerCase(Locale.ROOT))
                    .save(table);
        }
        double wall = (System.nanoTime() - begun) / 1e9;
        double audio = heard() - heardBefore;
        Map<String, Long> failed = failures();
        long failures = failed.values().stream().mapToLong(Long::longValue).sum();
        return new Totals(
                recordings.size(),
                left.size() - failures,
                recordings.size() - left.size(),
                left.stream().filter(file -> names.contains(file.uri())).count(),
                failed,
                rounded(audio / 3600, 6),
                rounded(wall, 3),
                rounded(audio / wall, 1));
    }

    /** Takes away what failed before, which is tried again, and what a job that was killed left half done. */
    private void clear(Configuration hadoop) throws IOException {
        FileSystem files = new Path(table).getFileSystem(hadoop);
        files.delete(new Path(table, "status=" + FileTask.FAILED), true);
        files.delete(new Path(table, "_temporary"), true);
    }

    /** The rows of a status; none if there is no table yet. */
    Dataset<Row> rows(String status) throws IOException {
        Path folder = new Path(table, "status=" + status);
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        return folder.getFileSystem(hadoop).exists(folder)
                ? spark.read()
                        .schema(task.schema())
                        .format(format.name().toLowerCase(Locale.ROOT))
                        .load(folder.toString())
                : spark.createDataFrame(List.of(), task.schema());
    }

    private double heard() throws IOException {
        Row sum = rows(FileTask.DONE).agg(sum(col("seconds"))).first();
        return sum.isNullAt(0) ? 0 : sum.getDouble(0);
    }

    private Map<String, Long> failures() throws IOException {
        Map<String, Long> failed = new TreeMap<>();
        for (Row row :
                rows(FileTask.FAILED).groupBy(col("kind")).agg(count(lit(1))).collectAsList()) {
            failed.put(row.getString(0), row.getLong(1));
        }
        return failed;
    }

    /**
     * Deals recordings to tasks of about equal size, the largest first, so that no long one comes last.
     *
     * @param taskBytes size of a task, unless there would be fewer tasks than processors
     * @param processors of the cluster
     * @return no list empty
     */
    static List<List<RemoteFile>> deal(List<RemoteFile> files, long taskBytes, int processors) {
        long bytes = files.stream().mapToLong(RemoteFile::bytes).sum();
        int tasks = (int) Math.min(files.size(), Math.max(processors, Math.min(1_000_000, bytes / taskBytes + 1)));
        record Hand(int index, long bytes) {}
        PriorityQueue<Hand> hands =
                new PriorityQueue<>(Comparator.comparingLong(Hand::bytes).thenComparingInt(Hand::index));
        List<List<RemoteFile>> dealt = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            dealt.add(new ArrayList<>());
            hands.add(new Hand(i, 0));
        }
        files.stream()
                .sorted(Comparator.comparingLong(RemoteFile::bytes).reversed().thenComparing(RemoteFile::uri))
                .forEach(file -> {
                    Hand least = hands.remove();
                    dealt.get(least.index()).add(file);
                    // One more, so that empty files are dealt out, too.
                    hands.add(new Hand(least.index(), least.bytes() + file.bytes() + 1));
                });
        return dealt;
    }

    static double rounded(double value, int decimals) {
        double parts = Math.pow(10, decimals);
        return Math.round(value * parts) / parts;
    }
}
