package org.omniscribe.datasets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a manifest of JSON objects, one a line, such as NeMo's.
 *
 * <pre>
 * {"audio": "calls/1.sph", "start": 3.5, "end": 6.25, "channel": 1, "speaker": "anna", "text": "yes", "id": "1-a"}
 * {"audio_filepath": "talk.wav", "duration": 7.2, "text": "good morning"}
 * </pre>
 *
 * <p>{@code audio} or {@code audio_filepath}: a path, relative to the manifest. {@code start} or {@code offset}, in seconds:
 * without it and without {@code end} the utterance is the whole file. {@code end}, or {@code duration} or {@code seconds} for
 * the length; a whole file's length is measured if it is not told. {@code channel}: counted from 0; all are mixed if it is
 * not told. {@code speaker}, {@code text} and {@code id} are optional; the id is the path, and the start of a segment.
 */
public final class JsonlManifest {
    /** The file name looked for in a folder. */
    public static final String FILE_NAME = "manifest.jsonl";

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonlManifest() {}

    /**
     * Reads a manifest.
     *
     * @throws DatasetException naming all faults at once
     */
    public static UtteranceList read(Path file) {
        Problems problems = new Problems(file);
        List<Utterance> utterances = new ArrayList<>();
        List<String> lines = problems.lines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            String place = "line " + (i + 1);
            try {
                JsonNode object = MAPPER.readTree(lines.get(i));
                if (object.isObject()) {
                    utterance(object, file, place, utterances, problems);
                } else {
                    problems.fault(place + ": no JSON object");
                }
            } catch (JsonProcessingException e) {
                problems.fault(place + ": no sound JSON: " + e.getOriginalMessage());
            }
        }
        return new UtteranceList(
                utterances,
                problems.finish(
                        utterances,
                        "A line is a JSON object such as {\"audio\": \"a.wav\", \"text\": \"good morning\"}."));
    }

    private static void utterance(
            JsonNode object, Path file, String place, List<Utterance> utterances, Problems problems) {
        String name = first(object, "audio", "audio_filepath").asText("");
        Path audio;
        try {
            audio = file.toAbsolutePath().resolveSibling(name).normalize();
        } catch (InvalidPathException e) {
            problems.fault(place + ": audio \"" + name + "\" is no file name");
            return;
        }
        JsonNode from = first(object, "start", "offset");
        JsonNode to = object.path("end");
        JsonNode length = first(object, "duration", "seconds");
        boolean whole = name.isEmpty() || (from.isMissingNode() || from.asDouble() == 0) && to.isMissingNode();
        double start = number(from, 0, "start", place, problems);
        double seconds = number(length, Double.NaN, "duration", place, problems);
        double end = number(to, start + seconds, "end", place, problems);
        JsonNode channel = object.path("channel");
        String id = object.path("id").asText(whole ? name : name + "#" + from.asText("0"));
        if (name.isEmpty()) {
            problems.fault(place + ": no audio");
        } else if (!channel.isMissingNode() && (!channel.isInt() || channel.asInt() < 0)) {
            problems.fault(place + ": channel must be a whole number from 0, not " + channel);
        } else if (problems.isNew(id, place) && problems.isThere(audio)) {
            if (whole && Double.isNaN(end)) {
                end = problems.seconds(audio);
                if (Double.isNaN(end)) {
                    return;
                }
            }
            if (start >= 0 && end > start) {
                utterances.add(new Utterance(
                        id,
                        audio,
                        whole,
                        start,
                        end,
                        channel.asInt(Utterance.ALL_CHANNELS),
                        object.path("speaker").asText(""),
                        object.path("text").asText("")));
            } else {
                problems.fault(place + ": a segment needs a start from 0, and an end after it or a duration above 0");
            }
        }
    }

    private static JsonNode first(JsonNode object, String name, String other) {
        return object.hasNonNull(name) ? object.get(name) : object.path(other);
    }

    private static double number(JsonNode node, double missing, String what, String place, Problems problems) {
        if (!node.isMissingNode() && !node.isNumber()) {
            problems.fault(place + ": " + what + " must be a number of seconds, not " + node);
        }
        return node.asDouble(missing);
    }
}
