package org.omniscribe.asr.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;

/** The flat form of an {@link Architecture}, in bundles of format 1 and in recipes, turned into that of today. */
public final class ArchitectureJson {
    private ArchitectureJson() {}

    /**
     * The parts of an architecture that are flat, as parts; what is not known is left for the reader to report.
     *
     * @param json an architecture in either form, or those of its fields that a recipe has
     * @return a copy of it with the form of today
     */
    public static ObjectNode nested(ObjectNode json) {
        ObjectNode nested = json.deepCopy();
        part(nested, "subsampling", Map.of("stacking", "frames", "convChannels", "channels"), "CONV");
        part(nested, "position", Map.of("positionRange", "range"), "RELATIVE");
        part(nested, "attention", Map.of("chunk", "chunk", "leftChunks", "leftChunks"), "CHUNKED");
        if (json.path("attention").isTextual()) {
            ((ObjectNode) nested.get("attention")).put("bias", Attention.Bias.NONE.name());
        }
        if (!nested.has("gate")) {
            nested.putObject("gate").put("kind", "PROBABILITY");
        }
        if (!nested.has("activation")) {
            nested.put("activation", Activation.RELU.name());
        }
        return nested;
    }

    /**
     * One part.
     *
     * @param fields the names in the part of the fields that stood beside it
     * @param full the kind that has them all; others have those that are not 0
     */
    private static void part(ObjectNode json, String name, Map<String, String> fields, String full) {
        JsonNode kind = json.get(name);
        if (kind == null || !kind.isTextual()) {
            return;
        }
        ObjectNode part = json.objectNode();
        part.set("kind", kind);
        fields.forEach((flat, inside) -> {
            JsonNode value = json.remove(flat);
            boolean has = kind.textValue().toUpperCase(Locale.ROOT).equals(full);
            if (value != null && (has || !value.isInt() || value.intValue() != 0)) {
                part.set(inside, value);
            }
        });
        json.set(name, part);
    }
}
