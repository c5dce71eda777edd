package org.omniscribe.export.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.omniscribe.export.checkpoint.SafeTensors;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/**
 * Everything a run needs to go on exactly where it was, in one safetensors file that is replaced as a whole.
 *
 * <p>Data order and all randomness follow from the recipe's seed and the position, so a position is all there is to
 * remember of them.
 *
 * @param position how far the run has come
 * @param tensors weights under {@code weight.NAME}, and the optimiser's state
 */
record TrainingState(Position position, Map<String, Tensor> tensors) {
    static final String FILE = "state.safetensors";
    private static final String WEIGHT = "weight.";

    /**
     * How far a run has come.
     *
     * @param step updates done
     * @param updates updates that changed the weights; the others had gradients that were not finite
     * @param epoch epoch of the next batch
     * @param batch index of the next batch in its epoch
     * @param audioSeconds audio trained on so far, each utterance as often as it came
     * @param wallSeconds time spent so far, measuring included
     */
    record Position(long step, long updates, int epoch, int batch, double audioSeconds, double wallSeconds) {
        static final Position START = new Position(0, 0, 0, 0, 0, 0);
    }

    static TrainingState of(Position position, OmniRouterNet net, AdamW optimizer) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        net.weights().forEach((name, tensor) -> tensors.put(WEIGHT + name, tensor));
        tensors.putAll(optimizer.state());
        return new TrainingState(position, tensors);
    }

    void restore(OmniRouterNet net, AdamW optimizer) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(WEIGHT)) {
                weights.put(name.substring(WEIGHT.length()), tensor);
            }
        });
        net.load(weights);
        optimizer.restore(tensors, position.updates());
    }

    void write(Path folder, String recipe) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("recipe", recipe);
        metadata.put("step", Long.toString(position.step()));
        metadata.put("updates", Long.toString(position.updates()));
        metadata.put("epoch", Integer.toString(position.epoch()));
        metadata.put("batch", Integer.toString(position.batch()));
        metadata.put("audioSeconds", Double.toString(position.audioSeconds()));
        metadata.put("wallSeconds", Double.toString(position.wallSeconds()));
        SafeTensors.write(folder.resolve(FILE), tensors, metadata);
    }

    /**
     * Reads the state of a run.
     *
     * @param recipe the recipe of now
     * @return null if the folder holds none
     * @throws RecipeException if the state belongs to another recipe
     */
    static TrainingState read(Path folder, String recipe) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return null;
        }
        Map<String, String> metadata = SafeTensors.metadata(file);
        if (!recipe.equals(metadata.get("recipe"))) {
            throw new RecipeException(folder + " holds a run of another recipe. Use another folder, or the recipe "
                    + folder.resolve("recipe.json") + ".");
        }
        Position position = new Position(
                Long.parseLong(metadata.get("step")),
                Long.parseLong(metadata.get("updates")),
                Integer.parseInt(metadata.get("epoch")),
                Integer.parseInt(metadata.get("batch")),
                Double.parseDouble(metadata.get("audioSeconds")),
                Double.parseDouble(metadata.get("wallSeconds")));
        return new TrainingState(position, SafeTensors.read(file));
    }
}
