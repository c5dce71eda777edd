package org.omniscribe.asr.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.omniscribe.asr.feature.FeatureException;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;

/** {@link ModelManifest} as JSON text and back. */
final class ManifestJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(FeatureSpec.class, new FeatureSpecWriter()))
            .build();

    private ManifestJson() {}

    /** The manifest as indented JSON, the same bytes for the same manifest on every system. */
    static byte[] write(ModelManifest manifest) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        try {
            return (JSON.writer(printer).writeValueAsString(manifest) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a manifest always has a JSON form", e);
        }
    }

    /**
     * Reads a manifest of this format or an earlier one.
     *
     * @param faults where every fault goes
     * @return the manifest; null if there was a fault
     */
    static ModelManifest read(byte[] text, List<String> faults) {
        Faults found = new Faults();
        ModelManifest manifest = read(text, found);
        found.list().forEach(fault -> faults.add("model.json: " + fault));
        return found.isEmpty() ? manifest : null;
    }

    private static ModelManifest read(byte[] text, Faults faults) {
        JsonNode json = JsonReader.of(text, faults).node();
        if (!faults.isEmpty()) {
            return null;
        }
        JsonNode version = json.path("formatVersion");
        if (!version.isInt()) {
            faults.add("it names no formatVersion, so it describes no model");
            return null;
        }
        if (version.intValue() < 1 || version.intValue() > ModelManifest.FORMAT_VERSION) {
            faults.add("it has format version " + version + ", and this version of Omniscribe reads only 1 to "
                    + ModelManifest.FORMAT_VERSION);
            return null;
        }
        ObjectNode object = (ObjectNode) json;
        if (version.intValue() == 1) {
            modernise(object);
        }
        return manifest(JsonReader.of(object, faults), faults);
    }

    /** Format 1 in the form of today. */
    private static void modernise(ObjectNode json) {
        json.put("formatVersion", ModelManifest.FORMAT_VERSION);
        if (json.get("architecture") instanceof ObjectNode flat) {
            json.set("architecture", ArchitectureJson.nested(flat));
        }
        if (json.has("decoder")) {
            json.set("beam", json.remove("decoder"));
        }
    }

    private static ModelManifest manifest(JsonReader json, Faults faults) {
        int version = json.field("formatVersion").integer();
        String name = json.field("name").text();
        Architecture architecture = json.field("architecture").record(Architecture.class, "decoder");
        FeatureSpec features = features(json.field("features"), faults);
        ModelManifest.Tokenizer tokenizer = optional(json, "tokenizer", ModelManifest.Tokenizer.class);
        BeamSettings beam = optional(json, "beam", BeamSettings.class);
        LexiconSettings lexicon = optional(json, "lexicon", LexiconSettings.class);
        ModelManifest.Provenance provenance = json.field("provenance").record(ModelManifest.Provenance.class);
        SortedMap<String, String> files = new TreeMap<>();
        json.field("files").members().forEach((file, hash) -> files.put(file, hash.text()));
        json.end();
        if (!faults.isEmpty()) {
            return null;
        }
        try {
            return new ModelManifest(
                    version, name, architecture, features, tokenizer, beam, lexicon, provenance, files);
        } catch (IllegalArgumentException e) {
            faults.add(e.getMessage());
            return null;
        }
    }

    private static <R extends Record> R optional(JsonReader json, String name, Class<R> type) {
        return json.optional(name).map(value -> value.record(type)).orElse(null);
    }

    private static FeatureSpec features(JsonReader json, Faults faults) {
        if (!json.there()) {
            return null;
        }
        try {
            return FeatureSpec.fromJson(json.node());
        } catch (FeatureException e) {
            e.faults().forEach(json::fault);
            return null;
        }
    }

    private static final class FeatureSpecWriter extends StdSerializer<FeatureSpec> {
        FeatureSpecWriter() {
            super(FeatureSpec.class);
        }

        @Override
        public void serialize(FeatureSpec spec, JsonGenerator out, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(spec.toJson(), out);
        }
    }
}
