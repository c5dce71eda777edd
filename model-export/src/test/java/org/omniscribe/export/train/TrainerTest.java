package org.omniscribe.export.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.export.checkpoint.SafeTensors;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/** Trains on a made-up language: each letter of "abcd" is a tone of its own. */
class TrainerTest {
    @TempDir
    Path folder;

    private Path recipe;
    private final List<String> log = new ArrayList<>();

    @BeforeEach
    void makeCorpus() throws IOException {
        Tones.write(folder);
        recipe = write(recipe(40));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("recipe.json"), text);
    }

    private static String recipe(int steps) {
        return """
                // a small network on a small corpus
                {"name": "tones",
                 "network": {"subsampling": "CONV", "stacking": 4, "convChannels": 4, "width": 16, "heads": 2,
                   "mlpWidth": 16, "experts": "2x2", "routing": "SHARED", "position": "RELATIVE", "positionRange": 4,
                   "attention": "FULL", "chunk": 0, "leftChunks": 0, "convKernel": 3},
                 "corpora": [{"manifest": "manifest.tsv", "weight": 1.5}],
                 "dev": [{"name": "tones", "manifest": "manifest.tsv"}],
                 "copies": [{"speed": 1}, {"speed": 1.1}],
                 "minSeconds": 0.1, "maxSeconds": 5, "steps": %d, "batchSeconds": 6, "rate": 0.01, "warmup": 5,
                 "decay": 0.01, "average": 0.9, "balance": 0.02, "routerNoise": 0.01, "dropout": 0.05,
                 "layerDrop": 0.05, "intermediate": 1, "intermediateWeight": 0.3, "maskFrom": 10, "timeMasks": 1,
                 "timeMaskFrames": 4, "melMasks": 1, "melMaskBins": 4, "warp": 0.05, "chunks": [0, 4], "seed": 5,
                 "evalEvery": 10, "saveEvery": 10}
                """
                .formatted(steps);
    }

    private Trainer trainer(String run) {
        return new Trainer(recipe, folder, folder.resolve(run), folder.resolve("cache"), log::add);
    }

    private List<JsonNode> curve(String run) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(run).resolve("curve.jsonl"))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    @Test
    void theLossFallsAndEverythingForTheNextRoomIsWritten() throws IOException {
        try (Trainer trainer = trainer("run")) {
            trainer.run();
        }
        List<JsonNode> dev = dev("run");
        assertEquals(4, dev.size());
        double first = dev.get(0).get("tones").get("loss").asDouble();
        double last = dev.get(3).get("tones").get("loss").asDouble();
        assertTrue(last < 0.75 * first, first + " -> " + last);
        Map<String, String> metadata =
                SafeTensors.metadata(folder.resolve("run").resolve(Trainer.BEST));
        assertTrue(metadata.keySet().containsAll(List.of("architecture", "features", "tokens", "recipe", "dev")));
        assertEquals("CHARACTER", metadata.get("tokenizer"));
    }

    @Test
    void aSecondReadOutLearnsPhonesAndARunStartsFromTheWeightsOfAnother() throws IOException {
        try (Trainer trainer = trainer("first")) {
            trainer.run();
        }
        Files.move(folder.resolve("first").resolve(Trainer.MODEL), folder.resolve("first.safetensors"));
        StringBuilder dictionary = new StringBuilder();
        List<String> lines = Files.readAllLines(folder.resolve("manifest.tsv"));
        // The last utterance has a word that the dictionary lacks: it is trained on as text alone.
        for (String line : lines.subList(0, lines.size() - 1)) {
            String word = line.substring(line.lastIndexOf('\t') + 1);
            dictionary.append(word);
            word.chars().forEach(c -> dictionary.append(" T").append((char) Character.toUpperCase(c)));
            dictionary.append("\n").append(word).append("(2) TA\n");
        }
        Files.writeString(folder.resolve("tones.dict"), dictionary);
        recipe = write(recipe(40)
                .replace(
                        "\"corpora\"",
                        "\"phones\": \"tones.dict\", \"phonesWeight\": 0.3,"
                                + " \"from\": \"first.safetensors\", \"corpora\""));
        try (Trainer trainer = trainer("second")) {
            trainer.run();
        }
        assertTrue(log.stream().anyMatch(l -> l.endsWith("fresh: phone_head.weight, phone_head.bias")), log.toString());
        List<JsonNode> first = dev("first");
        List<JsonNode> second = dev("second");
        // It goes on where the first one ended instead of from the start.
        double begun = second.get(0).get("tones").get("loss").asDouble();
        assertTrue(begun < first.get(0).get("tones").get("loss").asDouble(), begun + "");
        double early = second.get(0).get("tones").get("phonesLoss").asDouble();
        double late = second.get(3).get("tones").get("phonesLoss").asDouble();
        assertTrue(late < early, early + " -> " + late);
        Path model = folder.resolve("second").resolve(Trainer.MODEL);
        assertEquals(
                List.of("<blank>", "\u2581TA", "\u2581TB", "\u2581TC", "\u2581TD"),
                SafeTensors.metadata(model).get("phones").lines().toList());
        assertEquals(5, SafeTensors.read(model).get("phone_head.bias").data().length);
    }

    @Test
    void whatAKilledRunLeftInTheCacheIsDeletedAndADamagedFileIsNamed() throws IOException {
        trainer("first").close();
        Path cached;
        try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
            cached = files.sorted().findFirst().orElseThrow();
        }
        Files.delete(cached);
        // Above the largest process number of any system.
        Path left = cached.resolveSibling("." + cached.getFileName() + ".2000000000.part");
        Files.writeString(left, "half");
        trainer("second").close();
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(cached));
        Files.write(cached, Arrays.copyOf(Files.readAllBytes(cached), 1000));
        String message =
                assertThrows(TrainException.class, () -> trainer("third")).getMessage();
        assertTrue(message.contains(cached.toString()) && message.contains("delete it"), message);
    }

    @Test
    void phonesAndTheirWeightBelongTogether() throws IOException {
        recipe = write(recipe(40).replace("\"seed\"", "\"phonesWeight\": 0.8, \"seed\""));
        String message =
                assertThrows(RecipeException.class, () -> trainer("run")).getMessage();
        assertTrue(message.contains("phones names nothing"), message);
        assertTrue(message.contains("leave nothing of the loss to the text"), message);
    }

    private List<JsonNode> dev(String run) throws IOException {
        return curve(run).stream()
                .filter(l -> l.get("kind").asText().equals("dev"))
                .toList();
    }

    /** A run that is cut off between two saves starts again at the save and ends at the same weights to the bit. */
    @Test
    void aRunThatWasKilledEndsAsIfNothingHadHappened() throws IOException {
        try (Trainer whole = trainer("whole")) {
            whole.run();
        }
        try (Trainer cut = new Trainer(recipe, folder, folder.resolve("cut"), folder.resolve("cache"), line -> {
            log.add(line);
            if (line.startsWith("update 20 epoch")) {
                throw new IllegalStateException("killed");
            }
        })) {
            assertThrows(IllegalStateException.class, cut::run);
        }
        assertEquals(
                "10",
                SafeTensors.metadata(folder.resolve("cut").resolve("state.safetensors"))
                        .get("step"));
        try (Trainer again = trainer("cut")) {
            again.run();
        }
        Map<String, Tensor> expected = SafeTensors.read(folder.resolve("whole").resolve("state.safetensors"));
        Map<String, Tensor> actual = SafeTensors.read(folder.resolve("cut").resolve("state.safetensors"));
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, tensor) ->
                assertArrayEquals(tensor.data(), actual.get(name).data(), name));
        assertEquals(
                curve("whole").stream().map(l -> l.get("step")).toList(),
                curve("cut").stream().map(l -> l.get("step")).toList());
    }

    @Test
    void aFolderOfAnotherRecipeIsRefused() throws IOException {
        recipe = write(recipe(10));
        try (Trainer trainer = trainer("run")) {
            trainer.run();
        }
        recipe = write(recipe(12));
        int told = log.size();
        assertThrows(RecipeException.class, () -> trainer("run"));
        assertEquals(told, log.size(), "refused before the features are made");
    }

    @Test
    void aStoppedRunSavesItsStateAndGoesOn() throws IOException {
        try (Trainer stopped = trainer("run")) {
            stopped.stop();
            assertFalse(stopped.run());
        }
        Path state = folder.resolve("run").resolve(TrainingState.FILE);
        assertEquals("0", SafeTensors.metadata(state).get("step"));
        try (Trainer again = trainer("run")) {
            assertTrue(again.run());
        }
        assertEquals("40", SafeTensors.metadata(state).get("step"));
    }

    /** What a run wrote between its last saved state and a crash is written again by the next start. */
    @Test
    void linesOfTheCurveAfterTheSavedStateAreDropped() throws IOException {
        Path run = Files.createDirectories(folder.resolve("run"));
        Files.writeString(run.resolve("curve.jsonl"), "{\"kind\":\"train\",\"step\":20}\n{\"kind\":\"train\",\"st");
        recipe = write(recipe(10));
        try (Trainer trainer = trainer("run")) {
            trainer.run();
        }
        assertEquals(
                List.of(10),
                curve("run").stream().map(l -> l.get("step").asInt()).toList());
    }

    @Test
    void withoutDevSetsTheBestWeightsAreTheLast() throws IOException {
        recipe = write(recipe(20).replace("{\"name\": \"tones\", \"manifest\": \"manifest.tsv\"}", ""));
        try (Trainer trainer = trainer("run")) {
            trainer.run();
        }
        Map<String, Tensor> best = SafeTensors.read(folder.resolve("run").resolve(Trainer.BEST));
        Map<String, Tensor> last = SafeTensors.read(folder.resolve("run").resolve(Trainer.MODEL));
        last.forEach((name, tensor) ->
                assertArrayEquals(tensor.data(), best.get(name).data(), name));
    }

    @Test
    void allFaultsOfARecipeAreToldAtOnce() throws IOException {
        recipe = write(recipe(40)
                .replace("\"rate\": 0.01", "\"rate\": 0")
                .replace("\"heads\": 2", "\"heads\": 3")
                .replace("\"batchSeconds\": 6", "\"batchSeconds\": 1"));
        String message =
                assertThrows(RecipeException.class, () -> trainer("run")).getMessage();
        assertTrue(message.contains("rate must be positive"), message);
        assertTrue(message.contains("width 16 is not a multiple of heads 3"), message);
        assertTrue(message.contains("batchSeconds 1.0 is less than maxSeconds 5.0"), message);
        recipe = write(recipe(40).replace("\"rate\"", "\"ratte\""));
        assertRefused("unknown field ratte");
    }

    @Test
    void aRecipeThatIsNoRecipeIsRefusedInPlainWords() throws IOException {
        write("[1]");
        assertRefused("it must be an object, not [1]");
        write(recipe(40).substring(0, 120));
        assertRefused("in line 3");
        write(recipe(40).replace("\"SHARED\"", "\"SHARD\""));
        assertRefused("network.routing must be one of SHARED, INDEPENDENT, DENSE, not \"SHARD\"");
        write(recipe(40).replace("\"steps\": 40", "\"steps\": \"many\""));
        assertRefused("steps must be a whole number, not \"many\"");
        write(recipe(40).replace("\"corpora\": [", "\"corpora\": [3, "));
        assertRefused("corpora[0] must be an object, not 3");
        write(recipe(40).replace("\"weight\"", "\"wait\""));
        assertRefused("unknown field corpora[0].wait");
        recipe = folder.resolve("none.json");
        assertRefused("none.json does not exist");
    }

    private void assertRefused(String fault) {
        String message =
                assertThrows(RecipeException.class, () -> trainer("run")).getMessage();
        assertTrue(message.contains(fault), message);
    }

    @Test
    void aRoomKeepsTheLevelAndDelaysNothing() {
        float[] x = new float[1000];
        x[100] = 1;
        float[] y = AudioAugmenter.convolve(x, new float[] {1, 0, 0.5f});
        double scale = 1 / Math.sqrt(1.25);
        assertEquals(scale, y[100], 1e-5);
        assertEquals(0, y[101], 1e-5);
        assertEquals(scale / 2, y[102], 1e-5);
        assertEquals(1000, y.length);
    }
}
