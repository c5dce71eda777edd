package org.omniscribe.app.spark;

import java.io.Serializable;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.types.StructField;
import org.omniscribe.asr.ProgressListener;
import org.omniscribe.asr.audio.AudioReader;

/** What an executor makes of a recording. */
interface Work extends Serializable {
    /** The columns that it fills, besides those that every {@link FileJob} has. */
    List<StructField> columns();

    /**
     * Works on a recording.
     *
     * @param name its URI
     * @param reader opens it
     * @param listener is told how far the work has come; throws if it is to end
     * @throws org.omniscribe.asr.audio.AudioException if it cannot be read as sound
     * @throws org.omniscribe.asr.model.ModelException if the network fails
     */
    Done on(String name, Supplier<AudioReader> reader, ProgressListener listener);

    /**
     * What came out.
     *
     * @param seconds length of the recording
     * @param values of the {@link #columns}
     */
    record Done(double seconds, Object... values) {}
}
