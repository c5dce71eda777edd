package org.omniscribe.asr.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.omniscribe.asr.attention.AttentionOptions;

/**
 * What is asked for one recording beyond its words. Models that are told nothing but sound, which are those with CTC, can do
 * nothing of it and refuse it.
 *
 * @param language code of the language that is spoken, such as {@code en}; empty for the model to find it
 * @param translate whether to write English whatever is spoken
 * @param prompt text that the recording might follow, for names and style; blank for none
 * @param temperatures of sampling, above 0 and at most 2, tried in order where the text of the search is doubtful; empty for
 *     what the recogniser has
 */
public record Request(Optional<String> language, boolean translate, String prompt, List<Double> temperatures) {
    /** Words as they are spoken, the language found. */
    public static final Request NONE = new Request(Optional.empty(), false, "", List.of());

    /** Checks that nothing is missing. */
    public Request {
        Objects.requireNonNull(language, "language");
        Objects.requireNonNull(prompt, "prompt");
        temperatures = List.copyOf(temperatures);
        for (double temperature : temperatures) {
            if (!(temperature > 0 && temperature <= 2)) {
                throw new RequestException("a temperature must be above 0 and at most 2, not " + temperature);
            }
        }
    }

    /** Options with what is asked for in their place. */
    AttentionOptions over(AttentionOptions own) {
        return new AttentionOptions(
                language.isPresent() ? language : own.language(),
                translate || own.translate(),
                prompt.isBlank() ? own.prompt() : prompt,
                own.hotwords(),
                own.beam(),
                own.patience(),
                own.lengthPenalty(),
                own.nBest(),
                temperatures.isEmpty() ? own.temperatures() : temperatures,
                own.guards(),
                own.wordTimes());
    }

    /**
     * Refuses what a CTC model cannot do.
     *
     * @throws RequestException naming all of it
     */
    void checkForCtc(String model) {
        List<String> faults = new ArrayList<>();
        language.filter(code -> !code.equals("en"))
                .ifPresent(code -> faults.add("it knows English (en) only, not \"" + code + "\""));
        if (translate) {
            faults.add("it cannot translate");
        }
        if (!prompt.isBlank()) {
            faults.add("it takes no prompt; give the names in it as hot words");
        }
        if (!temperatures.isEmpty()) {
            faults.add("it has no temperature, as it never samples");
        }
        if (!faults.isEmpty()) {
            throw new RequestException("model " + model + " cannot do what is asked for: " + String.join("; ", faults)
                    + ". Leave that out, or use a Whisper model.");
        }
    }
}
