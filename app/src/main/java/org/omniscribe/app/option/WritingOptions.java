package org.omniscribe.app.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.omniscribe.asr.attention.AttentionOptions;
import org.omniscribe.asr.engine.RequestException;
import org.omniscribe.asr.model.ModelManifest;
import picocli.CommandLine.Option;

/** The options of models that write by attention, such as Whisper. */
public final class WritingOptions {
    @Option(
            names = "--language",
            paramLabel = "CODE",
            description =
                    "The language that is spoken, such as en or de, for models that know several. Default: found in"
                            + " each window of the recording.")
    private String language;

    @Option(names = "--translate", description = "Write English whatever is spoken, for models that can translate.")
    private boolean translate;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "Text that the recording might follow, for its names and style; for models such as Whisper.")
    private String prompt;

    /** What is given, and the rest of other options. */
    AttentionOptions over(AttentionOptions rest) {
        return new AttentionOptions(
                language == null ? rest.language() : Optional.of(language.toLowerCase(Locale.ROOT)),
                translate || rest.translate(),
                prompt == null ? rest.prompt() : prompt,
                rest.hotwords(),
                rest.beam(),
                rest.patience(),
                rest.lengthPenalty(),
                rest.nBest(),
                rest.temperatures(),
                rest.guards(),
                rest.wordTimes());
    }

    /**
     * Refuses what a CTC model cannot do.
     *
     * @throws RequestException naming the options
     */
    void refuseFor(ModelManifest model) {
        List<String> useless = new ArrayList<>();
        if (language != null && !language.equalsIgnoreCase("en")) {
            useless.add("--language " + language);
        }
        if (translate) {
            useless.add("--translate");
        }
        if (prompt != null) {
            useless.add("--prompt");
        }
        if (!useless.isEmpty()) {
            throw new RequestException("model " + model.name() + " has no use for " + String.join(", ", useless)
                    + ": it writes the English words that are spoken and nothing else. Leave them out, or use a Whisper"
                    + " model.");
        }
    }

    /** What is given, in words; empty if nothing is. */
    String describe() {
        return (language == null ? "" : ", language " + language.toLowerCase(Locale.ROOT))
                + (translate ? ", translated" : "")
                + (prompt == null ? "" : ", prompt \"" + prompt + "\"");
    }
}
