package org.omniscribe.app.batch;

import java.nio.file.Path;
import java.util.List;
import org.omniscribe.asr.transcript.TranscriptFormat;

/**
 * A recording and what is to be written of it.
 *
 * @param recording the audio file, as the user named it
 * @param stamp its state when the batch was planned
 * @param outputs at least one
 */
public record Job(Path recording, Stamp stamp, List<Output> outputs) {
    /**
     * A transcript in one format.
     *
     * @param format the format
     * @param file where to write it; null for standard output
     */
    public record Output(TranscriptFormat format, Path file) {}

    /** A job that writes to standard output. */
    public static Job toStandardOutput(Path recording, TranscriptFormat format) {
        return new Job(recording, Stamp.of(recording), List.of(new Output(format, null)));
    }
}
