package org.omniscribe.app;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.omniscribe.app.desktop.base.SettingsStore;
import org.omniscribe.app.desktop.document.TranscriptFile;
import org.omniscribe.app.experts.ExperimentConfig;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.io.OmniscribeException;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.token.ByteLevelTokenizer;
import org.omniscribe.datasets.UtteranceList;
import org.omniscribe.datasets.corpora.Corpora;
import org.omniscribe.eval.run.RunFolder;
import org.omniscribe.export.checkpoint.Checkpoint;
import org.omniscribe.export.checkpoint.NameMapping;
import org.omniscribe.export.checkpoint.WhisperTokens;
import org.omniscribe.export.label.LabelFile;
import org.omniscribe.export.onnx.Card;
import org.omniscribe.export.train.TrainConfig;

/**
 * Every reader of JSON gets wrong types, unknown fields, truncated text, deep nesting and huge numbers. It reads them or
 * says what is wrong, in words without a class.
 */
class JsonReadersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What only a programmer understands. */
    private static final Pattern CLASSES = Pattern.compile(
            "fasterxml|[Jj]ackson|\\b(java|javax|org\\.omniscribe)\\.|Exception|deserializ|\\bSTART_|\\bEND_|\\[Source|`|JsonNode|ObjectNode|\\bclass\\b|StreamRead|ordinal|nullable|Cannot"
                    + " invoke|reference chain");

    private static final int MAX_MESSAGE = 60_000;

    private interface Reading {
        void read(Path file) throws Exception;
    }

    /**
     * A reader.
     *
     * @param file name of its file
     * @param text that it reads
     * @param strict whether a field that it does not know is a fault
     */
    private record Target(String name, String file, String text, boolean strict, Reading reading) {
        @Override
        public String toString() {
            return name;
        }
    }

    @TempDir
    Path folder;

    static Stream<Target> readers() throws IOException {
        String recipe =
                """
                {"name": "n", "network": {"subsampling": "CONV", "stacking": 4, "convChannels": 4, "width": 16,
                "heads": 2, "mlpWidth": 16, "experts": "2x2", "routing": "SHARED", "position": "RELATIVE",
                "positionRange": 4, "attention": "FULL", "convKernel": 3}, "corpora": [{"manifest": "m", "weight": 1}],
                "dev": [{"name": "d", "manifest": "m"}], "minSeconds": 0.1, "maxSeconds": 5, "steps": 3,
                "batchSeconds": 5, "rate": 0.01, "evalEvery": 2, "saveEvery": 2, "chunks": [0], "seed": 1}
                """;
        String manifest;
        try (InputStream in = ModelBundle.class.getResourceAsStream("/org/omniscribe/asr/default-model/model.json")) {
            manifest = in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<Target> targets = new ArrayList<>();
        if (manifest != null) {
            targets.add(new Target("bundle", "model.json", manifest, true, file -> ModelBundle.open(file.getParent())));
        }
        targets.addAll(List.of(
                new Target(
                        "features",
                        "f.json",
                        "{\"hop\": 80, \"melScale\": \"SLANEY\"}",
                        true,
                        file -> FeatureSpec.standard().changedBy(Files.readString(file))),
                new Target("recipe", "r.json", recipe, true, TrainConfig::read),
                new Target(
                        "experiment",
                        "e.json",
                        "{\"recipe\": {\"network\": {\"experts\": \"2x2\"}}, \"routings\": [\"SHARED\"], \"experts\":"
                                + " [2], \"variants\": [{\"name\": \"a\", \"change\": {}}], \"seeds\": [1], \"test\":"
                                + " [{\"name\": \"t\", \"manifest\": \"m\"}], \"permutations\": 1}",
                        true,
                        ExperimentConfig::read),
                new Target(
                        "card",
                        "c.json",
                        "{\"name\": \"n\", \"tokenizer\": \"BPE\", \"data\": [{\"name\": \"d\", \"hours\": 1,"
                                + " \"licence\": \"l\"}], \"training\": {\"a\": \"b\"}, \"licence\": \"l\"}",
                        true,
                        Card::read),
                new Target(
                        "mapping",
                        "m.json",
                        "{\"tensors\": {\"input.weight\": \"a\"}, \"ignore\": [\"x.*\"]}",
                        true,
                        NameMapping::read),
                new Target("labels", "l.jsonl", "{\"settings\": \"s\"}\n", true, file -> LabelFile.open(file, "s")
                        .close()),
                new Target(
                        "run",
                        "systems/s.json",
                        "{\"place\": 1, \"name\": \"n\", \"imported\": true, \"model\": \"m\", \"decoder\": \"d\","
                                + " \"identity\": \"i\", \"machine\": \"x\", \"experts\": [1]}",
                        true,
                        file -> RunFolder.open(file.getParent().getParent()).close()),
                new Target(
                        "manifest lines",
                        "manifest.jsonl",
                        "{\"audio\": \"none.wav\", \"start\": 0, \"end\": 1, \"channel\": 0, \"text\": \"t\", \"id\":"
                                + " \"i\"}",
                        false,
                        file -> UtteranceList.read(file)),
                new Target(
                        "metadata lines",
                        "metadata.jsonl",
                        "{\"file_name\": \"none.wav\", \"text\": \"t\"}",
                        false,
                        file -> UtteranceList.read(file.getParent())),
                new Target(
                        "shards",
                        "model.safetensors.index.json",
                        "{\"weight_map\": {\"a\": \"b.safetensors\"}}",
                        false,
                        file -> Checkpoint.open(file, Optional.empty(), Set.of())),
                new Target(
                        "transcript",
                        "t.json",
                        "{\"file\": \"f\", \"duration\": 2, \"model\": \"m\", \"segments\": [{\"start\": 0, \"end\": 1,"
                                + " \"words\": [{\"word\": \"a\", \"start\": 0, \"end\": 1, \"confidence\": 1}]}],"
                                + " \"routing\": {\"stepSeconds\": 0.1, \"experts\": [[0]], \"probabilities\": [[1]]}}",
                        false,
                        TranscriptFile::read),
                new Target(
                        "settings",
                        "settings.json",
                        "{\"theme\": \"DARK\", \"fontSize\": 12, \"model\": \"m\", \"formats\": [\"txt\"], \"window\":"
                                + " {\"x\": 0, \"y\": 0, \"width\": 1, \"height\": 1, \"maximized\": false}}",
                        false,
                        JsonReadersTest::settings),
                new Target(
                        "tokens of a Whisper model",
                        "tokenizer.json",
                        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1}, \"merges\": []},"
                                + " \"added_tokens\": [{\"id\": 2, \"content\": \"<|endoftext|>\", \"special\": true}]}",
                        false,
                        file -> WhisperTokens.read(file, 3)),
                new Target(
                        "tokenizer",
                        "tokenizer.json",
                        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1}, \"merges\": [\"a b\"]},"
                                + " \"pre_tokenizer\": {\"type\": \"ByteLevel\"}, \"decoder\": {\"type\": \"ByteLevel\"},"
                                + " \"added_tokens\": [{\"id\": 2, \"content\": \"<|endoftext|>\", \"special\": true}]}",
                        false,
                        JsonReadersTest::tokenizer),
                new Target(
                        "session of CHiME-6",
                        "transcriptions/eval/S01.json",
                        "[{\"end_time\": \"0:00:02.00\", \"start_time\": \"0:00:01.00\", \"words\": \"a\", \"speaker\":"
                                + " \"P01\", \"session_id\": \"S01\"}]",
                        false,
                        file -> Corpora.named("chime6")
                                .orElseThrow()
                                .read(file.getParent().getParent().getParent()))));
        return targets.stream();
    }

    private static void tokenizer(Path file) throws IOException {
        try {
            ByteLevelTokenizer.read(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage());
        }
    }

    private static void settings(Path file) throws IOException {
        String warning = new SettingsStore(file, Runnable::run, complaint -> {})
                .warning()
                .orElse("");
        if (!warning.isEmpty()) {
            throw new IOException(warning);
        }
    }

    @ParameterizedTest
    @MethodSource("readers")
    void faultsAreToldWithoutClasses(Target target) throws IOException {
        List<String> texts = new ArrayList<>();
        String good = target.text.strip();
        for (int length : new int[] {0, 1, good.length() / 3, good.length() / 2, good.length() - 1}) {
            texts.add(good.substring(0, length));
        }
        texts.addAll(List.of(
                "[]",
                "3",
                "null",
                "\"text\"",
                "true",
                "{} {}",
                "{\"a\":NaN}",
                "{'a':1}",
                "{\"a\":01}",
                "[".repeat(50_000),
                "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000),
                "9".repeat(5_000),
                "{\"n\":1e999999999}",
                "\u0000\u0000\u0000",
                "\ufeff[",
                "{\"\\u0000\\u001b[2J\":1}"));
        JsonNode tree = JSON.readTree(
                good.lines().findFirst().filter(l -> target.file.endsWith("l")).orElse(good));
        for (String value : List.of(
                "{\"x\":1}",
                "[[{}]]",
                "\"\\u0007text\"",
                "-7.5",
                "1e99",
                "123456789012345678901234567890",
                "true",
                "null",
                "[null]",
                "{\"a\":null}",
                "\"\"")) {
            wrong(tree, JSON.readTree(value), texts);
        }
        texts.add(good.replaceFirst("\\{", "{\"somethingElse\": 1, "));
        texts.add(good.replaceFirst("\\{(\\s*\"\\w+\"\\s*:\\s*(?:\"[^\"]*\"|\\d+),)", "{$1$1"));
        assertAll(texts.stream().map(text -> () -> judge(target, text)));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void unknownFieldsAreNamed(Target target) throws IOException {
        String good = target.text.strip();
        String message = message(target, good.replaceFirst("\\{", "{\"somethingElse\": 1, "));
        if (target.strict) {
            assertTrue(message != null && message.contains("somethingElse"), target + ": " + message);
        }
    }

    /** Puts a value in every place of a text. */
    private static void wrong(JsonNode tree, JsonNode value, List<String> texts) throws JsonProcessingException {
        List<Consumer<JsonNode>> places = new ArrayList<>();
        places(tree, places, tree, value, texts);
    }

    private static void places(
            JsonNode node, List<Consumer<JsonNode>> places, JsonNode root, JsonNode value, List<String> texts)
            throws JsonProcessingException {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names.subList(0, Math.min(names.size(), 60))) {
                JsonNode before = object.get(name);
                places(before, places, root, value, texts);
                object.set(name, value);
                texts.add(JSON.writeValueAsString(root));
                object.set(name, before);
            }
        } else if (node instanceof ArrayNode array && !array.isEmpty()) {
            JsonNode before = array.get(0);
            places(before, places, root, value, texts);
            array.set(0, value);
            texts.add(JSON.writeValueAsString(root));
            array.set(0, before);
        }
    }

    private void judge(Target target, String text) throws IOException {
        String message = message(target, text);
        if (message != null) {
            String shown = text.substring(0, Math.min(300, text.length())) + "\n -> " + message;
            assertFalse(CLASSES.matcher(message).find(), shown);
            assertTrue(message.length() < MAX_MESSAGE && !message.isBlank(), shown);
            assertFalse(message.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t'), shown);
        }
    }

    /** What the reader says; null if it reads the text. */
    private String message(Target target, String text) throws IOException {
        Path file = folder.resolve(target.file);
        Files.createDirectories(file.getParent());
        Files.write(file, (target.file.endsWith("l") ? text + "\n" : text).getBytes(StandardCharsets.UTF_8));
        try {
            target.reading.read(file);
            return null;
        } catch (OmniscribeException | IOException e) {
            assertTrue(e.getMessage() != null, target + ": " + text);
            return e.getMessage();
        } catch (Exception e) {
            throw new AssertionError(target + " breaks at " + text.substring(0, Math.min(300, text.length())), e);
        }
    }

    @ParameterizedTest
    @MethodSource("readers")
    void theGoodTextIsTheBeginning(Target target) throws IOException {
        if (List.of("recipe", "experiment", "card", "mapping", "features", "labels", "run", "transcript", "settings")
                .contains(target.name)) {
            assertNull(message(target, target.text.strip()));
        }
    }

    /** The header of a safetensors file is JSON, too. */
    @ParameterizedTest
    @MethodSource("headers")
    void headersOfTensorsAreReadStrictly(String header) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        Target target = new Target(
                "tensors", "x.safetensors", "", true, file -> Checkpoint.open(file, Optional.empty(), Set.of()));
        Path file = folder.resolve("x.safetensors");
        Files.write(file, bytes.array());
        try {
            target.reading.read(file);
            throw new AssertionError("read: " + header);
        } catch (OmniscribeException e) {
            assertFalse(CLASSES.matcher(e.getMessage()).find(), e.getMessage());
            assertTrue(e.getMessage().contains("x.safetensors"), e.getMessage());
        } catch (Exception e) {
            throw new AssertionError(header, e);
        }
    }

    static Stream<String> headers() {
        return Stream.of(
                "{",
                "[1]",
                "{\"a\":3}",
                "{\"a\":{\"dtype\":[],\"shape\":{},\"data_offsets\":\"x\"}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e99],\"data_offsets\":[0,8]}}",
                "{\"__metadata__\":[1]}",
                "{\"__metadata__\":{\"a\":1}}",
                "[".repeat(20_000),
                "{\"a\":1,\"a\":1}");
    }
}
