package org.omniscribe.export.lm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.decode.LanguageModel;

/**
 * The vocabulary of a mixture: the words that are most probable under a mixture of the parts' single words, with the
 * weights that fit the held-out text best.
 */
final class MixtureVocabulary {
    /** What a word that a text has once counts: many of these are misspelt or names that never come again. */
    private static final double SEEN_ONCE = 0.3;

    private MixtureVocabulary() {}

    /**
     * Chooses the words.
     *
     * @param parts what is mixed
     * @param held normalised sentences of the held-out text
     * @param most words, without the three marks
     * @return the marks, then the words from the most probable on
     */
    static List<String> choose(List<Mixture.Part> parts, List<String> held, int most) {
        List<Map<String, Double>> shares =
                parts.stream().map(MixtureVocabulary::shares).toList();
        String[] told = held.stream().flatMap(s -> Mixture.Text.words(s)).toArray(String[]::new);
        List<double[]> probabilities = new ArrayList<>();
        for (Map<String, Double> share : shares) {
            double[] probability = new double[told.length];
            for (int t = 0; t < told.length; t++) {
                probability[t] = share.getOrDefault(told[t], 0.0);
            }
            probabilities.add(probability);
        }
        double[] weights = MixtureWeights.fit(probabilities);
        Map<String, Double> mixed = new HashMap<>();
        for (int part = 0; part < weights.length; part++) {
            double weight = weights[part];
            shares.get(part).forEach((word, share) -> mixed.merge(word, weight * share, Double::sum));
        }
        List<String> words = TrainingText.marks();
        mixed.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .forEach(e -> words.add(e.getKey()));
        return words;
    }

    private static Map<String, Double> shares(Mixture.Part part) {
        return part instanceof Mixture.Text text ? shares(text) : shares(((Mixture.Model) part).model());
    }

    private static Map<String, Double> shares(Mixture.Text text) {
        Map<String, Double> counts = new HashMap<>();
        text.sentences().stream().flatMap(Mixture.Text::words).forEach(word -> counts.merge(word, 1.0, Double::sum));
        double all = text.words();
        counts.replaceAll((word, count) -> (count == 1 ? SEEN_ONCE : count) / all);
        return counts;
    }

    private static Map<String, Double> shares(LanguageModel model) {
        Map<String, Double> shares = new HashMap<>();
        for (int i = 0; i < model.words().size(); i++) {
            String word = model.words().get(i);
            // Marks are in angle brackets, such as <s>, and <UNK> where a toolkit writes that for <unk>.
            if (!word.startsWith("<")) {
                shares.put(word, Math.exp(model.level(1).logProb()[i]));
            }
        }
        return shares;
    }
}
