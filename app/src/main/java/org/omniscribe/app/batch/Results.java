package org.omniscribe.app.batch;

import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.omniscribe.asr.io.AtomicFile;

/** The two files that tell what became of a batch, beside its journal. */
public final class Results {
    /** What became of every recording, one JSON object a line. */
    public static final String LINES = "results.jsonl";
    /** Counts and times of the last run, a JSON object. */
    public static final String SUMMARY = "results-summary.json";

    private Results() {}

    /**
     * The summary file.
     *
     * @param recordings how many the batch has
     * @param transcribed how many were transcribed this time
     * @param already how many had been before
     * @param failed how many failed, by kind
     * @param audioHours hours of audio transcribed this time
     * @param wallSeconds how long that took
     * @param speed audio time over wall-clock time
     * @param results where the lines are
     */
    public record Totals(
            int recordings,
            int transcribed,
            int already,
            Map<Failure.Kind, Integer> failed,
            double audioHours,
            double wallSeconds,
            double speed,
            String results) {
        /** Makes the totals of a batch. */
        public static Totals of(Summary summary, int already, double wallSeconds, Path folder) {
            return new Totals(
                    summary.done() + summary.failed() + already,
                    summary.done(),
                    already,
                    new TreeMap<>(summary.failures()),
                    rounded(summary.audioSeconds() / 3600, 1e6),
                    rounded(wallSeconds, 1e3),
                    rounded(summary.audioSeconds() / Math.max(wallSeconds, 1e-3), 10),
                    folder == null ? "" : folder.resolve(LINES).toString());
        }

        private static double rounded(double value, double parts) {
            return Math.round(value * parts) / parts;
        }
    }

    /** Whether a folder has one of them that is of another origin, as there is no journal beside it. */
    public static boolean inTheWay(Path folder) {
        return !Files.exists(folder.resolve(Journal.NAME))
                && (Files.exists(folder.resolve(LINES)) || Files.exists(folder.resolve(SUMMARY)));
    }

    /**
     * Writes both files, each whole or not at all.
     *
     * @param recordings the recordings of the batch in its order
     * @throws BatchException if they cannot be written
     */
    public static void write(Path folder, Journal journal, List<Path> recordings, Totals totals) {
        try {
            AtomicFile.replace(folder.resolve(LINES), out -> journal.writeResults(recordings, out));
            byte[] json =
                    Journal.JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(totals);
            AtomicFile.write(
                    folder.resolve(SUMMARY), out -> out.write(new String(json, StandardCharsets.UTF_8) + "\n"));
        } catch (IOException e) {
            throw new BatchException(
                    "the results cannot be written to " + folder + " (" + Journal.reason(e)
                            + "). The transcripts are there; make room and start again",
                    e);
        }
    }
}
