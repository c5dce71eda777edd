package org.omniscribe.datasets;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;

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
            Faults faults = new Faults();
            JsonReader line = JsonReader.of(lines.get(i), faults).lenient();
            if (line.there()) {
                utterance(line, faults, file, place, utterances, problems);
            }
            faults.list().forEach(fault -> problems.fault(place + ": " + fault));
        }
        return new UtteranceList(
                utterances,
                problems.finish(
                        utterances,
                        "A line is a JSON object such as {\"audio\": \"a.wav\", \"text\": \"good morning\"}."));
    }

    private static void utterance(
            JsonReader line, Faults faults, Path file, String place, List<Utterance> utterances, Problems problems) {
        String name =
                first(line, "audio", "audio_filepath").map(JsonReader::text).orElse("");
        Optional<JsonReader> from = first(line, "start", "offset");
        Optional<JsonReader> to = line.optional("end");
        double begin = from.map(JsonReader::number).orElse(0.0);
        double seconds =
                first(line, "duration", "seconds").map(JsonReader::number).orElse(Double.NaN);
        boolean whole = name.isEmpty() || begin == 0 && to.isEmpty();
        double end = to.map(JsonReader::number).orElse(begin + seconds);
        String origin = from.map(start -> start.node().asText()).orElse("0");
        String id = line.optional("id").map(JsonlManifest::word).orElse(whole ? name : name + "#" + origin);
        int channel = line.optional("channel").map(JsonReader::integer).orElse(Utterance.ALL_CHANNELS);
        String speaker = line.optional("speaker").map(JsonlManifest::word).orElse("");
        String text = line.optional("text").map(JsonReader::text).orElse("");
        if (line.optional("channel").isPresent()) {
            faults.atLeast("channel", channel, 0);
        }
        if (name.isEmpty() && faults.isEmpty()) {
            faults.add("no audio");
        }
        if (!faults.isEmpty()) {
            return;
        }
        Path audio;
        try {
            audio = file.toAbsolutePath().resolveSibling(name).normalize();
        } catch (InvalidPathException e) {
            faults.add("audio \"" + name + "\" is no file name");
            return;
        }
        if (problems.isNew(id, place) && problems.isThere(audio)) {
            if (whole && Double.isNaN(end)) {
                end = problems.seconds(audio);
                if (Double.isNaN(end)) {
                    return;
                }
            }
            if (begin >= 0 && end > begin) {
                utterances.add(new Utterance(id, audio, whole, begin, end, channel, speaker, text));
            } else {
                faults.add("a segment needs a start from 0, and an end after it or a duration above 0");
            }
        }
    }

    private static Optional<JsonReader> first(JsonReader line, String name, String other) {
        return line.optional(name).or(() -> line.optional(other));
    }

    /** A name, which may be written as a number. */
    private static String word(JsonReader value) {
        return value.node().isNumber() ? value.node().asText() : value.text();
    }
}
