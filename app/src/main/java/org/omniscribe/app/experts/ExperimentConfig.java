package org.omniscribe.app.experts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.eval.report.NetworkGroup;
import org.omniscribe.export.train.RecipeException;

/**
 * Trainings that differ in seed and either in routing and number of experts, as a grid, or in whatever is varied.
 *
 * @param recipe the recipe that they have in common, as of {@code omniscribe train}; its seed is replaced, and in a grid
 *     its routing and numbers of experts
 * @param routings how to route; {@code DENSE} is trained once a seed; empty if there is no grid
 * @param experts experts a layer; empty if there is no grid
 * @param variants what else to try; the first is what the others are compared with, if there is no dense network
 * @param seeds of all randomness; the first of them is trained for all networks first
 * @param test names and manifests of what is measured at the end
 * @param permutations random reassignments of experts that are measured
 */
public record ExperimentConfig(
        JsonNode recipe,
        List<Routing> routings,
        List<Integer> experts,
        List<Variation> variants,
        List<Long> seeds,
        List<Test> test,
        int permutations) {
    /**
     * The recipe with something different about it.
     *
     * @param name what to call it
     * @param change what is different: an object with fields of the recipe, whose objects are changed field by field
     */
    public record Variation(String name, JsonNode change) {}

    /**
     * A set to measure on.
     *
     * @param name of the set
     * @param manifest its path from the folder of the data
     */
    public record Test(String name, String manifest) {}

    /** Checks all fields and reports every fault at once. */
    public ExperimentConfig {
        Faults faults = new Faults();
        routings = routings == null ? List.of() : List.copyOf(routings);
        experts = experts == null ? List.of() : List.copyOf(experts);
        variants = variants == null ? List.of() : List.copyOf(variants);
        seeds = copy(seeds, "seeds", faults);
        test = copy(test, "test", faults);
        if (recipe == null || !recipe.isObject()) {
            faults.add("recipe must be an object, the settings of a training");
        } else if (!recipe.path("network").path("experts").asText().matches("\\d+x\\d+")) {
            faults.add("recipe.network.experts must be of the form 6x4, with layers that are all alike");
        }
        if (routings.isEmpty() && variants.isEmpty()) {
            faults.add("there must be routings or variants to try");
        }
        if (experts.isEmpty() && routings.stream().anyMatch(routing -> routing != Routing.DENSE)) {
            faults.add("experts is empty");
        }
        for (Variation variant : variants) {
            if (variant.name() == null || !variant.name().matches("[\\w.+-]+")) {
                faults.add(
                        "a variant needs a name of letters, digits, dots and dashes, not \"" + variant.name() + "\"");
            }
            if (variant.change() == null || !variant.change().isObject()) {
                faults.add("the variant " + variant.name() + " needs a change, an object; {} for none");
            }
        }
        if (experts.stream().anyMatch(e -> e < 2)) {
            faults.add("experts must be 2 or more each, not " + experts);
        }
        if (test.stream().anyMatch(t -> t.name() == null || t.manifest() == null)) {
            faults.add("a test set needs a name and a manifest");
        }
        faults.atLeast("permutations", permutations, 0);
        faults.orThrow();
    }

    private static <T> List<T> copy(List<T> list, String name, Faults faults) {
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
        Faults faults = new Faults();
        ExperimentConfig config;
        try {
            config = JsonReader.ofCommented(Files.readAllBytes(file), faults).partial(ExperimentConfig.class);
        } catch (IOException e) {
            throw new RecipeException(
                    "the experiment " + file + " cannot be read (" + FailureText.reason(e)
                            + "); name a JSON file such as model-export/recipes/omni-study.json",
                    e);
        }
        faults.orThrow(all -> new RecipeException("cannot use the experiment " + file + ": " + all
                + ". Fix the file and start again; model-export/recipes/omni-study.json is an example."));
        return config;
    }

    /**
     * One training.
     *
     * @param name of its folder
     * @param group what it has in common with those that differ in the seed only
     * @param seed of all randomness
     * @param recipe its whole recipe
     */
    public record Cell(String name, NetworkGroup group, long seed, JsonNode recipe) {}

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
            variants.forEach(variant -> cells.add(cell(variant, seed)));
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
        return new Cell(name, NetworkGroup.ofGrid(routing, number), seed, changed);
    }

    private Cell cell(Variation variant, long seed) {
        String name = variant.name() + "-seed" + seed;
        ObjectNode changed = recipe.deepCopy();
        merge(changed, variant.change());
        changed.put("name", name).put("seed", seed);
        JsonNode network = changed.get("network");
        NetworkGroup group = NetworkGroup.parse(
                variant.name(),
                Routing.valueOf(network.get("routing").asText()),
                Architecture.parseExperts(network.get("experts").asText()).get(0));
        return new Cell(name, group, seed, changed);
    }

    /** As RFC 7396 merges a patch into an object. */
    private static void merge(ObjectNode into, JsonNode patch) {
        patch.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isNull()) {
                into.remove(field.getKey());
            } else if (value.isObject()) {
                JsonNode old = into.get(field.getKey());
                merge(old instanceof ObjectNode object ? object : into.putObject(field.getKey()), value);
            } else {
                into.set(field.getKey(), value);
            }
        });
    }
}
