package org.omniscribe.app.desktop.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;

/**
 * A report of {@link org.omniscribe.eval.report.JsonReport}.
 *
 * @param normalizer name and version of what all texts went through
 * @param systems what was measured, in order
 */
record EvalReport(String normalizer, List<Measured> systems) {
    private static final int MAX_FAULTS = 5;

    /**
     * A model, or transcripts that were imported.
     *
     * @param name of it
     * @param decoder how words were found; empty if that is not known
     * @param sets the test sets, in order
     * @param total all sets as one
     */
    record Measured(String name, String decoder, List<Row> sets, Row total) {}

    /**
     * A test set. Rates are fractions, NaN where there was nothing to measure.
     *
     * @param name of the set
     * @param utterances number of utterances
     * @param words reference words
     * @param substitutions words that were taken for others
     * @param deletions words that were missed
     * @param insertions words that were not said
     * @param wer word error rate
     * @param low lower end of its 95 % interval
     * @param high upper end of its 95 % interval
     * @param cer character error rate
     */
    record Row(
            String name,
            long utterances,
            long words,
            long substitutions,
            long deletions,
            long insertions,
            double wer,
            double low,
            double high,
            double cer) {}

    /**
     * Reads a report.
     *
     * @throws IOException if it cannot be read or is no report; the message says why
     */
    static EvalReport read(Path file) throws IOException {
        Faults faults = new Faults();
        JsonReader json = JsonReader.of(Files.readAllBytes(file), faults).lenient();
        JsonReader normalizer = json.field("normalizer");
        String name = normalizer.optional("name").map(JsonReader::text).orElse("") + " "
                + normalizer
                        .optional("version")
                        .map(value -> value.node().asText())
                        .orElse("");
        EvalReport report = new EvalReport(name, json.field("systems").list(EvalReport::measured));
        if (!faults.isEmpty()) {
            throw new IOException(file + " is no report of omniscribe eval: " + faults.text(MAX_FAULTS));
        }
        return report;
    }

    private static Measured measured(JsonReader system) {
        return new Measured(
                system.field("name").text(),
                system.optional("decoder").map(JsonReader::text).orElse(""),
                system.field("sets").list(EvalReport::row),
                row(system.field("total")));
    }

    private static Row row(JsonReader set) {
        Optional<JsonReader> interval = set.optional("werInterval");
        return new Row(
                set.field("name").text(),
                whole(set, "utterances"),
                set.field("words").wholeNumber(),
                whole(set, "substitutions"),
                whole(set, "deletions"),
                whole(set, "insertions"),
                number(set, "wer"),
                interval.map(ends -> number(ends, "low")).orElse(Double.NaN),
                interval.map(ends -> number(ends, "high")).orElse(Double.NaN),
                set.optional("characters").map(count -> number(count, "cer")).orElse(Double.NaN));
    }

    private static long whole(JsonReader set, String name) {
        return set.optional(name).map(JsonReader::wholeNumber).orElse(0L);
    }

    /** A number; not a number where there was nothing to measure. */
    private static double number(JsonReader set, String name) {
        return set.optional(name).map(JsonReader::number).orElse(Double.NaN);
    }
}
