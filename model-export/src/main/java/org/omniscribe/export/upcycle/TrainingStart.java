package org.omniscribe.export.upcycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.omniscribe.asr.feature.FeatureException;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.checkpoint.SafeTensors;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/**
 * A folder that training starts from: {@code start.safetensors} with all weights, those of an attention decoder included, and
 * the architecture and features in its metadata; and the decoder's {@code tokenizer.json}.
 *
 * @param name of the model that it was made of
 * @param origin where its weights come from, and their licence
 * @param architecture the network
 * @param features what it takes
 * @param weights by the architecture's names
 * @param tokenizer the bytes of {@code tokenizer.json}
 */
public record TrainingStart(
        String name,
        String origin,
        Architecture architecture,
        FeatureSpec features,
        Map<String, Tensor> weights,
        byte[] tokenizer) {
    private static final String WEIGHTS = "start.safetensors";
    private static final String TOKENIZER = "tokenizer.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Prefix of the names of the decoder's weights. */
    public static final String DECODER = "decoder.";

    /**
     * Writes the folder; a file that is there already is replaced as a whole.
     *
     * @throws IOException if it cannot be written
     */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path part = folder.resolve(TOKENIZER + ".part");
        Files.write(part, tokenizer);
        Files.move(
                part, folder.resolve(TOKENIZER), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("name", name);
        metadata.put("origin", origin);
        metadata.put("architecture", JSON.valueToTree(architecture).toString());
        metadata.put("features", features.toJson().toString());
        SafeTensors.write(folder.resolve(WEIGHTS), weights, metadata);
    }

    /**
     * Reads a folder.
     *
     * @throws CheckpointException if it is not one, or is damaged
     */
    public static TrainingStart read(Path folder) {
        Path file = folder.resolve(WEIGHTS);
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(
                    folder + " holds no " + WEIGHTS + ". Make a start with omniscribe upcycle MODEL -o " + folder);
        }
        Map<String, String> metadata = SafeTensors.metadata(file);
        for (String key : new String[] {"name", "origin", "architecture", "features"}) {
            if (!metadata.containsKey(key)) {
                throw new CheckpointException(file + " does not say its " + key
                        + ". Make it again with omniscribe upcycle MODEL -o " + folder);
            }
        }
        try {
            return new TrainingStart(
                    metadata.get("name"),
                    metadata.get("origin"),
                    JSON.readValue(metadata.get("architecture"), Architecture.class),
                    FeatureSpec.fromJson(JSON.readTree(metadata.get("features"))),
                    SafeTensors.read(file),
                    Files.readAllBytes(folder.resolve(TOKENIZER)));
        } catch (JsonProcessingException | FeatureException e) {
            throw new CheckpointException(
                    file + ": its architecture or features cannot be read. Make it again with omniscribe upcycle", e);
        } catch (IOException e) {
            throw new CheckpointException(folder + " cannot be read (" + FailureText.reason(e) + ")", e);
        }
    }
}
