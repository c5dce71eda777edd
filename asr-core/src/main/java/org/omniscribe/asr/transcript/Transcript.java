package org.omniscribe.asr.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.omniscribe.asr.routing.RoutingTrace;

/**
 * What was said in one recording.
 *
 * @param file name of the recording as the user gave it
 * @param duration seconds of audio
 * @param model name of the model that made the transcript
 * @param segments in order, none beginning before its predecessor has ended; empty for silence
 * @param routing the experts of every layer and step, where they were asked for
 * @param warnings what was wrong with the input, in sentences for the user; mostly empty
 */
public record Transcript(
        String file,
        double duration,
        String model,
        List<Segment> segments,
        Optional<Routing> routing,
        List<String> warnings) {

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
        Objects.requireNonNull(routing, "routing");
        segments = List.copyOf(segments);
        warnings = List.copyOf(warnings);
        List<String> faults = new ArrayList<>();
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
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("Transcript of " + file + ": " + String.join("; ", faults));
        }
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
