package org.omniscribe.app.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;

/**
 * A line of {@code results.jsonl}: what became of one recording. The same recording, model and options always give the
 * same line.
 *
 * @param file the recording, as the user named it
 * @param status what became of it
 * @param seconds its length; null if it failed
 * @param words number of words; null if it failed
 * @param confidence mean confidence of its words, 0 to 1; null if it failed or has no words
 * @param text what was said; null if it failed
 * @param outputs the files that hold its transcript, absolute
 * @param warnings what was wrong with it, in sentences
 * @param failure why it failed; null if it did not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Result(
        String file,
        Status status,
        Double seconds,
        Integer words,
        Double confidence,
        String text,
        List<String> outputs,
        List<String> warnings,
        Failure failure) {
    /** What became of a recording. */
    enum Status {
        DONE,
        FAILED
    }

    static Result done(Job job, Transcript transcript) {
        List<Word> words = transcript.words();
        return new Result(
                job.recording().toString(),
                Status.DONE,
                rounded(transcript.duration(), 1000),
                words.size(),
                words.isEmpty()
                        ? null
                        : rounded(
                                words.stream()
                                        .mapToDouble(Word::confidence)
                                        .average()
                                        .orElse(0),
                                10_000),
                transcript.text(),
                job.outputs().stream()
                        .map(output -> output.file().toAbsolutePath().toString())
                        .toList(),
                transcript.warnings(),
                null);
    }

    static Result failed(Job job, Failure failure) {
        return new Result(
                job.recording().toString(), Status.FAILED, null, null, null, null, List.of(), List.of(), failure);
    }

    private static double rounded(double value, int parts) {
        return Math.round(value * parts) / (double) parts;
    }
}
