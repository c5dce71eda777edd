package org.omniscribe.asr.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.feature.FeatureSpec.Base;
import org.omniscribe.asr.feature.FeatureSpec.Framing;
import org.omniscribe.asr.feature.FeatureSpec.Logarithm;
import org.omniscribe.asr.feature.FeatureSpec.Mel;
import org.omniscribe.asr.feature.FeatureSpec.Normalization;
import org.omniscribe.asr.feature.FeatureSpec.Spectrum;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;

/** {@link FeatureSpec} as JSON and back; also reads the flat form of bundles of format 1. */
final class FeatureJson {
    private static final String WHAT = "feature specification";
    private static final ObjectMapper JSON = new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
    private static final String NORMALIZATION = "normalization";

    /** Where each field of the flat form has gone. */
    private static final Map<String, List<String>> FLAT = Map.ofEntries(
            Map.entry("window", List.of("framing", "window")),
            Map.entry("hop", List.of("framing", "hop")),
            Map.entry("padding", List.of("framing", "edges")),
            Map.entry("windowShape", List.of("spectrum", "window")),
            Map.entry("fft", List.of("spectrum", "points")),
            Map.entry("melScale", List.of("mel", "scale")),
            Map.entry("melNorm", List.of("mel", "norm")),
            Map.entry("bins", List.of("mel", "bins")),
            Map.entry("fmin", List.of("mel", "fmin")),
            Map.entry("fmax", List.of("mel", "fmax")),
            Map.entry("floorKind", List.of("logarithm", "floorKind")),
            Map.entry("floor", List.of("logarithm", "floor")),
            Map.entry("mean", List.of(NORMALIZATION, "mean")),
            Map.entry("deviation", List.of(NORMALIZATION, "deviation")));

    private FeatureJson() {}

    static ObjectNode write(FeatureSpec spec) {
        return JSON.valueToTree(spec);
    }

    static FeatureSpec read(JsonNode json) {
        if (!(json instanceof ObjectNode object)) {
            throw new FeatureException(WHAT, List.of("it must be an object, not " + json));
        }
        ObjectNode nested = nested(object);
        if (object.has("floorKind") && nested.get("logarithm") instanceof ObjectNode logarithm) {
            logarithm.put("base", Base.NATURAL.name());
        }
        Faults faults = new Faults();
        Parts parts = JsonReader.of(nested, faults).record(Parts.class);
        if (!faults.isEmpty()) {
            List<String> all = new ArrayList<>(faults.list());
            checkFit(nested, all);
            throw new FeatureException(WHAT, all);
        }
        return parts.spec();
    }

    /** What the numbers of several parts must be to each other, although a part has other faults. */
    private static void checkFit(JsonNode json, List<String> faults) {
        JsonNode window = json.path("framing").path("window");
        JsonNode points = json.path("spectrum").path("points");
        if (window.isInt() && points.isInt()) {
            FeatureSpec.checkWindow(faults, window.intValue(), points.intValue());
        }
        JsonNode highest = json.path("mel").path("fmax");
        JsonNode rate = json.path("sampleRate");
        if (highest.isNumber() && rate.isInt()) {
            FeatureSpec.checkHighest(faults, highest.doubleValue(), rate.intValue());
        }
    }

    static FeatureSpec changed(FeatureSpec spec, String text) {
        Faults faults = new Faults();
        JsonNode changes = JsonReader.of(text, faults).node();
        if (!faults.isEmpty()) {
            throw new FeatureException(WHAT, faults.list());
        }
        if (!(changes instanceof ObjectNode fields)) {
            throw new FeatureException(WHAT, List.of("it must be an object, not " + changes));
        }
        ObjectNode json = write(spec);
        nested(fields).properties().forEach(entry -> {
            boolean another = !entry.getValue()
                            .path("kind")
                            .equals(json.path(entry.getKey()).path("kind"))
                    && entry.getValue().has("kind");
            if (!another
                    && json.get(entry.getKey()) instanceof ObjectNode old
                    && entry.getValue() instanceof ObjectNode part) {
                old.setAll(part);
            } else {
                json.set(entry.getKey(), entry.getValue());
            }
        });
        return read(json);
    }

    /** The fields of the flat form where they belong; all others as they are. */
    private static ObjectNode nested(ObjectNode json) {
        ObjectNode nested = JSON.createObjectNode();
        json.properties().forEach(entry -> {
            List<String> place = FLAT.get(entry.getKey());
            if (place != null) {
                nested.withObject("/" + place.get(0)).set(place.get(1), entry.getValue());
            } else if (entry.getKey().equals(NORMALIZATION) && entry.getValue().isTextual()) {
                nested.withObject("/" + NORMALIZATION).set("kind", entry.getValue());
            } else if (entry.getKey().equals("spectrum") && entry.getValue().isTextual()) {
                nested.withObject("/spectrum").set("scale", entry.getValue());
            } else if (entry.getValue() instanceof ObjectNode part
                    && nested.get(entry.getKey()) instanceof ObjectNode old) {
                old.setAll(part);
            } else {
                nested.set(entry.getKey(), entry.getValue().deepCopy());
            }
        });
        return nested;
    }

    /** The parts before it is known whether they fit each other. */
    record Parts(
            int sampleRate,
            Framing framing,
            Spectrum spectrum,
            Mel mel,
            Logarithm logarithm,
            Normalization normalization) {
        FeatureSpec spec() {
            return new FeatureSpec(sampleRate, framing, spectrum, mel, logarithm, normalization);
        }
    }
}
