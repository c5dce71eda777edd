package org.omniscribe.app.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.stream.RecognitionEvent;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;

/** The JSON of all answers; those to transcription requests are as OpenAI's reference of its interface says. */
final class Answers {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {}

    static String text(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer cannot be written as JSON", e);
        }
    }

    static ObjectNode error(Refusal refusal) {
        ObjectNode node = JSON.createObjectNode();
        node.putObject("error")
                .put("message", refusal.getMessage())
                .put("type", refusal.type())
                .put("param", refusal.param())
                .put("code", refusal.code());
        return node;
    }

    static ObjectNode models(String name, long created) {
        ObjectNode node = JSON.createObjectNode().put("object", "list");
        node.putArray("data").add(model(name, created));
        return node;
    }

    static ObjectNode model(String name, long created) {
        return JSON.createObjectNode()
                .put("id", name)
                .put("object", "model")
                .put("created", created)
                .put("owned_by", "omniscribe");
    }

    static ObjectNode json(Transcript transcript) {
        return withUsage(JSON.createObjectNode().put("text", transcript.text()), transcript);
    }

    /** An event of a streamed answer: words that were added to the text. */
    static ObjectNode delta(String text) {
        return JSON.createObjectNode().put("type", "transcript.text.delta").put("delta", text);
    }

    /** The last event of a streamed answer: the whole text. Its usage could only be counted in tokens, which there are none of. */
    static ObjectNode done(Transcript transcript) {
        return JSON.createObjectNode().put("type", "transcript.text.done").put("text", transcript.text());
    }

    /** The seconds of sound, whole ones as OpenAI counts them. */
    private static ObjectNode withUsage(ObjectNode node, Transcript transcript) {
        node.putObject("usage").put("type", "duration").put("seconds", (long) Math.ceil(transcript.duration()));
        return node;
    }

    /** With segments, words and experts as asked for; what only Whisper has, such as token ids, is left empty. */
    static ObjectNode verbose(Transcript transcript, TranscriptionRequest asked) {
        ObjectNode node = JSON.createObjectNode()
                .put("task", asked.asked().translate() ? "translate" : "transcribe")
                .put("language", language(transcript))
                .put("duration", millis(transcript.duration()))
                .put("text", transcript.text());
        if (asked.segments()) {
            ArrayNode array = node.putArray("segments");
            for (Segment segment : transcript.segments()) {
                ObjectNode one = array.addObject()
                        .put("id", array.size() - 1)
                        .put("seek", 0)
                        .put("start", millis(segment.start()))
                        .put("end", millis(segment.end()))
                        .put("text", segment.text());
                one.putArray("tokens");
                one.put("temperature", 0)
                        .put("avg_logprob", logConfidence(segment.words()))
                        .put("compression_ratio", 1)
                        .put("no_speech_prob", 0);
            }
        }
        if (asked.words()) {
            words(node.putArray("words"), transcript.words());
        }
        if (asked.routing() && transcript.routing().isPresent()) {
            routing(
                    node.putObject("routing"),
                    transcript.routing().get().stepSeconds(),
                    transcript.routing().get().trace());
        }
        return withUsage(node, transcript);
    }

    /** The English name of the language, as OpenAI gives it. */
    private static String language(Transcript transcript) {
        return Locale.forLanguageTag(transcript.language().orElse("en"))
                .getDisplayLanguage(Locale.ENGLISH)
                .toLowerCase(Locale.ROOT);
    }

    private static double logConfidence(List<Word> words) {
        double mean = words.stream()
                .mapToDouble(word -> Math.log(Math.max(1e-4, word.confidence())))
                .average()
                .orElse(0);
        return Math.round(mean * 1e4) / 1e4;
    }

    private static void words(ArrayNode array, List<Word> words) {
        for (Word word : words) {
            array.addObject()
                    .put("word", word.text())
                    .put("start", millis(word.start()))
                    .put("end", millis(word.end()))
                    .put("confidence", Math.round(word.confidence() * 1e4) / 1e4);
        }
    }

    private static void routing(ObjectNode node, double stepSeconds, RoutingTrace trace) {
        node.put("stepSeconds", stepSeconds);
        ArrayNode layers = node.putArray("experts");
        for (int[] layer : trace.expert()) {
            ArrayNode steps = layers.addArray();
            for (int expert : layer) {
                steps.add(expert);
            }
        }
    }

    /** What a live session tells; null for what it does not. */
    static ObjectNode live(RecognitionEvent event, boolean routing) {
        if (event instanceof RecognitionEvent.Partial partial) {
            return JSON.createObjectNode()
                    .put("type", "partial")
                    .put("time", millis(partial.time()))
                    .put("stable", joined(partial.stable()))
                    .put("tentative", joined(partial.tentative()));
        }
        if (event instanceof RecognitionEvent.Final last) {
            ObjectNode node = JSON.createObjectNode()
                    .put("type", "final")
                    .put("time", millis(last.time()))
                    .put("start", millis(last.segment().start()))
                    .put("end", millis(last.segment().end()))
                    .put("text", last.segment().text());
            words(node.putArray("words"), last.segment().words());
            return node;
        }
        if (event instanceof RecognitionEvent.Endpoint endpoint) {
            return JSON.createObjectNode()
                    .put("type", "endpoint")
                    .put("time", millis(endpoint.time()))
                    .put("reason", endpoint.reason().name());
        }
        if (routing && event instanceof RecognitionEvent.Routing experts && experts.settled()) {
            ObjectNode node = JSON.createObjectNode().put("type", "routing").put("firstStep", experts.firstStep());
            routing(node, experts.stepSeconds(), experts.trace());
            return node;
        }
        return null;
    }

    static ObjectNode liveEnd(double seconds) {
        return JSON.createObjectNode().put("type", "done").put("seconds", millis(seconds));
    }

    static ObjectNode liveError(String message) {
        return JSON.createObjectNode().put("type", "error").put("message", message);
    }

    private static String joined(List<Word> words) {
        return String.join(" ", words.stream().map(Word::text).toList());
    }

    private static double millis(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }
}
