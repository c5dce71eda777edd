package org.omniscribe.asr.stream;

import org.omniscribe.asr.io.Faults;

/**
 * How speech is recognised as it comes.
 *
 * @param chunkSeconds seconds of new audio after which the words are looked for again, 0.04 to 10; smaller ones show
 *     words earlier and cost more
 * @param pauseSeconds seconds of silence that end an utterance, 0.2 to 10
 * @param noisyPauseSeconds seconds without a word that end an utterance though it is not silent, at least
 *     {@code pauseSeconds}, at most 60
 * @param longestSeconds seconds after which an utterance without a pause is divided, 4 to 60
 */
public record StreamOptions(double chunkSeconds, double pauseSeconds, double noisyPauseSeconds, double longestSeconds) {
    /** Checks all fields and reports every fault at once. */
    public StreamOptions {
        Faults faults = new Faults();
        faults.range("chunkSeconds", chunkSeconds, 0.04, 10);
        faults.range("pauseSeconds", pauseSeconds, 0.2, 10);
        faults.range("noisyPauseSeconds", noisyPauseSeconds, pauseSeconds, 60);
        faults.range("longestSeconds", longestSeconds, 4, 60);
        faults.orThrow("StreamOptions");
    }

    /** What suits conversation on a desktop computer: chunks of 0.48 s, pauses of 0.8 and 1.6 s, 20 s at the longest. */
    public static StreamOptions standard() {
        return new StreamOptions(0.48, 0.8, 1.6, 20);
    }

    /** These options with other chunks. */
    public StreamOptions withChunkSeconds(double value) {
        return new StreamOptions(value, pauseSeconds, noisyPauseSeconds, longestSeconds);
    }

    /** These options with other pauses, the noisy one twice as long. */
    public StreamOptions withPauseSeconds(double value) {
        return new StreamOptions(chunkSeconds, value, 2 * value, longestSeconds);
    }

    /** These options with another greatest length. */
    public StreamOptions withLongestSeconds(double value) {
        return new StreamOptions(chunkSeconds, pauseSeconds, noisyPauseSeconds, value);
    }
}
