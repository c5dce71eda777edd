package org.omniscribe.export.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.asr.model.ModelManifest.Corpus;
import org.omniscribe.asr.model.ModelManifest.Score;
import org.omniscribe.asr.model.ModelManifest.Tokenizer;
import org.omniscribe.export.checkpoint.CheckpointException;

/**
 * What a person has to say of a model beyond what its checkpoint knows. Every part may be left out.
 *
 * @param name name of the model in place of the checkpoint's; null for that
 * @param tokenizer what the tokens are; null to tell by the tokens, which only works for characters
 * @param data corpora that it was trained on, in place of the recipe's; empty for those
 * @param training settings worth telling, beside and in place of the recipe's
 * @param scores error rates by test set
 * @param licence licence of the weights; null for {@code NOASSERTION}, SPDX's word for "not stated"
 */
public record Card(
        String name,
        Tokenizer.Kind tokenizer,
        List<Corpus> data,
        Map<String, String> training,
        Map<String, Score> scores,
        String licence) {
    /** Nothing to say. */
    public static final Card EMPTY = new Card(null, null, null, null, null, null);

    /** Copies the collections; null becomes empty. */
    public Card {
        data = data == null ? List.of() : List.copyOf(data);
        training = copy(training);
        scores = copy(scores);
    }

    private static <T> Map<String, T> copy(Map<String, T> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /**
     * Reads a card from JSON, whose fields are the components of this record; comments are allowed.
     *
     * @throws CheckpointException if the file cannot be read or is no card
     */
    public static Card read(Path file) {
        Faults faults = new Faults();
        Card card;
        try {
            card = JsonReader.ofCommented(Files.readAllBytes(file), faults).partial(Card.class);
        } catch (IOException e) {
            throw new CheckpointException(file + ": cannot be read (" + FailureText.reason(e) + "); check the path", e);
        }
        faults.orThrow(all -> new CheckpointException(file + ": not a model card: " + all
                + ". It is a JSON object with name, tokenizer, data, training, scores and licence, all of them"
                + " optional"));
        return card;
    }
}
