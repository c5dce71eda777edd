package org.omniscribe.export.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.omniscribe.asr.decode.LanguageModel;
import org.omniscribe.asr.decode.Pronunciations;
import org.omniscribe.asr.feature.FeatureException;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.ArchitectureJson;
import org.omniscribe.asr.model.BeamSettings;
import org.omniscribe.asr.model.LexiconSettings;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.ModelManifest;
import org.omniscribe.asr.model.ModelManifest.Corpus;
import org.omniscribe.asr.model.ModelManifest.Provenance;
import org.omniscribe.asr.model.ModelManifest.Tokenizer;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.checkpoint.SafeTensors;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;
import org.omniscribe.export.train.Trainer;

/**
 * Turns a checkpoint into a model bundle.
 *
 * <p>A checkpoint is a safetensors file whose metadata holds {@code name}, {@code architecture} and {@code features} (JSON
 * of {@link Architecture} and {@link FeatureSpec}) and {@code tokens} (one a line), and, where known, {@code recipe}
 * (JSON of the training settings), {@code phones} (of a second read-out, one a
 * line), {@code tokenizer} (what the tokens are), {@code hours} of training data and {@code dev}, the last line of the training curve.
 */
public final class Exporter {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final Map<String, String> metadata;
    private final Card card;
    private final List<String> faults = new ArrayList<>();

    private Exporter(Path file, Card card) {
        this.file = file;
        this.metadata = SafeTensors.metadata(file);
        this.card = card;
    }

    /**
     * Writes a bundle with weights in half precision; as {@link #export(Path, Path, Card, Precision, Optional, Optional)}.
     */
    public static ModelBundle export(Path checkpoint, Path target, Card card) {
        return export(checkpoint, target, card, Precision.FLOAT16, Optional.empty(), Optional.empty());
    }

    /** Writes a bundle without a language model; as {@link #export(Path, Path, Card, Precision, Optional, Optional)}. */
    public static ModelBundle export(Path checkpoint, Path target, Card card, Precision precision) {
        return export(checkpoint, target, card, precision, Optional.empty(), Optional.empty());
    }

    /**
     * Writes a bundle.
     *
     * @param checkpoint a safetensors file, or a folder that {@code Trainer} wrote, of which the best weights are taken
     * @param target the bundle: a zip file where the name ends in {@code .zip}, else a folder
     * @param card what else to say of the model
     * @param precision how the weights are stored
     * @param languageModel a language model to put into the bundle, and how to decode with it
     * @param lexicon pronunciations to put into the bundle, and how to decode with them; only the words that the
     *     language model has are taken, and where there is none, nothing is
     * @return the bundle, opened and checked
     * @throws CheckpointException if the checkpoint cannot be read or does not add up, all faults at once
     * @throws ModelException if the bundle cannot be written
     */
    public static ModelBundle export(
            Path checkpoint,
            Path target,
            Card card,
            Precision precision,
            Optional<LanguageModelPart> languageModel,
            Optional<LexiconPart> lexicon) {
        Path file = checkpoint;
        if (Files.isDirectory(checkpoint)) {
            Path best = checkpoint.resolve(Trainer.BEST);
            file = Files.exists(best) ? best : checkpoint.resolve(Trainer.MODEL);
        }
        return new Exporter(file, card).export(target, precision, languageModel, lexicon);
    }

    /**
     * The language model of a bundle.
     *
     * @param file its binary form
     * @param settings how to decode with it
     */
    public record LanguageModelPart(Path file, BeamSettings settings) {}

    /**
     * The pronunciation lexicon of a bundle.
     *
     * @param file a dictionary in text form
     * @param settings how to decode with it
     */
    public record LexiconPart(Path file, LexiconSettings settings) {}

    private ModelBundle export(
            Path target,
            Precision precision,
            Optional<LanguageModelPart> languageModel,
            Optional<LexiconPart> lexicon) {
        Architecture architecture = architecture();
        FeatureSpec features = features();
        Vocabulary vocabulary = vocabulary("tokens");
        Vocabulary phones = metadata.containsKey("phones") ? vocabulary("phones") : null;
        String name = card.name() == null ? required("name") : card.name();
        Tokenizer.Kind tokenizer = vocabulary == null ? null : tokenizer(vocabulary);
        Provenance provenance = provenance();
        ModelManifest manifest = null;
        if (faults.isEmpty()) {
            try {
                manifest = new ModelManifest(
                        name, architecture, features, new Tokenizer(tokenizer, Vocabulary.BLANK_ID), provenance);
                if (languageModel.isPresent()) {
                    manifest = manifest.withBeam(languageModel.get().settings());
                }
                if (lexicon.isPresent()) {
                    manifest = manifest.withLexicon(lexicon.get().settings());
                }
            } catch (IllegalArgumentException e) {
                faults.add(e.getMessage());
            }
        }
        if (!faults.isEmpty()) {
            throw new CheckpointException(file + ": cannot be exported: " + String.join("; ", faults)
                    + ". Only checkpoints with the metadata that \"omniscribe train\" writes can be");
        }
        Optional<LanguageModel> words = languageModel.map(part -> LanguageModel.read(part.file()));
        Optional<Pronunciations> sounds = lexicon.map(part -> Pronunciations.read(part.file())
                .of(words.map(LanguageModel::words).orElse(List.of())));
        byte[] network = OmniRouterGraph.write(
                architecture, SafeTensors.open(file), OmniRouterGraph.Options.bundle(architecture, precision));
        Map<String, ModelBundle.Content> others = new LinkedHashMap<>();
        if (phones != null) {
            others.put(ModelBundle.PHONES, ModelBundle.content(phones));
        }
        words.ifPresent(model -> others.put(ModelBundle.LANGUAGE_MODEL, model::write));
        sounds.ifPresent(dictionary -> others.put(ModelBundle.LEXICON, dictionary::write));
        return ModelBundle.create(target, manifest, vocabulary, out -> out.write(network), others);
    }

    private String required(String key) {
        String value = metadata.get(key);
        if (value == null) {
            faults.add("its metadata has no \"" + key + "\"");
        }
        return value;
    }

    private JsonNode json(String key) {
        String text = required(key);
        Faults own = new Faults();
        JsonNode node = text == null ? null : JsonReader.of(text, own).node();
        unusable(key, own);
        return own.isEmpty() ? node : null;
    }

    private void unusable(String key, Faults own) {
        own.list().forEach(fault -> faults.add("\"" + key + "\" in its metadata cannot be used: " + fault));
    }

    /** In the form of today, or flat as older trainers wrote it. */
    private Architecture architecture() {
        JsonNode node = json("architecture");
        Faults own = new Faults();
        Architecture architecture = node == null
                ? null
                : JsonReader.of(node instanceof ObjectNode object ? ArchitectureJson.nested(object) : node, own)
                        .record(Architecture.class, "decoder");
        unusable("architecture", own);
        return architecture;
    }

    private FeatureSpec features() {
        JsonNode node = json("features");
        try {
            return node == null ? null : FeatureSpec.fromJson(node);
        } catch (FeatureException e) {
            faults.add("\"features\" in its metadata cannot be used: " + e.getMessage());
            return null;
        }
    }

    private Vocabulary vocabulary(String key) {
        String tokens = required(key);
        try {
            return tokens == null ? null : new Vocabulary(tokens.lines().toList());
        } catch (IllegalArgumentException e) {
            faults.add("\"" + key + "\" in its metadata cannot be used: " + e.getMessage());
            return null;
        }
    }

    private Tokenizer.Kind tokenizer(Vocabulary vocabulary) {
        if (card.tokenizer() != null) {
            return card.tokenizer();
        }
        String kind = metadata.get("tokenizer");
        if (kind != null) {
            return tokenizer(kind);
        }
        boolean characters =
                vocabulary.tokens().stream().skip(1).allMatch(token -> token.codePointCount(0, token.length()) == 1);
        if (!characters) {
            faults.add("its tokens are pieces of words, so the card must say in \"tokenizer\" whether they are UNIGRAM"
                    + " or BPE");
        }
        return Tokenizer.Kind.CHARACTER;
    }

    private Tokenizer.Kind tokenizer(String kind) {
        try {
            return Tokenizer.Kind.valueOf(kind);
        } catch (IllegalArgumentException e) {
            faults.add("\"tokenizer\" in its metadata cannot be used: " + kind);
            return null;
        }
    }

    private Provenance provenance() {
        JsonNode recipe = optional("recipe");
        JsonNode dev = optional("dev");
        Map<String, String> training = new LinkedHashMap<>();
        recipe.properties().forEach(setting -> {
            if (setting.getValue().isValueNode() && !setting.getKey().equals("name")) {
                training.put(setting.getKey(), setting.getValue().asText());
            }
        });
        if (dev.has("audioSeconds")) {
            training.put(
                    "hoursSeen",
                    String.format(Locale.ROOT, "%.1f", dev.get("audioSeconds").asDouble() / 3600));
        }
        dev.properties().forEach(set -> {
            if (set.getValue().has("cer") && set.getValue().has("wer")) {
                training.put(
                        "dev " + set.getKey(),
                        String.format(
                                Locale.ROOT,
                                "CER %.2f %%, WER %.2f %%",
                                100 * set.getValue().get("cer").asDouble(),
                                100 * set.getValue().get("wer").asDouble()));
            }
        });
        training.putAll(card.training());
        List<Corpus> data = card.data().isEmpty() ? corpora(recipe) : card.data();
        String licence = card.licence() == null ? "NOASSERTION" : card.licence();
        try {
            return new Provenance(data, dev.path("step").asLong(), training, card.scores(), licence, created());
        } catch (IllegalArgumentException e) {
            faults.add(e.getMessage());
            return null;
        }
    }

    /** The corpora of the recipe as one, because only their hours together are known. */
    private List<Corpus> corpora(JsonNode recipe) {
        List<String> names = new ArrayList<>();
        recipe.path("corpora")
                .forEach(corpus -> names.add(corpus.path("manifest").asText()));
        String hours = metadata.get("hours");
        if (names.isEmpty() || hours == null) {
            return List.of();
        }
        try {
            return List.of(new Corpus(String.join(", ", names), Double.parseDouble(hours), "NOASSERTION"));
        } catch (IllegalArgumentException e) {
            faults.add("\"hours\" in its metadata cannot be used: " + hours);
            return List.of();
        }
    }

    private JsonNode optional(String key) {
        JsonNode node = metadata.containsKey(key) ? json(key) : null;
        return node == null ? JSON.createObjectNode() : node;
    }

    /** When the weights were written. */
    private Instant created() {
        try {
            return Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS);
        } catch (IOException e) {
            throw new CheckpointException(
                    file + ": its date cannot be read (" + FailureText.reason(e) + "); check the file", e);
        }
    }
}
