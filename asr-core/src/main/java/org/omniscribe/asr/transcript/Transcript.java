package org.omniscribe.asr.transcript;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.routing.RoutingTrace;

/**
 * What was said in one recording.
 *
 * @param file name of the recording as the user gave it
 * @param duration seconds of audio
 * @param model name of the model that made the transcript
 * @param language code of the language that was spoken, where the model finds it or was told
 * @param segments in order, none beginning before its predecessor has ended; empty for silence
 * @param choices the likeliest texts of one stretch of the recording after the other, where they were asked for
 * @param skipped texts that the model wrote, but that were taken for invented and left out, in order
 * @param routing the experts of every layer and step, where they were asked for
 * @param warnings what was wrong with the input, in sentences for the user; mostly empty
 */
public record Transcript(
        String file,
        double duration,
        String model,
        Optional<String> language,
        List<Segment> segments,
        List<Choice> choices,
        List<Skipped> skipped,
        Optional<Routing> routing,
        List<String> warnings) {

    /**
     * A text that was left out because nobody seems to have said it.
     *
     * @param start seconds from the start of the recording
     * @param end seconds from the start of the recording
     * @param text what the model wrote
     * @param reason why it is not believed, in a few words
     * @param detail the figure that decided
     */
    public record Skipped(double start, double end, String text, String reason, String detail) {
        /**
         * Checks the times.
         *
         * @throws IllegalArgumentException if it ends before it begins
         */
        public Skipped {
            if (!(start >= 0 && end >= start)) {
                throw new IllegalArgumentException("Skipped: from " + start + " to " + end + " s");
            }
        }
    }

    /**
     * The likeliest texts of a stretch of a recording.
     *
     * @param start seconds from the start of the recording
     * @param end seconds from the start of the recording
     * @param texts the best first; the segments have it
     */
    public record Choice(double start, double end, List<Text> texts) {
        /**
         * A text.
         *
         * @param text words with single spaces between them; empty for silence
         * @param score natural logarithm of how likely the decoder finds it; differences between texts of one stretch tell
         *     how much likelier one is than the other
         */
        public record Text(String text, double score) {}

        /**
         * Checks the times.
         *
         * @throws IllegalArgumentException if it ends before it begins, or there is no text
         */
        public Choice {
            texts = List.copyOf(texts);
            if (!(start >= 0 && end >= start) || texts.isEmpty()) {
                throw new IllegalArgumentException(
                        "Choice: from " + start + " to " + end + " s with " + texts.size() + " texts");
            }
        }
    }

    /** A transcript of a model that knows one language and leaves nothing out. */
    public Transcript(
            String file,
            double duration,
            String model,
            List<Segment> segments,
            List<Choice> choices,
            Optional<Routing> routing,
            List<String> warnings) {
        this(file, duration, model, Optional.empty(), segments, choices, List.of(), routing, warnings);
    }

    /** A transcript without a choice of texts. */
    public Transcript(
            String file,
            double duration,
            String model,
            List<Segment> segments,
            Optional<Routing> routing,
            List<String> warnings) {
        this(file, duration, model, segments, List.of(), routing, warnings);
    }

    /**
     * The experts that the recording went through, with their clock.
     *
     * @param stepSeconds seconds from one step to the next, positive; step 0 begins with the recording
     * @param trace the experts
     */
    public record Routing(double stepSeconds, RoutingTrace trace) {
        /**
         * Checks the clock.
         *
         * @throws IllegalArgumentException if the clock does not advance
         */
        public Routing {
            Objects.requireNonNull(trace, "trace");
            if (!(stepSeconds > 0 && stepSeconds < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("Routing: stepSeconds must be positive, not " + stepSeconds);
            }
        }
    }

    /**
     * Checks all fields and reports every fault at once.
     *
     * @throws IllegalArgumentException if a field is outside its range
     */
    public Transcript {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(language, "language");
        Objects.requireNonNull(routing, "routing");
        skipped = List.copyOf(skipped);
        segments = List.copyOf(segments);
        choices = List.copyOf(choices);
        warnings = List.copyOf(warnings);
        Faults faults = new Faults();
        if (!(duration >= 0 && duration < Double.POSITIVE_INFINITY)) {
            faults.add("duration must be a number of seconds, not " + duration);
        }
        for (int i = 1; i < segments.size(); i++) {
            if (segments.get(i).start() < segments.get(i - 1).end()) {
                faults.add(
                        "segment " + (i + 1) + " begins at " + segments.get(i).start() + ", before segment " + i
                                + " ends at " + segments.get(i - 1).end());
            }
        }
        faults.orThrow(all -> new IllegalArgumentException("Transcript of " + file + ": " + all));
    }

    /** All words with single spaces between them; empty for silence. */
    public String text() {
        return segments.stream().map(Segment::text).collect(Collectors.joining(" "));
    }

    /** All words in order. */
    public List<Word> words() {
        return segments.stream().flatMap(s -> s.words().stream()).toList();
    }
}
