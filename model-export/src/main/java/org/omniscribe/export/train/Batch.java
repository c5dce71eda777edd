package org.omniscribe.export.train;

import java.util.List;

/**
 * Utterances that go through the network together.
 *
 * @param features {@code [utterance, frame, bin]} flattened, normalised, zero past an utterance's end
 * @param paddedFrames frames of the longest utterance
 * @param frames frames of each utterance
 * @param targets tokens of each utterance
 * @param phones phones of each utterance, null where they are not known; null if nobody wants them
 * @param texts reference of each utterance
 */
record Batch(float[] features, int paddedFrames, int[] frames, int[][] targets, int[][] phones, List<String> texts) {
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
