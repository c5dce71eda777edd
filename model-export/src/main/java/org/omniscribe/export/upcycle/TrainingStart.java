package org.omniscribe.export.upcycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.omniscribe.asr.feature.FeatureException;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
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
        AtomicFile.writeBytes(folder.resolve(TOKENIZER), tokenizer);
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
        Faults faults = new Faults();
        Architecture architecture =
                JsonReader.of(metadata.get("architecture"), faults).record(Architecture.class, "decoder");
        JsonNode features = JsonReader.of(metadata.get("features"), faults).node();
        if (!faults.isEmpty()) {
            throw unusable(file, String.join("; ", faults.list()), null);
        }
        try {
            return new TrainingStart(
                    metadata.get("name"),
                    metadata.get("origin"),
                    architecture,
                    FeatureSpec.fromJson(features),
                    SafeTensors.read(file),
                    Files.readAllBytes(folder.resolve(TOKENIZER)));
        } catch (FeatureException e) {
            throw unusable(file, e.getMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException(folder + " cannot be read (" + FailureText.reason(e) + ")", e);
        }
    }

    private static CheckpointException unusable(Path file, String fault, Exception cause) {
        return new CheckpointException(
                file + ": its metadata cannot be used: " + fault + ". Make it again with omniscribe upcycle", cause);
    }
}
