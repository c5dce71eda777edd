package org.omniscribe.app.serve;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eclipse.jetty.http.MultiPart.Part;
import org.eclipse.jetty.http.MultiPartFormData.Parts;
import org.omniscribe.asr.engine.Request;

/**
 * What a transcription request asks for.
 *
 * @param file the sound
 * @param format of the answer
 * @param words whether the answer tells of words
 * @param segments whether it tells of segments
 * @param routing whether it tells of experts
 * @param stream whether the text is sent as it comes
 * @param prompt words that the recording is likely to hold; empty if none were given
 * @param asked what is asked of the model beyond the words
 */
record TranscriptionRequest(
        Part file,
        Format format,
        boolean words,
        boolean segments,
        boolean routing,
        boolean stream,
        String prompt,
        Request asked) {
    /** The forms of answers, by the names that OpenAI gives them. */
    enum Format {
        JSON,
        TEXT,
        SRT,
        VTT,
        VERBOSE_JSON
    }

    private static final Set<String> ENGLISH = Set.of("en", "english", "en-us", "en-gb");

    /** All that is honoured; {@code model} is taken whatever it says, as there is one only. */
    private static final Set<String> FIELDS = Set.of(
            "file",
            "model",
            "language",
            "prompt",
            "response_format",
            "stream",
            "temperature",
            "timestamp_granularities",
            "include");

    /**
     * Reads the fields of a form. For a CTC model {@code temperature} changes nothing within its bounds, as nothing is
     * sampled.
     *
     * @param writes whether the model writes by attention, so that it takes language, prompt and temperature
     * @param translate whether the English of what is said is asked for
     * @throws Refusal if a field is missing, or asks for what is not to be had here
     */
    static TranscriptionRequest of(Parts parts, boolean routingAllowed, boolean writes, boolean translate) {
        refuseUnknown(parts);
        Part file = parts.getFirst("file");
        if (file == null) {
            throw Refusal.field("file", "the field \"file\" is missing; send the sound in it, as multipart/form-data");
        }
        String language = field(parts, "language", writes ? "" : "en").toLowerCase(Locale.ROOT);
        if (!writes && !ENGLISH.contains(language)) {
            throw Refusal.field(
                    "language", "language \"" + language + "\" is not known here; only English, \"en\", is");
        }
        double temperature = temperature(field(parts, "temperature", "0"));
        Format format = format(field(parts, "response_format", "json"));
        boolean stream = stream(field(parts, "stream", "false"));
        if (stream && format != Format.JSON && format != Format.TEXT) {
            throw Refusal.field(
                    "stream",
                    "stream is for response_format json and text; the others are sent when they are complete");
        }
        List<String> granularities = all(parts, "timestamp_granularities");
        for (String granularity : granularities) {
            if (!granularity.equals("word") && !granularity.equals("segment")) {
                throw Refusal.field(
                        "timestamp_granularities",
                        "timestamp_granularities are word and segment, not \"" + granularity + "\"");
            }
        }
        boolean routing = routing(all(parts, "include"), routingAllowed);
        if ((routing || !granularities.isEmpty()) && format != Format.VERBOSE_JSON) {
            throw Refusal.field(
                    "response_format", "timestamp_granularities and routing need response_format verbose_json");
        }
        return new TranscriptionRequest(
                file,
                format,
                granularities.contains("word"),
                granularities.isEmpty() || granularities.contains("segment"),
                routing,
                stream,
                field(parts, "prompt", ""),
                new Request(
                        Optional.of(ENGLISH.contains(language) ? "en" : language)
                                .filter(code -> writes && !code.isEmpty()),
                        translate,
                        writes ? field(parts, "prompt", "") : "",
                        writes && temperature > 0 ? List.of(temperature) : List.of()));
    }

    /** Whoever asks for what is not done would not notice, and takes the answer for what it is not. */
    private static void refuseUnknown(Parts parts) {
        Set<String> unknown = new TreeSet<>();
        for (Part part : parts) {
            String name = String.valueOf(part.getName());
            String bare = name.endsWith("[]") ? name.substring(0, name.length() - 2) : name;
            if (!FIELDS.contains(bare)) {
                unknown.add(name);
            }
        }
        if (!unknown.isEmpty()) {
            throw new Refusal(
                    400,
                    "invalid_request_error",
                    unknown.iterator().next(),
                    "unknown_parameter",
                    "not done here: " + String.join(", ", unknown) + "; leave it out");
        }
    }

    private static boolean routing(List<String> include, boolean allowed) {
        for (String wanted : include) {
            if (!wanted.equals("routing")) {
                throw Refusal.field("include", "include \"" + wanted + "\" is not done here; there is \"routing\"");
            }
        }
        if (!include.isEmpty() && !allowed) {
            throw Refusal.field("include", "this server does not tell the routing; start it with --routing for that");
        }
        return !include.isEmpty();
    }

    private static Format format(String name) {
        try {
            return Format.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw Refusal.field(
                    "response_format",
                    "response_format \"" + name + "\" is not known; use json, text, srt, vtt or verbose_json");
        }
    }

    private static boolean stream(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw Refusal.field("stream", "stream is true or false, not \"" + value + "\"");
        };
    }

    private static double temperature(String value) {
        double temperature;
        try {
            temperature = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            temperature = Double.NaN;
        }
        if (!(temperature >= 0 && temperature <= 1)) {
            throw Refusal.field("temperature", "temperature is a number from 0 to 1, not \"" + value + "\"");
        }
        return temperature;
    }

    private static List<String> all(Parts parts, String name) {
        return Stream.of(name, name + "[]")
                .flatMap(field -> parts.getAll(field).stream())
                .map(part -> text(name, part))
                .toList();
    }

    private static String field(Parts parts, String name, String standard) {
        Part part = parts.getFirst(name);
        String value = part == null ? "" : text(name, part);
        return value.isEmpty() ? standard : value;
    }

    private static String text(String name, Part part) {
        try {
            return part.getContentAsString(StandardCharsets.UTF_8).strip();
        } catch (RuntimeException e) {
            throw Refusal.field(name, "the field \"" + name + "\" is not a short text in UTF-8");
        }
    }
}
