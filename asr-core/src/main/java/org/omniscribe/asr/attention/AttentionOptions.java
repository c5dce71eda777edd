package org.omniscribe.asr.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.omniscribe.asr.decode.Hotwords;

/**
 * How windows are decoded.
 *
 * @param language code of the language; empty to find it, window by window
 * @param translate whether to write English whatever is spoken
 * @param prompt text that the recording might follow, for names and style; blank for none. It stands before the previous text
 *     of a window
 * @param hotwords words and phrases that are likely to be spoken
 * @param beam hypotheses of a window that are kept, 1 (greedy) to {@value #MAX_BEAM}
 * @param patience a search ends when {@code beam * patience} texts have ended (Kasai et al. 2022), 0.1 to 10
 * @param lengthPenalty scores are divided by the number of tokens to this power (0 to 5): 1 ranks by the mean
 * @param nBest texts wanted, 1 to {@code beam}
 * @param temperatures of sampling, each above 0 and at most 2, tried in order where the text of the search is doubtful;
 *     empty for none
 * @param guards when a text is not believed
 * @param wordTimes whether to find the times of words by attention, which costs another pass over the text
 */
public record AttentionOptions(
        Optional<String> language,
        boolean translate,
        String prompt,
        Optional<Hotwords> hotwords,
        int beam,
        double patience,
        double lengthPenalty,
        int nBest,
        List<Double> temperatures,
        Guards guards,
        boolean wordTimes) {
    /** The largest beam. */
    public static final int MAX_BEAM = 32;

    /** A beam of 5, the language found, no sampling, guards and times of words. */
    public static final AttentionOptions STANDARD = new AttentionOptions(
            Optional.empty(), false, "", Optional.empty(), 5, 1, 1, 1, List.of(), Guards.STANDARD, true);

    /** Checks all fields and reports every fault at once. */
    public AttentionOptions {
        temperatures = List.copyOf(temperatures);
        List<String> faults = new ArrayList<>();
        if (beam < 1 || beam > MAX_BEAM) {
            faults.add("beam must be from 1 to " + MAX_BEAM + ", not " + beam);
        }
        if (!(patience >= 0.1 && patience <= 10)) {
            faults.add("patience must be from 0.1 to 10, not " + patience);
        }
        if (!(lengthPenalty >= 0 && lengthPenalty <= 5)) {
            faults.add("lengthPenalty must be from 0 to 5, not " + lengthPenalty);
        }
        if (nBest < 1 || nBest > Math.max(1, beam)) {
            faults.add("nBest must be from 1 to the beam, not " + nBest);
        }
        for (double temperature : temperatures) {
            if (!(temperature > 0 && temperature <= 2)) {
                faults.add("temperatures must be above 0 and at most 2, not " + temperature);
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("AttentionOptions: " + String.join("; ", faults));
        }
    }

    /** These options for a language that is known. */
    public AttentionOptions withLanguage(String code) {
        return new AttentionOptions(
                Optional.of(code),
                translate,
                prompt,
                hotwords,
                beam,
                patience,
                lengthPenalty,
                nBest,
                temperatures,
                guards,
                wordTimes);
    }

    /** These options with another beam, and as many texts as wanted. */
    public AttentionOptions withBeam(int hypotheses, int texts) {
        return new AttentionOptions(
                language,
                translate,
                prompt,
                hotwords,
                hypotheses,
                patience,
                lengthPenalty,
                texts,
                temperatures,
                guards,
                wordTimes);
    }

    /** These options with other guards. */
    public AttentionOptions withGuards(Guards others) {
        return new AttentionOptions(
                language,
                translate,
                prompt,
                hotwords,
                beam,
                patience,
                lengthPenalty,
                nBest,
                temperatures,
                others,
                wordTimes);
    }

    /** These options with other hot words. */
    public AttentionOptions withHotwords(Hotwords others) {
        return new AttentionOptions(
                language,
                translate,
                prompt,
                Optional.of(others),
                beam,
                patience,
                lengthPenalty,
                nBest,
                temperatures,
                guards,
                wordTimes);
    }
}
