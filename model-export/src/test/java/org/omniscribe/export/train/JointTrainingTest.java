package org.omniscribe.export.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.checkpoint.SafeTensors;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.WhisperCheckpoint;
import org.omniscribe.export.upcycle.TrainingStart;
import org.omniscribe.export.upcycle.Upcycler;
import org.omniscribe.export.upcycle.WhisperStart;

/** A small random model of Whisper's layout, upcycled and trained with a CTC head beside its own decoder. */
class JointTrainingTest {
    private static final Path WHISPER = Path.of("src/test/resources/whisper/ct2");

    @TempDir
    private Path folder;

    private final List<String> log = new ArrayList<>();

    @BeforeEach
    void makeCorpusAndStarts() throws IOException {
        Tones.write(folder);
        TrainingStart dense =
                WhisperStart.of(WhisperCheckpoint.open(WHISPER, Optional.empty(), Set.of()), "small", "a test");
        dense.write(folder.resolve("dense"));
        Upcycler.Network omni = Upcycler.upcycle(
                new Upcycler.Network(dense.architecture(), dense.weights()),
                new Upcycler.Options(
                        Architecture.parseExperts(dense.architecture().layers() + "x2"),
                        Routing.SHARED,
                        Upcycler.Start.MIXED,
                        3));
        new TrainingStart("small", "a test", omni.architecture(), dense.features(), omni.weights(), dense.tokenizer())
                .write(folder.resolve("omni"));
    }

    private Path recipe(String start, int steps) throws IOException {
        return Files.writeString(
                folder.resolve("recipe.json"),
                """
                {"name": "joint", "start": "%s",
                 "tuning": {"headUpdates": 5, "bodyRate": 0.5, "layerDecay": 0.9, "gateUpdates": 20},
                 "distillation": {"teacher": "dense", "weight": 1, "ctcWeight": 0.3, "paddingSeconds": 1, "correction": 0.5},
                 "corpora": [{"manifest": "manifest.tsv", "weight": 1}],
                 "dev": [{"name": "tones", "manifest": "manifest.tsv"}],
                 "minSeconds": 0.1, "maxSeconds": 5, "steps": %d, "batchSeconds": 6, "rate": 0.01, "warmup": 2,
                 "decay": 0.01, "average": 0.9, "balance": 0.02, "routerNoise": 0.01, "chunks": [0], "seed": 5,
                 "maskFrom": 1000, "evalEvery": 10, "saveEvery": 10}
                """
                        .formatted(start, steps));
    }

    private Trainer trainer(Path recipe, String run) {
        return new Trainer(recipe, folder, folder.resolve(run), folder.resolve("cache"), log::add);
    }

    private List<Double> divergences(String run) throws IOException {
        List<Double> divergences = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(run).resolve("curve.jsonl"))) {
            JsonNode json = new ObjectMapper().readTree(line);
            if (json.has("divergence")) {
                divergences.add(json.get("divergence").asDouble());
            }
        }
        return divergences;
    }

    @Test
    void distillationBringsTheEncoderNearerToTheTeacherAtNaturalLength() throws IOException {
        Path recipe = Files.writeString(
                folder.resolve("distil.json"),
                Files.readString(recipe("omni", 100))
                        .replace("\"ctcWeight\": 0.3", "\"ctcWeight\": 0")
                        .replace("\"gateUpdates\": 20", "\"gateUpdates\": 0")
                        .replace("\"headUpdates\": 5", "\"headUpdates\": 0")
                        .replace("\"rate\": 0.01", "\"rate\": 0.003"));
        try (Trainer trainer = trainer(recipe, "run")) {
            trainer.run();
        }
        List<Double> divergences = divergences("run");
        assertEquals(5, divergences.size());
        assertTrue(divergences.get(4) < 0.95 * divergences.get(0), divergences.toString());
    }

    @Test
    void theHeadLearnsTheDecoderStaysAndTheGateOpens() throws IOException {
        Path recipe = recipe("omni", 40);
        try (Trainer trainer = trainer(recipe, "run")) {
            assertTrue(trainer.run());
        }
        Path best = folder.resolve("run").resolve(Trainer.MODEL);
        JsonNode architecture =
                new ObjectMapper().readTree(SafeTensors.metadata(best).get("architecture"));
        assertEquals("PROBABILITY", architecture.get("gate").get("kind").asText());
        Map<String, Tensor> before = TrainingStart.read(folder.resolve("omni")).weights();
        Map<String, Tensor> after = SafeTensors.read(best);
        String body = "layers.0.ffn.experts.0.in.weight";
        assertFalse(Arrays.equals(before.get(body).data(), after.get(body).data()));
        assertTrue(after.containsKey("head.weight"));
        assertTrue(log.stream().anyMatch(line -> line.contains("fresh: head.weight, head.bias")), log.toString());
    }

    @Test
    void whileTheHeadComesFirstNothingElseChanges() throws IOException {
        Path recipe = recipe("omni", 5);
        try (Trainer trainer = trainer(recipe, "run")) {
            trainer.run();
        }
        Map<String, Tensor> before = TrainingStart.read(folder.resolve("omni")).weights();
        Map<String, Tensor> after = SafeTensors.read(folder.resolve("run").resolve("state.safetensors"));
        before.forEach((name, tensor) -> {
            if (!name.startsWith(TrainingStart.DECODER) && !name.startsWith("routers.")) {
                assertNotNull(after.get("weight." + name), name);
                assertArrayEquals(tensor.data(), after.get("weight." + name).data(), name);
            }
        });
    }

    @Test
    void aRunThatWasInterruptedComesToTheSameWeights() throws IOException {
        Path recipe = recipe("omni", 20);
        try (Trainer trainer = trainer(recipe, "whole")) {
            trainer.run();
        }
        for (int part = 0; part < 2; part++) {
            try (Trainer trainer = new Trainer(
                    recipe, folder, folder.resolve("parts"), folder.resolve("cache"), line -> log.add(line))) {
                if (part == 0) {
                    Thread stopper = new Thread(trainer::stop);
                    stopper.start();
                }
                trainer.run();
            }
        }
        Map<String, Tensor> whole = SafeTensors.read(folder.resolve("whole").resolve(Trainer.MODEL));
        Map<String, Tensor> parts = SafeTensors.read(folder.resolve("parts").resolve(Trainer.MODEL));
        whole.forEach((name, tensor) ->
                assertArrayEquals(tensor.data(), parts.get(name).data(), 1e-6f, name));
    }

    @Test
    void aStartOrTeacherThatDoesNotFitIsNamed() throws IOException {
        Path missing = recipe("nowhere", 5);
        String message = assertThrows(CheckpointException.class, () -> trainer(missing, "run"))
                .getMessage();
        assertTrue(message.contains("omniscribe upcycle"), message);
        Path routed = Files.writeString(
                folder.resolve("routed.json"),
                Files.readString(recipe("omni", 5)).replace("\"dense\"", "\"omni\""));
        message = assertThrows(RecipeException.class, () -> trainer(routed, "run"))
                .getMessage();
        assertTrue(message.contains("must be dense"), message);
    }

    @Test
    void metadataThatCannotBeUsedIsNamedWithItsFieldsAndNoClass() {
        Path file = folder.resolve("bad").resolve("start.safetensors");
        Map<String, String> metadata =
                Map.of("name", "bad", "origin", "a test", "architecture", "{\"width\": \"wide\"}", "features", "{}");
        file.getParent().toFile().mkdirs();
        SafeTensors.write(file, Map.of("w", new Tensor(new long[] {1}, new float[1])), metadata);
        String message = assertThrows(CheckpointException.class, () -> TrainingStart.read(folder.resolve("bad")))
                .getMessage();
        assertTrue(message.contains("width") && message.contains("omniscribe upcycle"), message);
        assertFalse(message.contains("java.") || message.contains("jackson"), message);
    }
}
