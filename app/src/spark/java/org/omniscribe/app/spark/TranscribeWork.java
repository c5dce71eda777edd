package org.omniscribe.app.spark;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createStructField;
import static org.apache.spark.sql.types.DataTypes.createStructType;

import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.omniscribe.asr.ProgressListener;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;

/** Transcribes. */
record TranscribeWork(Setup setup) implements Work {
    private static final long serialVersionUID = 1L;

    private static final StructType WORD = createStructType(List.of(
            createStructField("word", StringType, false),
            createStructField("start", DoubleType, false),
            createStructField("end", DoubleType, false),
            createStructField("confidence", DoubleType, false)));

    private static final StructType SEGMENT = createStructType(List.of(
            createStructField("start", DoubleType, false),
            createStructField("end", DoubleType, false),
            createStructField("text", StringType, false),
            createStructField("words", createArrayType(WORD, false), false)));

    /** As in {@code results.jsonl} of a batch, and segments as in a transcript's JSON. */
    @Override
    public List<StructField> columns() {
        return List.of(
                createStructField("words", IntegerType, true),
                createStructField("confidence", DoubleType, true),
                createStructField("text", StringType, true),
                createStructField("segments", createArrayType(SEGMENT, false), true),
                createStructField("warnings", createArrayType(StringType, false), true));
    }

    @Override
    public Done on(String name, Supplier<AudioReader> reader, ProgressListener listener) {
        Transcript transcript;
        try (AudioReader sound = reader.get()) {
            transcript = setup.recognizer().transcribe(sound, name, listener);
        }
        List<Word> words = transcript.words();
        return new Done(
                transcript.duration(),
                words.size(),
                words.isEmpty()
                        ? null
                        : FileJob.rounded(
                                words.stream()
                                        .mapToDouble(Word::confidence)
                                        .average()
                                        .orElse(0),
                                4),
                transcript.text(),
                transcript.segments().stream().map(TranscribeWork::row).toArray(),
                transcript.warnings().toArray());
    }

    private static Row row(Segment segment) {
        return RowFactory.create(
                FileJob.rounded(segment.start(), 3),
                FileJob.rounded(segment.end(), 3),
                segment.text(),
                segment.words().stream()
                        .map(word -> RowFactory.create(
                                word.text(),
                                FileJob.rounded(word.start(), 3),
                                FileJob.rounded(word.end(), 3),
                                FileJob.rounded(word.confidence(), 4)))
                        .toArray());
    }
}
