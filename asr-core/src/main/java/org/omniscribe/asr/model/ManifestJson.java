package org.omniscribe.asr.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.omniscribe.asr.feature.FeatureException;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.io.JsonRecords;

/** {@link ModelManifest} as JSON text and back. */
final class ManifestJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(FeatureSpec.class, new FeatureSpecWriter()))
            .build();

    /** The components that may be missing. */
    private static final Set<String> OPTIONAL = Set.of("tokenizer", "beam", "lexicon", "architecture.decoder");

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
     * Reads a manifest.
     *
     * @param faults where every fault goes
     * @return the manifest; null if there was a fault
     */
    static ModelManifest read(byte[] text, List<String> faults) {
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (IOException e) {
            faults.add("model.json is not JSON: " + message(e));
            return null;
        }
        JsonNode version = json.path("formatVersion");
        if (!version.isInt()) {
            faults.add("model.json names no formatVersion, so it describes no model");
            return null;
        }
        if (version.intValue() < 1 || version.intValue() > ModelManifest.FORMAT_VERSION) {
            faults.add("model.json has format version " + version + ", and this version of Omniscribe reads only 1 to "
                    + ModelManifest.FORMAT_VERSION);
            return null;
        }
        ObjectNode object = (ObjectNode) json;
        if (version.intValue() == 1) {
            modernise(object);
        }
        return manifest(object, faults);
    }

    private static String message(IOException e) {
        if (e instanceof JsonProcessingException json) {
            return json.getOriginalMessage()
                    + (json.getLocation() == null
                            ? ""
                            : " in line " + json.getLocation().getLineNr());
        }
        return e.toString();
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

    private static ModelManifest manifest(ObjectNode json, List<String> allFaults) {
        List<String> faults = new ArrayList<>();
        JsonNode features = json.remove("features");
        FeatureSpec spec = features(features, faults);
        Parts parts = new JsonRecords(faults, OPTIONAL).read(json, Parts.class, "");
        if (faults.isEmpty()) {
            try {
                return parts.manifest(spec);
            } catch (IllegalArgumentException e) {
                faults.add(e.getMessage());
            }
        }
        faults.forEach(fault -> allFaults.add("model.json: " + fault));
        return null;
    }

    private static FeatureSpec features(JsonNode json, List<String> faults) {
        if (json == null) {
            faults.add("features is missing");
            return null;
        }
        try {
            return FeatureSpec.fromJson(json);
        } catch (FeatureException e) {
            e.faults().forEach(fault -> faults.add("features: " + fault));
            return null;
        }
    }

    /** The components but the features, before it is known whether they fit each other. */
    record Parts(
            int formatVersion,
            String name,
            Architecture architecture,
            ModelManifest.Tokenizer tokenizer,
            BeamSettings beam,
            LexiconSettings lexicon,
            ModelManifest.Provenance provenance,
            Map<String, String> files) {
        ModelManifest manifest(FeatureSpec features) {
            return new ModelManifest(
                    formatVersion,
                    name,
                    architecture,
                    features,
                    tokenizer,
                    beam,
                    lexicon,
                    provenance,
                    new TreeMap<>(files));
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
