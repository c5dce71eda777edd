package org.omniscribe.export.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelManifest;
import org.omniscribe.asr.model.ModelManifest.Corpus;
import org.omniscribe.asr.model.ModelManifest.Score;
import org.omniscribe.asr.model.ModelManifest.Tokenizer;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.checkpoint.SafeTensors;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.Tensors;
import org.omniscribe.export.onnx.OmniRouterGraph.Options;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

class ExporterTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final Architecture architecture = TinyModel.architecture();
    private final Map<String, Tensor> parameters = TinyModel.parameters();

    /** What the trainer writes beside the weights. */
    private Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("name", "small");
        metadata.put("architecture", JSON.valueToTree(architecture).toString());
        metadata.put("features", FeatureSpec.standard().toJson().toString());
        metadata.put("tokens", String.join("\n", TinyModel.vocabulary().tokens()));
        metadata.put(
                "recipe",
                """
                {"name": "small", "rate": 0.002, "corpora": [{"manifest": "a.tsv", "weight": 1},
                 {"manifest": "b.tsv", "weight": 2}]}""");
        metadata.put("hours", "12.5");
        metadata.put(
                "dev",
                """
                {"kind": "dev", "step": 1700, "audioSeconds": 7200, "clean": {"cer": 0.3, "wer": 0.625, "loss": 1}}""");
        return metadata;
    }

    @Test
    void theBundleHoldsTheNetworkAndItsOrigin() throws OrtException, IOException {
        Path checkpoint = folder.resolve("small.safetensors");
        SafeTensors.write(checkpoint, parameters, metadata());
        Path target = folder.resolve("bundle");
        ModelBundle bundle = Exporter.export(checkpoint, target, Card.EMPTY, Precision.FLOAT32);

        ModelManifest manifest = bundle.manifest();
        assertEquals("small", manifest.name());
        assertEquals(architecture, manifest.architecture());
        assertEquals(FeatureSpec.standard(), manifest.features());
        assertEquals(TinyModel.vocabulary(), bundle.vocabulary());
        assertEquals(Tokenizer.Kind.CHARACTER, manifest.tokenizer().kind());
        assertEquals(1700, manifest.provenance().steps());
        assertEquals(12.5, manifest.provenance().hours());
        assertEquals("a.tsv, b.tsv", manifest.provenance().data().get(0).name());
        assertEquals(
                Map.of("rate", "0.002", "hoursSeen", "2.0", "dev clean", "CER 30.00 %, WER 62.50 %"),
                manifest.provenance().training());
        assertEquals("NOASSERTION", manifest.provenance().licence());

        float[][] features = RandomNetwork.features(50, 80, 1);
        double[][] expected =
                new ReferenceNetwork(architecture, parameters).run(features).logProbs();
        try (OrtNetwork network = new OrtNetwork(Files.readAllBytes(target.resolve(ModelBundle.NETWORK)))) {
            float[][] actual =
                    network.run(List.<float[][]>of(features), 50, 80, 0).logProbs()[0];
            for (int t = 0; t < expected.length; t++) {
                for (int v = 0; v < expected[t].length; v++) {
                    assertEquals(expected[t][v], actual[t][v], 1e-4);
                }
            }
        }
    }

    @Test
    void aFolderOfTheTrainerGivesItsBestWeights() {
        Path run = folder.resolve("run");
        assertTrue(run.toFile().mkdir());
        Map<String, String> metadata = metadata();
        metadata.put("name", "last");
        SafeTensors.write(run.resolve("model.safetensors"), parameters, metadata);
        Path zip = folder.resolve("bundle.zip");
        assertEquals("last", Exporter.export(run, zip, Card.EMPTY).manifest().name());
        metadata.put("name", "best");
        SafeTensors.write(run.resolve("best.safetensors"), parameters, metadata);
        assertEquals("best", Exporter.export(run, zip, Card.EMPTY).manifest().name());
    }

    @Test
    void halfPrecisionIsTheDefault() throws IOException {
        Path checkpoint = folder.resolve("small.safetensors");
        SafeTensors.write(checkpoint, parameters, metadata());
        Path target = folder.resolve("bundle");
        Exporter.export(checkpoint, target, Card.EMPTY);
        assertArrayEquals(
                OmniRouterGraph.write(architecture, Tensors.of(parameters), Options.of(Precision.FLOAT16)),
                Files.readAllBytes(target.resolve(ModelBundle.NETWORK)));
    }

    @Test
    void theCardAddsWhatTheCheckpointCannotKnow() throws IOException {
        Path checkpoint = folder.resolve("small.safetensors");
        SafeTensors.write(checkpoint, parameters, metadata());
        Files.setLastModifiedTime(
                checkpoint, java.nio.file.attribute.FileTime.from(Instant.parse("2026-11-22T10:00:00.5Z")));
        Path file = Files.writeString(
                folder.resolve("card.json"),
                """
                // comments are welcome
                {"name": "omni-small", "licence": "GPL-3.0-or-later",
                 "data": [{"name": "A", "hours": 10, "licence": "CC-BY-4.0"}],
                 "training": {"machine": "two cores", "rate": "0.002, cosine"},
                 "scores": {"test": {"wer": 0.5, "cer": 0.2, "words": 1000}}}""");
        ModelManifest manifest = Exporter.export(checkpoint, folder.resolve("bundle"), Card.read(file))
                .manifest();
        assertEquals("omni-small", manifest.name());
        assertEquals(
                List.of(new Corpus("A", 10, "CC-BY-4.0")), manifest.provenance().data());
        assertEquals("two cores", manifest.provenance().training().get("machine"));
        assertEquals("0.002, cosine", manifest.provenance().training().get("rate"));
        assertEquals(
                Map.of("test", new Score(0.5, 0.2, 1000)), manifest.provenance().scores());
        assertEquals("GPL-3.0-or-later", manifest.provenance().licence());
        assertEquals(
                Instant.parse("2026-11-22T10:00:00Z"), manifest.provenance().created());
    }

    @Test
    void aDamagedCardIsRefused() throws IOException {
        Path unknown = Files.writeString(folder.resolve("a.json"), "{\"license\": \"MIT\"}");
        assertFault("license", () -> Card.read(unknown));
        assertFault("cannot be read", () -> Card.read(folder.resolve("missing.json")));
    }

    @Test
    void theKindOfTheTokensComesFromTheCheckpoint() {
        Map<String, String> metadata = metadata();
        metadata.put("tokenizer", "UNIGRAM");
        Path checkpoint = folder.resolve("small.safetensors");
        SafeTensors.write(checkpoint, parameters, metadata);
        Path target = folder.resolve("bundle");
        assertEquals(
                Tokenizer.Kind.UNIGRAM,
                Exporter.export(checkpoint, target, Card.EMPTY)
                        .manifest()
                        .tokenizer()
                        .kind());
        metadata.put("tokenizer", "WORDS");
        SafeTensors.write(checkpoint, parameters, metadata);
        assertFault("tokenizer|WORDS", () -> Exporter.export(checkpoint, target, Card.EMPTY));
    }

    @Test
    void piecesOfAnUnknownKindNeedACardThatNamesIt() {
        List<String> tokens = new ArrayList<>(TinyModel.vocabulary().tokens());
        tokens.set(5, "▁the");
        Map<String, String> metadata = metadata();
        metadata.put("tokens", String.join("\n", new Vocabulary(tokens).tokens()));
        Path checkpoint = folder.resolve("small.safetensors");
        SafeTensors.write(checkpoint, parameters, metadata);
        Path target = folder.resolve("bundle");
        assertFault("UNIGRAM or BPE", () -> Exporter.export(checkpoint, target, Card.EMPTY));
        Card card = new Card(null, Tokenizer.Kind.BPE, null, null, null, null);
        assertEquals(
                Tokenizer.Kind.BPE,
                Exporter.export(checkpoint, target, card).manifest().tokenizer().kind());
    }

    @Test
    void namesAllFaultsOfTheMetadataAtOnce() {
        Map<String, String> metadata = metadata();
        metadata.remove("name");
        metadata.put("architecture", metadata.get("architecture").replace("\"heads\":4", "\"heads\":5"));
        metadata.put("features", "{}");
        metadata.put("tokens", "a\nb");
        metadata.put("recipe", "{");
        Path checkpoint = folder.resolve("small.safetensors");
        SafeTensors.write(checkpoint, parameters, metadata);
        Path target = folder.resolve("bundle");
        assertFault(
                "no \"name\"|width 32 is not a multiple of heads 5|\"features\" in its metadata|line 1 must be <blank>"
                        + "|\"recipe\" in its metadata",
                () -> Exporter.export(checkpoint, target, Card.EMPTY));
        assertTrue(Files.notExists(target));
        assertFault("there is no such file", () -> Exporter.export(folder, target, Card.EMPTY));
    }

    private static void assertFault(String parts, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(CheckpointException.class, call).getMessage();
        for (String part : parts.split("\\|")) {
            assertTrue(message.contains(part), () -> "\"" + part + "\" is missing from: " + message);
        }
    }
}
