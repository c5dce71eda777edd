package org.omniscribe.export.upcycle;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.WhisperCheckpoint;
import org.omniscribe.export.checkpoint.WhisperDimensions;

/** A model of the Whisper family as something to upcycle and to train. */
public final class WhisperStart {
    private WhisperStart() {}

    /**
     * The dense network of a checkpoint, with its decoder.
     *
     * @param name what the start is called
     * @param origin where the weights come from, and their licence
     * @throws CheckpointException if its tokenizer cannot be read
     */
    public static TrainingStart of(WhisperCheckpoint checkpoint, String name, String origin) {
        WhisperDimensions sizes = checkpoint.dimensions();
        Map<String, Tensor> weights = new LinkedHashMap<>();
        // The stored table of positions is that of the sinusoids, which are computed.
        checkpoint.parameters().shapes().keySet().stream()
                .filter(parameter -> !parameter.equals("position.weight"))
                .forEach(parameter ->
                        weights.put(parameter, checkpoint.parameters().read(parameter)));
        try {
            return new TrainingStart(
                    name,
                    origin,
                    checkpoint.architecture(),
                    FeatureSpec.whisper(sizes.melBins()),
                    weights,
                    Files.readAllBytes(checkpoint.tokenizer()));
        } catch (IOException e) {
            throw new CheckpointException(
                    checkpoint.tokenizer() + " cannot be read (" + FailureText.reason(e) + ")", e);
        }
    }
}
