package org.omniscribe.eval.experts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Findings as JSON, and as one HTML file that needs nothing else: its script draws the charts (SVG) of the data that are in it,
 * sounds included, and it loads nothing.
 */
public final class ExpertsReport {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String STYLE = "/org/omniscribe/eval/report/report.css";
    private static final String PAGE = "experts.html";

    private ExpertsReport() {}

    /**
     * A model and what was found.
     *
     * @param findings of its routing
     * @param snippets typical sounds of its experts
     */
    public record Studied(Findings findings, Snippets snippets) {}

    /** The findings as JSON: an object with {@code models}, a list of {@link Findings}, and the scales of their lists. */
    public static String json(List<Studied> studied) {
        return data(studied).toPrettyString() + "\n";
    }

    private static ObjectNode data(List<Studied> studied) {
        ObjectNode data = JSON.createObjectNode();
        data.set("consistencyLengths", JSON.valueToTree(RoutingStudy.LENGTHS));
        data.put("cacheAhead", RoutingStudy.AHEAD);
        data.set("segmentLengths", JSON.valueToTree(RoutingStudy.SEGMENTS));
        ArrayNode models = data.putArray("models");
        studied.forEach(s -> models.add(JSON.<ObjectNode>valueToTree(s.findings())));
        return data;
    }

    /**
     * The page.
     *
     * @param studied one model, or several to compare
     * @param audioBytes how much sound it may hold, in bytes; the least typical sounds are left out first
     */
    public static String html(List<Studied> studied, long audioBytes) {
        ObjectNode data = data(studied);
        ArrayNode models = data.putArray("snippets");
        studied.forEach(model -> snippets(model, models.addArray(), audioBytes / studied.size()));
        try {
            // No text of the data can end the script that holds it.
            String json = JSON.writeValueAsString(data).replace("<", "\\u003c");
            return resource(PAGE).replace("/*STYLE*/", resource(STYLE)).replace("/*DATA*/null", json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records can always be written", e);
        }
    }

    /** First every expert's most typical sound, then every second one, and so on, as far as the bytes go. */
    private static void snippets(Studied model, ArrayNode layers, long bytes) {
        List<Findings.Layer> all = model.findings().layers();
        for (Findings.Layer layer : all) {
            ArrayNode experts = layers.addArray();
            for (int e = 0; e < layer.experts(); e++) {
                experts.addArray();
            }
        }
        long used = 0;
        boolean more = true;
        for (int rank = 0; more; rank++) {
            more = false;
            for (int layer = 0; layer < all.size(); layer++) {
                for (int e = 0; e < all.get(layer).experts(); e++) {
                    List<Snippets.Snippet> sounds = model.snippets().of(layer, e);
                    if (rank < sounds.size()) {
                        more = true;
                        Snippets.Snippet sound = sounds.get(rank);
                        String uri = sound.uri();
                        if (used + uri.length() <= bytes) {
                            used += uri.length();
                            ((ArrayNode) layers.get(layer).get(e))
                                    .addObject()
                                    .put("recording", sound.recording())
                                    .put("start", sound.start())
                                    .put("end", sound.end())
                                    .put("text", sound.text())
                                    .put("sound", uri);
                        }
                    }
                }
            }
        }
    }

    private static String resource(String name) {
        try (InputStream in = ExpertsReport.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
