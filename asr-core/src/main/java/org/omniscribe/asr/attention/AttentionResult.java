package org.omniscribe.asr.attention;

import java.util.List;
import java.util.Optional;

/**
 * What a decoder found in a window.
 *
 * @param best the texts by falling score, no two of them equal; the first is the answer. At least one, which is empty for
 *     silence or where the text was dropped
 * @param language code of the language that was named or found
 * @param languageProbability how likely that language is, 0 to 1; 1 where it was named
 * @param noSpeechProbability the model's probability that nobody speaks in the window, 0 to 1
 * @param temperature of sampling, at which the text was found; 0 for the search
 * @param dropped the text that was taken for invented, with the reason
 */
public record AttentionResult(
        List<AttentionHypothesis> best,
        String language,
        double languageProbability,
        double noSpeechProbability,
        double temperature,
        Optional<Dropped> dropped) {
    /** Takes a copy of the texts. */
    public AttentionResult {
        best = List.copyOf(best);
        if (best.isEmpty()) {
            throw new IllegalArgumentException("a result has at least one hypothesis");
        }
    }

    /** Why a text was taken for invented. */
    public enum Reason {
        /** The model says that nobody speaks, and is not sure of the words either. */
        NO_SPEECH("no speech"),
        /** The words are unlikely on average. */
        UNLIKELY("unlikely words"),
        /** The text repeats itself. */
        REPETITION("repeats itself"),
        /** More words than anybody can say in the time. */
        TOO_FAST("too many words for the time");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** A few words for a list of what was left out. */
        public String text() {
            return text;
        }
    }

    /**
     * A text that was left out.
     *
     * @param text what the model wrote
     * @param reason why it is not believed
     * @param detail the figure that decided, for people
     */
    public record Dropped(String text, Reason reason, String detail) {}

    /** The answer. */
    public AttentionHypothesis answer() {
        return best.get(0);
    }
}
