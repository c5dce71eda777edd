package org.omniscribe.app.desktop.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;

/** Reads the JSON form of a transcript, as {@code docs/transcript.schema.json} describes it. */
public final class TranscriptFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TranscriptFile() {}

    /**
     * Reads a transcript.
     *
     * @throws IOException if it cannot be read or is no transcript; the message says why
     */
    public static Transcript read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            return transcript(JSON.readTree(bytes));
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no transcript: " + e.getOriginalMessage(), e);
        } catch (CharConversionException e) {
            // Zeros at the beginning pass for UTF-32.
            throw new IOException(file + " is no transcript: it is not written in UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is no transcript: " + e.getMessage(), e);
        }
    }

    private static Transcript transcript(JsonNode node) {
        List<Segment> segments = new ArrayList<>();
        for (JsonNode segment : required(node, "segments")) {
            List<Word> words = new ArrayList<>();
            for (JsonNode word : required(segment, "words")) {
                words.add(new Word(
                        required(word, "word").asText(),
                        required(word, "start").asDouble(),
                        required(word, "end").asDouble(),
                        required(word, "confidence").asDouble()));
            }
            segments.add(new Segment(
                    required(segment, "start").asDouble(),
                    required(segment, "end").asDouble(),
                    words));
        }
        List<String> warnings = new ArrayList<>();
        node.path("warnings").forEach(warning -> warnings.add(warning.asText()));
        return new Transcript(
                required(node, "file").asText(),
                required(node, "duration").asDouble(),
                required(node, "model").asText(),
                segments,
                node.has("routing") ? Optional.of(routing(node.get("routing"))) : Optional.empty(),
                warnings);
    }

    private static Transcript.Routing routing(JsonNode node) {
        JsonNode experts = required(node, "experts");
        JsonNode probabilities = required(node, "probabilities");
        int[][] expert = new int[experts.size()][];
        float[][] probability = new float[probabilities.size()][];
        for (int layer = 0; layer < expert.length; layer++) {
            expert[layer] = new int[experts.get(layer).size()];
            for (int step = 0; step < expert[layer].length; step++) {
                expert[layer][step] = experts.get(layer).get(step).asInt();
            }
        }
        for (int layer = 0; layer < probability.length; layer++) {
            probability[layer] = new float[probabilities.get(layer).size()];
            for (int step = 0; step < probability[layer].length; step++) {
                probability[layer][step] =
                        (float) probabilities.get(layer).get(step).asDouble();
            }
        }
        return new Transcript.Routing(required(node, "stepSeconds").asDouble(), new RoutingTrace(expert, probability));
    }

    private static JsonNode required(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it has no \"" + name + "\" where one is needed");
        }
        return value;
    }
}
