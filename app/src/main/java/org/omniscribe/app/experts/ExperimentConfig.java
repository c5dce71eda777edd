package org.omniscribe.app.experts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.export.train.RecipeException;

/**
 * A grid of trainings that differ in routing, number of experts and seed.
 *
 * @param recipe the recipe that they have in common, as of {@code omniscribe train}; its routing, numbers of experts and seed
 *     are replaced
 * @param routings how to route; {@code DENSE} is trained once a seed
 * @param experts experts a layer
 * @param seeds of all randomness; the first of them is trained for all networks first
 * @param test names and manifests of what is measured at the end
 * @param permutations random reassignments of experts that are measured
 */
public record ExperimentConfig(
        JsonNode recipe,
        List<Routing> routings,
        List<Integer> experts,
        List<Long> seeds,
        List<Test> test,
        int permutations) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * A set to measure on.
     *
     * @param name of the set
     * @param manifest its path from the folder of the data
     */
    public record Test(String name, String manifest) {}

    /** Checks all fields and reports every fault at once. */
    public ExperimentConfig {
        List<String> faults = new ArrayList<>();
        routings = copy(routings, "routings", faults);
        experts = copy(experts, "experts", faults);
        seeds = copy(seeds, "seeds", faults);
        test = copy(test, "test", faults);
        if (recipe == null || !recipe.isObject()) {
            faults.add("recipe must be an object, the settings of a training");
        } else if (!recipe.path("network").path("experts").asText().matches("\\d+x\\d+")) {
            faults.add("recipe.network.experts must be of the form 6x4, with layers that are all alike");
        }
        if (experts.stream().anyMatch(e -> e < 2)) {
            faults.add("experts must be 2 or more each, not " + experts);
        }
        if (test.stream().anyMatch(t -> t.name() == null || t.manifest() == null)) {
            faults.add("a test set needs a name and a manifest");
        }
        if (permutations < 0) {
            faults.add("permutations must be at least 0, not " + permutations);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    private static <T> List<T> copy(List<T> list, String name, List<String> faults) {
        if (list == null || list.isEmpty()) {
            faults.add(name + " is empty");
            return List.of();
        }
        return List.copyOf(list);
    }

    /**
     * Reads a config.
     *
     * @throws RecipeException naming the file and everything that is wrong in it
     */
    public static ExperimentConfig read(Path file) {
        try {
            return JSON.readValue(Files.readString(file), ExperimentConfig.class);
        } catch (JsonProcessingException e) {
            String fault = e.getCause() instanceof IllegalArgumentException
                    ? e.getCause().getMessage()
                    : e.getOriginalMessage()
                            + (e.getLocation() == null
                                    ? ""
                                    : " in line " + e.getLocation().getLineNr());
            throw new RecipeException(
                    "cannot use the experiment " + file + ": " + fault + ". Mend the file and start"
                            + " again; model-export/recipes/omni-study.json is an example.",
                    e);
        } catch (IOException e) {
            throw new RecipeException(
                    "the experiment " + file + " cannot be read (" + e + "); name a JSON file such as"
                            + " model-export/recipes/omni-study.json",
                    e);
        }
    }

    /**
     * One training of the grid.
     *
     * @param name of its folder
     * @param routing how it routes
     * @param experts experts a layer, 1 for a dense network
     * @param seed of all randomness
     * @param recipe its whole recipe
     */
    public record Cell(String name, Routing routing, int experts, long seed, JsonNode recipe) {}

    /** All trainings, in the order to do them in. */
    public List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (long seed : seeds) {
            for (Routing routing : routings) {
                if (routing == Routing.DENSE) {
                    cells.add(cell(routing, 1, seed));
                } else {
                    experts.forEach(number -> cells.add(cell(routing, number, seed)));
                }
            }
        }
        return cells;
    }

    private Cell cell(Routing routing, int number, long seed) {
        String name = routing.name().toLowerCase(Locale.ROOT) + "-" + number + "-seed" + seed;
        ObjectNode changed = recipe.deepCopy();
        ObjectNode network = (ObjectNode) changed.get("network");
        int layers = Architecture.parseExperts(network.get("experts").asText()).size();
        changed.put("name", name).put("seed", seed);
        network.put("routing", routing.name()).put("experts", layers + "x" + number);
        return new Cell(name, routing, number, seed, changed);
    }
}
