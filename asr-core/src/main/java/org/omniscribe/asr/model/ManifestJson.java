package org.omniscribe.asr.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.omniscribe.asr.feature.FeatureException;
import org.omniscribe.asr.feature.FeatureSpec;

/** {@link ModelManifest} as JSON text and back. */
final class ManifestJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new InstantReader())
                    .addSerializer(FeatureSpec.class, new FeatureSpecWriter()))
            .build();

    /** The components that may be missing. */
    private static final Set<String> OPTIONAL = Set.of("decoder", "lexicon");

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
        if (version.intValue() != ModelManifest.FORMAT_VERSION) {
            faults.add("model.json has format version " + version + ", and this version of Omniscribe reads only "
                    + ModelManifest.FORMAT_VERSION);
            return null;
        }
        return new Reader(json, new ArrayList<>()).manifest(faults);
    }

    private static String message(IOException e) {
        if (e instanceof JsonMappingException mapping) {
            String path = mapping.getPath().stream()
                    .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                    .collect(Collectors.joining("."));
            return path.isEmpty() ? complaint(mapping) : path + ": " + complaint(mapping);
        }
        if (e instanceof JsonProcessingException json) {
            return json.getOriginalMessage()
                    + (json.getLocation() == null
                            ? ""
                            : " in line " + json.getLocation().getLineNr());
        }
        return e.toString();
    }

    private static String complaint(JsonMappingException e) {
        if (e.getCause() instanceof RuntimeException refusal) {
            return refusal.getMessage();
        }
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            Class<?> type = mismatch.getTargetType();
            return type.isEnum()
                    ? "must be one of " + Arrays.toString(type.getEnumConstants())
                    : "must be of type " + type.getSimpleName().toLowerCase(Locale.ROOT);
        }
        return e.getOriginalMessage();
    }

    /** Reads the parts one by one, so that a fault in one does not hide those in the others. */
    private record Reader(JsonNode json, List<String> faults) {

        ModelManifest manifest(List<String> allFaults) {
            names(ModelManifest.class, json, "");
            String name = part("name", new TypeReference<>() {});
            Architecture architecture = part("architecture", new TypeReference<>() {});
            FeatureSpec features = features();
            ModelManifest.Tokenizer tokenizer = part("tokenizer", new TypeReference<>() {});
            BeamSettings decoder = part("decoder", new TypeReference<>() {});
            LexiconSettings lexicon = part("lexicon", new TypeReference<>() {});
            ModelManifest.Provenance provenance = part("provenance", new TypeReference<>() {});
            TreeMap<String, String> files = part("files", new TypeReference<>() {});
            if (faults.isEmpty()) {
                try {
                    return new ModelManifest(
                            ModelManifest.FORMAT_VERSION,
                            name,
                            architecture,
                            features,
                            tokenizer,
                            decoder,
                            lexicon,
                            provenance,
                            files);
                } catch (IllegalArgumentException e) {
                    faults.add(e.getMessage());
                }
            }
            faults.forEach(fault -> allFaults.add("model.json: " + fault));
            return null;
        }

        /** A part of the manifest, or null if it has a fault. */
        private <T> T part(String name, TypeReference<T> type) {
            JsonNode value = json.get(name);
            int before = faults.size();
            if (value != null) {
                fields(type.getType(), value, name);
            }
            if (value == null || faults.size() > before) {
                return null;
            }
            try {
                return JSON.readValue(JSON.treeAsTokens(value), type);
            } catch (IOException e) {
                faults.add(name + ": " + message(e));
                return null;
            }
        }

        private FeatureSpec features() {
            try {
                return json.has("features") ? FeatureSpec.fromJson(json.get("features")) : null;
            } catch (FeatureException e) {
                e.faults().forEach(fault -> faults.add("features: " + fault));
                return null;
            }
        }

        /** Reports the missing and the unknown fields in everything that is to become a record. */
        private void fields(Type type, JsonNode value, String path) {
            if (type instanceof Class<?> record && record.isRecord()) {
                names(record, value, path + ".");
                for (RecordComponent component : record.getRecordComponents()) {
                    if (value.has(component.getName())) {
                        fields(
                                component.getGenericType(),
                                value.get(component.getName()),
                                path + "." + component.getName());
                    }
                }
            } else if (type instanceof ParameterizedType list && value.isArray()) {
                for (int i = 0; i < value.size(); i++) {
                    fields(list.getActualTypeArguments()[0], value.get(i), path + "[" + i + "]");
                }
            } else if (type instanceof ParameterizedType map && value.isObject()) {
                for (Map.Entry<String, JsonNode> entry : value.properties()) {
                    fields(map.getActualTypeArguments()[1], entry.getValue(), path + "." + entry.getKey());
                }
            } else if (value.isNull()) {
                faults.add(path + " is null");
            }
        }

        private void names(Class<?> type, JsonNode object, String prefix) {
            if (!object.isObject()) {
                faults.add(prefix.substring(0, prefix.length() - 1) + " must be an object, not " + object);
                return;
            }
            Set<String> unknown = new LinkedHashSet<>();
            object.fieldNames().forEachRemaining(unknown::add);
            for (RecordComponent component : type.getRecordComponents()) {
                if (!unknown.remove(component.getName()) && !OPTIONAL.contains(prefix + component.getName())) {
                    faults.add(prefix + component.getName() + " is missing");
                }
            }
            unknown.forEach(name -> faults.add("unknown field " + prefix + name));
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

    private static final class InstantReader extends FromStringDeserializer<Instant> {
        InstantReader() {
            super(Instant.class);
        }

        @Override
        protected Instant _deserialize(String value, DeserializationContext context) {
            return Instant.parse(value);
        }
    }
}
