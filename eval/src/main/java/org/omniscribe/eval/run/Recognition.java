package org.omniscribe.eval.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;
import org.omniscribe.datasets.Utterance;

/**
 * What a system made of one utterance, as it came: nothing is normalised or compared yet. A line of a {@link SystemLog}.
 *
 * @param set the utterance's test set
 * @param id the utterance in it
 * @param sound tells whether the audio is still the same, see {@link #sound(Utterance)}; null for imported output
 * @param text the recognised words; null if the audio could not be read
 * @param words the same with times, in seconds from the start of the utterance, and confidences; empty if unknown
 * @param seconds length of the audio that was heard; null if unknown
 * @param elapsed seconds that recognition took, reading included; null if unknown
 * @param level root mean square of the audio in decibels, 0 being full scale; null if unknown
 * @param usage {@code [layer][expert]}, steps that went through the expert; empty if unknown
 * @param warnings what was wrong with the audio, in plain sentences
 * @param failure why there is no text; null if there is
 */
@JsonInclude(Include.NON_NULL)
public record Recognition(
        String set,
        String id,
        String sound,
        String text,
        List<Word> words,
        Double seconds,
        Double elapsed,
        Double level,
        int[][] usage,
        List<String> warnings,
        String failure) {
    /** Checks that there is either a text or the reason why not, and copies the lists. */
    public Recognition {
        Objects.requireNonNull(set, "set");
        Objects.requireNonNull(id, "id");
        if ((text == null) == (failure == null)) {
            throw new IllegalArgumentException(set + ", " + id + ": there must be either a text or a failure");
        }
        words = words == null ? List.of() : List.copyOf(words);
        warnings = warnings == null ? List.of() : List.copyOf(warnings);
        usage = usage == null ? new int[0][] : usage;
    }

    /** What a recogniser heard. */
    static Recognition of(String set, Utterance utterance, Transcriber.Heard heard, double elapsed) {
        Transcript transcript = heard.transcript();
        return new Recognition(
                set,
                utterance.id(),
                sound(utterance),
                transcript.text(),
                transcript.words(),
                transcript.duration(),
                elapsed,
                Double.isFinite(heard.level()) ? heard.level() : null,
                transcript.routing().map(r -> usage(r.trace())).orElse(new int[0][]),
                transcript.warnings(),
                null);
    }

    /** Why a recogniser heard nothing. */
    static Recognition failed(String set, Utterance utterance, String reason) {
        return new Recognition(
                set, utterance.id(), sound(utterance), null, List.of(), null, null, null, null, List.of(), reason);
    }

    /** What another system heard: a text, and words with times if it told them. */
    static Recognition imported(String set, Utterance utterance, String text, List<Word> words) {
        return new Recognition(
                set, utterance.id(), null, text, words, utterance.seconds(), null, null, null, List.of(), null);
    }

    /** Whether the audio could not be read. */
    @JsonIgnore
    public boolean isFailed() {
        return failure != null;
    }

    /**
     * What tells an utterance's audio from another: size and date of the file, the segment and the channel. The file's
     * place does not count, so that a corpus may be moved.
     */
    static String sound(Utterance utterance) {
        String part = utterance.wholeFile() ? "all" : utterance.start() + "-" + utterance.end();
        try {
            return Files.size(utterance.audio()) + " "
                    + Files.getLastModifiedTime(utterance.audio()).toMillis() + " " + part + " " + utterance.channel();
        } catch (IOException e) {
            return "none " + part + " " + utterance.channel();
        }
    }

    private static int[][] usage(RoutingTrace trace) {
        int[][] usage = new int[trace.layers()][];
        for (int layer = 0; layer < usage.length; layer++) {
            int experts = 0;
            for (int expert : trace.expert()[layer]) {
                experts = Math.max(experts, expert + 1);
            }
            usage[layer] = new int[experts];
            for (int expert : trace.expert()[layer]) {
                usage[layer][expert]++;
            }
        }
        return usage;
    }
}
