package org.omniscribe.asr.attention;

import org.omniscribe.asr.io.Faults;

/**
 * When a text is taken for invented. Whisper writes texts on silence, music and noise, and now and then repeats itself
 * without end; the measures are those of Radford et al. 2022, section 4.5, and the number of words a second.
 *
 * @param noSpeech a text is dropped where the probability that nobody speaks is above this (0 to 1), and its mean
 *     log-probability below {@code noSpeechLogProb}
 * @param noSpeechLogProb see there; at most 0, or infinity where the probability alone decides
 * @param averageLogProb a text is dropped where the mean log-probability of its tokens is below this; at most 0, minus infinity
 *     for never
 * @param compressionRatio a text is dropped where its bytes are more than this many times those of the same text compressed
 *     by Deflate; above 1, infinity for never
 * @param repeats a text is dropped where words of its repeat at once more often than this; 2 or more
 * @param wordsPerSecond a text is dropped where it has more words a second; positive, infinity for never
 */
public record Guards(
        double noSpeech,
        double noSpeechLogProb,
        double averageLogProb,
        double compressionRatio,
        int repeats,
        double wordsPerSecond) {
    /** The thresholds of Whisper's authors. */
    public static final Guards WHISPER =
            new Guards(0.6, -1, Double.NEGATIVE_INFINITY, 2.4, Integer.MAX_VALUE, Double.POSITIVE_INFINITY);

    /** Every text is believed. */
    public static final Guards NONE = new Guards(
            1,
            Double.NEGATIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Integer.MAX_VALUE,
            Double.POSITIVE_INFINITY);

    /**
     * What is used where nothing else is asked for: chosen for Whisper base. On 120 windows of speech (dev sets of LibriSpeech
     * and Common Voice) the lowest mean log-probability was -0.60 and the highest no-speech probability 0.23; on noise, music
     * and silence texts were below -1.4, or had no-speech probabilities above 0.6, but for cries of people and animals.
     */
    public static final Guards STANDARD = new Guards(0.6, -0.4, -1.2, 2.4, 8, 12);

    /** Checks all fields and reports every fault at once. */
    public Guards {
        Faults faults = new Faults();
        faults.range("noSpeech", noSpeech, 0, 1);
        if (Double.isNaN(noSpeechLogProb)) {
            faults.add("noSpeechLogProb is no number");
        }
        if (!(averageLogProb <= 0)) {
            faults.add("averageLogProb must be at most 0, not " + averageLogProb);
        }
        if (!(compressionRatio > 1)) {
            faults.add("compressionRatio must be above 1, not " + compressionRatio);
        }
        if (repeats < 2) {
            faults.add("repeats must be 2 or more, not " + repeats);
        }
        if (!(wordsPerSecond > 0)) {
            // Infinity is allowed: it stands for never.
            faults.add("wordsPerSecond must be positive, not " + wordsPerSecond);
        }
        faults.orThrow("Guards");
    }
}
