package org.omniscribe.eval.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.eval.score.MacroAverage;

/**
 * A row of the published table of Omni-router models: nothing of it was measured here.
 *
 * @param model the model
 * @param rates word error rates by column, fractions, in the order of {@link MacroAverage#COLUMNS}
 */
public record Published(String model, Map<String, Double> rates) {
    /** Where the rows come from and what is known about how they were measured. */
    public static final String SOURCE = "model card of omni-router-speechcrawl-asr-0.25b-v1 and README of"
            + " github.com/apple/ml-omni-router-moe-asr (paper: arXiv 2507.05724)";

    /** What to bear in mind when comparing with them. */
    public static final String CAVEAT =
            "The published rows do not say how texts were normalised or decoded. Their Whisper"
                    + " column suggests Whisper's English normaliser and test sets prepared as for Whisper; the models were"
                    + " most likely decoded greedily, without a language model.";

    private static final String RESOURCE = "published.tsv";

    /** All rows. */
    public static List<Published> all() {
        try (InputStream in = Published.class.getResourceAsStream(RESOURCE)) {
            List<String[]> rows = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.startsWith("#"))
                    .map(l -> l.split("\t"))
                    .toList();
            String[] head = rows.get(0);
            List<Published> all = new ArrayList<>();
            for (String[] row : rows.subList(1, rows.size())) {
                Map<String, Double> rates = new LinkedHashMap<>();
                for (int c = 1; c < row.length; c++) {
                    rates.put(head[c], Double.parseDouble(row[c]) / 100);
                }
                all.add(new Published(row[0], rates));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The average over the eleven columns, a fraction. */
    public double average() {
        return MacroAverage.of(rates);
    }
}
