package org.omniscribe.app.desktop.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A report of {@link org.omniscribe.eval.report.JsonReport}.
 *
 * @param normalizer name and version of what all texts went through
 * @param systems what was measured, in order
 */
record EvalReport(String normalizer, List<Measured> systems) {
    private static final ObjectMapper JSON = new ObjectMapper();

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
        byte[] bytes = Files.readAllBytes(file);
        try {
            JsonNode node = JSON.readTree(bytes);
            JsonNode normalizer = required(node, "normalizer");
            List<Measured> systems = new ArrayList<>();
            for (JsonNode system : required(node, "systems")) {
                systems.add(measured(system));
            }
            return new EvalReport(
                    normalizer.path("name").asText() + " "
                            + normalizer.path("version").asText(),
                    systems);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no report of omniscribe eval: " + e.getOriginalMessage(), e);
        } catch (CharConversionException e) {
            throw new IOException(file + " is no report of omniscribe eval: it is not written in UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is no report of omniscribe eval: " + e.getMessage(), e);
        }
    }

    private static Measured measured(JsonNode system) {
        List<Row> sets = new ArrayList<>();
        for (JsonNode set : required(system, "sets")) {
            sets.add(row(set));
        }
        return new Measured(
                required(system, "name").asText(),
                system.path("decoder").asText(),
                sets,
                row(required(system, "total")));
    }

    private static Row row(JsonNode set) {
        JsonNode interval = set.path("werInterval");
        return new Row(
                required(set, "name").asText(),
                set.path("utterances").asLong(),
                required(set, "words").asLong(),
                set.path("substitutions").asLong(),
                set.path("deletions").asLong(),
                set.path("insertions").asLong(),
                required(set, "wer").asDouble(Double.NaN),
                interval.path("low").asDouble(Double.NaN),
                interval.path("high").asDouble(Double.NaN),
                set.path("characters").path("cer").asDouble(Double.NaN));
    }

    private static JsonNode required(JsonNode node, String name) {
        if (node == null || !node.has(name)) {
            throw new IllegalArgumentException("it has no \"" + name + "\"");
        }
        return node.get(name);
    }
}
