package org.omniscribe.export.train;

import java.util.List;
import java.util.function.Supplier;

/**
 * Utterances that go through the network together.
 *
 * @param features {@code [utterance, frame, bin]} flattened, normalised, zero past an utterance's end
 * @param paddedFrames frames of the longest utterance
 * @param frames frames of each utterance
 * @param targets tokens of each utterance
 * @param phones phones of each utterance, null where they are not known; null if nobody wants them
 * @param texts reference of each utterance
 * @param lessons what a teacher is asked about each utterance; empty without a teacher
 */
record Batch(
        float[] features,
        int paddedFrames,
        int[] frames,
        int[][] targets,
        int[][] phones,
        List<String> texts,
        List<Lesson> lessons) {
    /**
     * An utterance as a teacher hears it.
     *
     * @param id audio file and time, which with the text make it unlike all others
     * @param text as it is written, with capitals and punctuation
     * @param logMel its frames before normalisation, without perturbation; read when asked for
     */
    record Lesson(String id, String text, Supplier<float[][]> logMel) {}

    int size() {
        return frames.length;
    }

    /** Frames of all utterances, without padding. */
    long realFrames() {
        long sum = 0;
        for (int f : frames) {
            sum += f;
        }
        return sum;
    }

    /** Tokens of all utterances. */
    long tokens() {
        long sum = 0;
        for (int[] t : targets) {
            sum += t.length;
        }
        return sum;
    }
}
