package org.omniscribe.export.label;

import java.util.List;
import java.util.Objects;

/**
 * A recording and the stretches in it that may become training data.
 *
 * @param audio its file, as it was named
 * @param sound hash of its samples, equal for the same sound in another file or lossless format
 * @param seconds its length
 * @param candidates in the order of their starts; empty for silence
 */
public record LabelledRecording(String audio, String sound, double seconds, List<Candidate> candidates) {
    /** Copies the list. */
    public LabelledRecording {
        Objects.requireNonNull(audio, "audio");
        Objects.requireNonNull(sound, "sound");
        candidates = List.copyOf(candidates);
    }
}
