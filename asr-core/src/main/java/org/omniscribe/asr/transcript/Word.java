package org.omniscribe.asr.transcript;

import java.util.Objects;
import org.omniscribe.asr.io.Faults;

/**
 * One recognised word.
 *
 * @param text the word, not empty, without white space
 * @param start seconds from the start of the recording, at least 0
 * @param end seconds from the start of the recording, at least {@code start}
 * @param confidence the probability that the word is right as the decoder sees it, 0..1
 */
public record Word(String text, double start, double end, double confidence) {
    /**
     * Checks all fields and reports every fault at once.
     *
     * @throws IllegalArgumentException if a field is outside its range
     */
    public Word {
        Objects.requireNonNull(text, "text");
        Faults faults = new Faults();
        if (text.isEmpty() || text.codePoints().anyMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c))) {
            faults.add("the text must be one word");
        }
        if (!(start >= 0 && end >= start && end < Double.POSITIVE_INFINITY)) {
            faults.add("times must obey 0 <= start <= end, not " + start + " and " + end);
        }
        faults.share("confidence", confidence);
        faults.orThrow(all -> new IllegalArgumentException("Word \"" + text + "\": " + all));
    }

    /**
     * This word in the clock of a longer recording.
     *
     * @param offset seconds to add to both times
     * @param limit duration of the recording in seconds; later times become this
     */
    public Word placed(double offset, double limit) {
        return new Word(text, Math.min(start + offset, limit), Math.min(end + offset, limit), confidence);
    }

    /**
     * This word cut so that it begins no earlier than a time: sums of different terms may let words that touch overlap.
     *
     * @param time seconds
     */
    public Word notBefore(double time) {
        return start >= time ? this : new Word(text, time, Math.max(time, end), confidence);
    }
}
