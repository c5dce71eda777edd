package org.omniscribe.app.desktop.timeline;

import java.util.Comparator;
import java.util.List;
import org.omniscribe.asr.transcript.Word;

/** Which expert worked on which word. */
public final class WordExperts {
    private WordExperts() {}

    /**
     * A word and what part of it an expert handled.
     *
     * @param word the word
     * @param share of the word's steps, in the layer or in all layers, 0 to 1
     */
    public record Share(Word word, double share) {}

    /**
     * The share of a word's steps that the filter's expert handled, over the filter's layer or over all.
     *
     * @return 0 to 1; NaN if the word's routing is not there
     */
    public static double share(Timeline timeline, Word word, Filter filter) {
        int hits = 0;
        int all = 0;
        long from = (long) (word.start() / timeline.stepSeconds());
        long to = Math.max(from + 1, (long) Math.ceil(word.end() / timeline.stepSeconds() - 1e-6));
        for (int layer = 0; layer < timeline.layers(); layer++) {
            if (filter.layer() >= 0 && filter.layer() != layer) {
                continue;
            }
            for (long step = from; step < to; step++) {
                int expert = timeline.expert(layer, step);
                all += expert >= 0 ? 1 : 0;
                hits += expert == filter.expert() ? 1 : 0;
            }
        }
        return all == 0 ? Double.NaN : (double) hits / all;
    }

    /**
     * Whether an expert worked on a word more than on the average step: then the word stands out.
     *
     * @param usual the expert's share of all steps, in the layer or in all
     */
    public static boolean standsOut(double share, double usual) {
        return share > 0 && share >= Math.min(1, 1.25 * usual);
    }

    /** The share of all steps that the filter's expert handled, over the filter's layer or over all, 0 to 1. */
    public static double usual(Timeline timeline, Filter filter) {
        double sum = 0;
        int layers = 0;
        for (int layer = 0; layer < timeline.layers(); layer++) {
            if ((filter.layer() < 0 || filter.layer() == layer)
                    && filter.expert() < timeline.expertCounts().get(layer)) {
                sum += timeline.usage(layer)[filter.expert()];
                layers++;
            }
        }
        return layers == 0 ? 0 : sum / layers;
    }

    /**
     * The words that an expert worked on most, by falling share.
     *
     * @param most how many at most
     */
    public static List<Share> top(Timeline timeline, List<Word> words, Filter filter, int most) {
        return words.stream()
                .map(word -> new Share(word, share(timeline, word, filter)))
                .filter(share -> share.share() > 0)
                .sorted(Comparator.comparingDouble(Share::share).reversed())
                .limit(most)
                .toList();
    }
}
