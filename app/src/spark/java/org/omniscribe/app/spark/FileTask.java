package org.omniscribe.app.spark;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createStructField;
import static org.apache.spark.sql.types.DataTypes.createStructType;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.omniscribe.app.batch.Failure;
import org.omniscribe.asr.ProgressListener;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.model.ModelException;

/**
 * What an executor does with a recording: opens it where it is, has the work done, and makes a row of it.
 *
 * @param settings hash of all that a row depends on, besides the recording
 * @param work what is to be done
 * @param limits what is asked of a recording
 */
record FileTask(String settings, Work work, Limits limits) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The state of a recording that was worked on, and of one that failed; as rows have it. */
    static final String DONE = "DONE";

    static final String FAILED = "FAILED";

    /**
     * What is asked of recordings.
     *
     * @param channel the channel to listen to, counted from 0; negative for all of them mixed
     * @param longest seconds; infinite for no limit
     * @param time seconds of work on one recording; infinite for no limit. Looked at whenever a piece of about 20 s is done
     */
    record Limits(int channel, double longest, double time) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** A recording broke a limit. */
    private static final class Abandoned extends RuntimeException {
        private final Failure.Kind kind;

        Abandoned(Failure.Kind kind, String message) {
            super(message, null, false, false);
            this.kind = kind;
        }
    }

    /** The columns of a row. */
    StructType schema() {
        List<StructField> columns = new ArrayList<>(List.of(
                createStructField("file", StringType, false),
                createStructField("bytes", LongType, false),
                createStructField("modified", LongType, false),
                createStructField("settings", StringType, false),
                createStructField("status", StringType, false),
                createStructField("seconds", DoubleType, true)));
        columns.addAll(work.columns());
        columns.add(createStructField("kind", StringType, true));
        columns.add(createStructField("message", StringType, true));
        return createStructType(columns);
    }

    /**
     * The row of a recording.
     *
     * @throws ModelException if the network fails, which no other recording would survive
     */
    Row row(RemoteFile file, Configuration hadoop) {
        try {
            Work.Done done = work.on(file.uri(), () -> open(file, hadoop), watch());
            if (!file.unchanged(hadoop)) {
                return failed(file, Failure.Kind.CHANGED, "was changed while it was read; start again");
            }
            return row(file, DONE, FileJob.rounded(done.seconds(), 3), Arrays.asList(done.values()), null, null);
        } catch (TaskKilledException | ModelException e) {
            throw e;
        } catch (Abandoned e) {
            return failed(file, e.kind, e.getMessage());
        } catch (AudioException | IOException | UncheckedIOException e) {
            return failed(file, Failure.Kind.UNREADABLE, e.getMessage());
        } catch (OutOfMemoryError e) {
            return failed(
                    file, Failure.Kind.MEMORY, "needs more memory than the executor has (" + e.getMessage() + ")");
        } catch (RuntimeException | StackOverflowError e) {
            return failed(file, Failure.Kind.UNEXPECTED, e.toString());
        }
    }

    private AudioReader open(RemoteFile file, Configuration hadoop) {
        try {
            Channel channel = limits.channel() < 0 ? new Channel.Mix() : new Channel.Pick(limits.channel());
            AudioReader reader = AudioReader.open(file.open(hadoop), file.uri(), channel);
            if (reader.seconds() > limits.longest()) {
                reader.close();
                throw tooLong(reader.seconds());
            }
            return reader;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Abandoned tooLong(double seconds) {
        return new Abandoned(
                Failure.Kind.TOO_LONG,
                "has " + Math.round(seconds) + " s, more than the " + Math.round(limits.longest())
                        + " s that --max-seconds allows");
    }

    private ProgressListener watch() {
        long begun = System.nanoTime();
        TaskContext context = TaskContext.get();
        return (seconds, total) -> {
            if (context.isInterrupted()) {
                throw new TaskKilledException();
            }
            if (seconds > limits.longest()) {
                throw tooLong(seconds);
            }
            if ((System.nanoTime() - begun) / 1e9 > limits.time()) {
                throw new Abandoned(
                        Failure.Kind.STUCK,
                        "took longer than the " + limits.time() + " s that --max-time allows, and was abandoned");
            }
        };
    }

    private Row failed(RemoteFile file, Failure.Kind kind, String message) {
        List<Object> nothing = Collections.nCopies(work.columns().size(), null);
        return row(file, FAILED, null, nothing, kind.name(), message);
    }

    private Row row(RemoteFile file, String status, Double seconds, List<?> values, String kind, String message) {
        List<Object> row = new ArrayList<>();
        Collections.addAll(row, file.uri(), file.bytes(), file.modified(), settings, status, seconds);
        row.addAll(values);
        Collections.addAll(row, kind, message);
        return RowFactory.create(row.toArray());
    }
}
