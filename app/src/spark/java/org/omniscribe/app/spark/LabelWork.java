package org.omniscribe.app.spark;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createStructField;
import static org.apache.spark.sql.types.DataTypes.createStructType;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.omniscribe.asr.ProgressListener;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.export.label.Candidate;
import org.omniscribe.export.label.Labeler;
import org.omniscribe.export.label.LabelledRecording;

/**
 * Labels.
 *
 * @param second is asked, too; null for nobody
 * @param longest no stretch is longer, in seconds, unless a single word is
 */
record LabelWork(Setup setup, Setup second, double longest) implements Work {
    private static final long serialVersionUID = 1L;

    private static final StructType CANDIDATE = createStructType(List.of(
            createStructField("start", DoubleType, false),
            createStructField("end", DoubleType, false),
            createStructField("text", StringType, false),
            createStructField("confidence", DoubleType, false),
            createStructField("speech", DoubleType, false),
            createStructField("agreement", DoubleType, true)));

    @Override
    public List<StructField> columns() {
        return List.of(
                createStructField("sound", StringType, true),
                createStructField("candidates", createArrayType(CANDIDATE, false), true));
    }

    @Override
    public Done on(String name, Supplier<AudioReader> reader, ProgressListener listener) {
        LabelledRecording labelled = new Labeler(
                        setup.recognizer(), Optional.ofNullable(second).map(Setup::recognizer), longest)
                .label(name, reader, listener);
        return new Done(
                labelled.seconds(),
                labelled.sound(),
                labelled.candidates().stream().map(LabelWork::row).toArray());
    }

    private static Row row(Candidate one) {
        return RowFactory.create(one.start(), one.end(), one.text(), one.confidence(), one.speech(), one.agreement());
    }

    /** A candidate of a row that this has written. */
    static Candidate candidate(Row row) {
        return new Candidate(
                row.getDouble(0),
                row.getDouble(1),
                row.getString(2),
                row.getDouble(3),
                row.getDouble(4),
                row.isNullAt(5) ? null : row.getDouble(5));
    }
}
