package org.omniscribe.app.desktop.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;

/** Reads the JSON form of a transcript, as {@code docs/transcript.schema.json} describes it. */
public final class TranscriptFile {
    private static final int MAX_FAULTS = 5;

    private TranscriptFile() {}

    /**
     * Reads a transcript.
     *
     * @throws IOException if it cannot be read or is no transcript; the message says why
     */
    public static Transcript read(Path file) throws IOException {
        Faults faults = new Faults();
        Transcript transcript =
                transcript(JsonReader.of(Files.readAllBytes(file), faults).lenient(), faults);
        if (!faults.isEmpty()) {
            throw new IOException(file + " is no transcript: " + faults.text(MAX_FAULTS));
        }
        return transcript;
    }

    private static Transcript transcript(JsonReader json, Faults faults) {
        List<Segment> segments = json.field("segments").list(segment -> segment(segment, faults));
        List<String> warnings = json.optional("warnings")
                .map(list -> list.list(JsonReader::text))
                .orElse(List.of());
        String file = json.field("file").text();
        double duration = json.field("duration").number();
        String model = json.field("model").text();
        Optional<Transcript.Routing> routing = json.optional("routing").map(value -> routing(value, faults));
        Optional<String> language = json.optional("language").map(JsonReader::text);
        List<Transcript.Skipped> skipped = json.optional("skipped")
                .map(list -> list.list(text -> skipped(text, faults)))
                .orElse(List.of());
        return made(
                faults,
                json,
                () -> new Transcript(file, duration, model, language, segments, List.of(), skipped, routing, warnings));
    }

    private static Transcript.Skipped skipped(JsonReader json, Faults faults) {
        double start = json.field("start").number();
        double end = json.field("end").number();
        String text = json.field("text").text();
        String reason = json.field("reason").text();
        String detail = json.field("detail").text();
        return made(faults, json, () -> new Transcript.Skipped(start, end, text, reason, detail));
    }

    private static Segment segment(JsonReader json, Faults faults) {
        double start = json.field("start").number();
        double end = json.field("end").number();
        List<Word> words = json.field("words").list(word -> word(word, faults));
        return made(faults, json, () -> new Segment(start, end, words));
    }

    private static Word word(JsonReader json, Faults faults) {
        String text = json.field("word").text();
        double start = json.field("start").number();
        double end = json.field("end").number();
        double confidence = json.field("confidence").number();
        return made(faults, json, () -> new Word(text, start, end, confidence));
    }

    private static Transcript.Routing routing(JsonReader json, Faults faults) {
        double step = json.field("stepSeconds").number();
        int[][] experts = json.field("experts").list(layer -> layer.list(JsonReader::integer)).stream()
                .map(layer -> layer.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
        List<List<Double>> numbers = json.field("probabilities").list(layer -> layer.list(JsonReader::number));
        float[][] probabilities = new float[numbers.size()][];
        for (int layer = 0; layer < probabilities.length; layer++) {
            probabilities[layer] = new float[numbers.get(layer).size()];
            for (int i = 0; i < probabilities[layer].length; i++) {
                probabilities[layer][i] = numbers.get(layer).get(i).floatValue();
            }
        }
        return made(faults, json, () -> new Transcript.Routing(step, new RoutingTrace(experts, probabilities)));
    }

    /** What is made of values without faults; null if there are any, or it refuses them. */
    private static <T> T made(Faults faults, JsonReader json, Supplier<T> maker) {
        try {
            return faults.isEmpty() ? maker.get() : null;
        } catch (IllegalArgumentException e) {
            json.fault(e.getMessage());
            return null;
        }
    }
}
