package org.omniscribe.app.serve;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jetty.http.MultiPart.Part;
import org.eclipse.jetty.http.MultiPartFormData.Parts;

/**
 * What a transcription request asks for.
 *
 * @param file the sound
 * @param format of the answer
 * @param words whether the answer tells of words
 * @param segments whether it tells of segments
 * @param routing whether it tells of experts
 */
record TranscriptionRequest(Part file, Format format, boolean words, boolean segments, boolean routing) {
    /** The forms of answers, by the names that OpenAI gives them. */
    enum Format {
        JSON,
        TEXT,
        SRT,
        VTT,
        VERBOSE_JSON
    }

    private static final Set<String> ENGLISH = Set.of("en", "english", "en-us", "en-gb");

    /**
     * Reads the fields of a form. {@code model}, {@code prompt} and {@code temperature} change nothing: the server has one
     * model, which takes no prompts and samples nothing.
     *
     * @throws Refusal if a field is missing, or asks for what is not to be had here
     */
    static TranscriptionRequest of(Parts parts, boolean routingAllowed) {
        Part file = parts.getFirst("file");
        if (file == null) {
            throw Refusal.invalid("the field \"file\" is missing; send the sound in it, as multipart/form-data");
        }
        String language = field(parts, "language", "en").toLowerCase(Locale.ROOT);
        if (!ENGLISH.contains(language)) {
            throw Refusal.invalid("language \"" + language + "\" is not known here; only English, \"en\", is");
        }
        if (Boolean.parseBoolean(field(parts, "stream", "false"))) {
            throw Refusal.invalid("answers are not streamed; use the WebSocket at " + TranscriptionServer.LIVE_PATH);
        }
        Format format;
        String name = field(parts, "response_format", "json");
        try {
            format = Format.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid(
                    "response_format \"" + name + "\" is not known; use json, text, srt, vtt or verbose_json");
        }
        List<String> granularities = all(parts, "timestamp_granularities");
        for (String granularity : granularities) {
            if (!granularity.equals("word") && !granularity.equals("segment")) {
                throw Refusal.invalid("timestamp_granularities are word and segment, not \"" + granularity + "\"");
            }
        }
        boolean routing = all(parts, "include").contains("routing");
        if (routing && !routingAllowed) {
            throw Refusal.invalid("this server does not tell the routing; start it with --routing for that");
        }
        if ((routing || !granularities.isEmpty()) && format != Format.VERBOSE_JSON) {
            throw Refusal.invalid("timestamp_granularities and routing need response_format verbose_json");
        }
        return new TranscriptionRequest(
                file,
                format,
                granularities.contains("word"),
                granularities.isEmpty() || granularities.contains("segment"),
                routing);
    }

    private static List<String> all(Parts parts, String name) {
        return Stream.of(name, name + "[]")
                .flatMap(field -> parts.getAll(field).stream())
                .map(part -> part.getContentAsString(StandardCharsets.UTF_8))
                .toList();
    }

    private static String field(Parts parts, String name, String standard) {
        Part part = parts.getFirst(name);
        String value = part == null
                ? ""
                : part.getContentAsString(StandardCharsets.UTF_8).strip();
        return value.isEmpty() ? standard : value;
    }
}
