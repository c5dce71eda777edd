package org.omniscribe.export.lm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.omniscribe.asr.decode.LanguageModel;

/**
 * A part of a mixture as n-grams over the mixture's vocabulary.
 *
 * @param levels the n-grams of each length with the context of each; every word is a 1-gram, at the place of its number
 * @param events words and ends of sentences that were counted; 0 for a model without counts
 */
record MixtureComponent(List<NGrams> levels, long events) {
    /**
     * Trains a part on its text, or takes the n-grams of a model.
     *
     * @param words the vocabulary
     * @param order words of the longest n-grams, 1 to {@link NGrams#MAX_ORDER}; a model may have shorter ones only
     */
    static MixtureComponent of(Mixture.Part part, List<String> words, int order) {
        if (part instanceof Mixture.Text text) {
            TrainingText numbered = TrainingText.of(text.sentences(), words);
            return new MixtureComponent(
                    KneserNey.estimate(numbered, order),
                    text.words() + text.sentences().size());
        }
        return new MixtureComponent(levels(((Mixture.Model) part).model(), words, order), 0);
    }

    /**
     * The probability of each known word and end of sentence of a text.
     *
     * @param text numbered with the same vocabulary; what comes after an unknown word counts, the word does not
     */
    double[] probabilities(TrainingText text) {
        LanguageModel model = new TrainedModel(text.words(), levels).model();
        double[] probabilities = new double[text.tokens().length];
        int n = 0;
        int state = model.startState();
        for (char word : text.tokens()) {
            if (word == TrainingText.START) {
                state = model.startState();
                continue;
            }
            if (word != TrainingText.UNKNOWN) {
                probabilities[n++] = Math.exp(model.logProb(state, word));
            }
            state = model.nextState(state, word);
        }
        return Arrays.copyOf(probabilities, n);
    }

    /** The n-grams of a model that have words of the vocabulary only. */
    private static List<NGrams> levels(LanguageModel model, List<String> words, int order) {
        int[] number = numbers(model, words);
        List<NGrams> levels = new ArrayList<>(List.of(singles(model, number, words.size())));
        Keys keys = Keys.ofWords(number);
        for (int length = 2; length <= Math.min(order, model.order()); length++) {
            keys = keys.continued(
                    model.level(length - 1).begin(), model.level(length).word(), number);
            levels.add(level(length, keys, model.level(length)));
        }
        return levels;
    }

    /** The vocabulary's number of each of a model's words, -1 for those that it does not have. */
    private static int[] numbers(LanguageModel model, List<String> words) {
        int[] number = new int[model.words().size()];
        Arrays.fill(number, -1);
        for (int i = 0; i < words.size(); i++) {
            int id = model.id(words.get(i));
            // A word that the model does not have goes by the number of its unknown word.
            if (id >= 0 && model.words().get(id).equals(words.get(i))) {
                number[id] = i;
            }
        }
        return number;
    }

    /**
     * Single words: those outside the vocabulary add to the unknown word, those that the model does not have are
     * impossible in it, and so is the start of a sentence, for which toolkits write 0, -99 or anything.
     */
    private static NGrams singles(LanguageModel model, int[] number, int vocabulary) {
        LanguageModel.Level level = model.level(1);
        NGrams singles = NGrams.words(new char[0], vocabulary);
        double[] probability = new double[vocabulary];
        double total = 0;
        for (int i = 0; i < number.length; i++) {
            if (number[i] != TrainingText.START) {
                double p = Math.exp(level.logProb()[i]);
                probability[Math.max(number[i], TrainingText.UNKNOWN)] += p;
                total += p;
            }
            if (number[i] >= 0 && model.order() > 1) {
                singles.backOff[number[i]] = level.backOff()[i];
            }
        }
        for (int i = 0; i < vocabulary; i++) {
            // Probabilities that were rounded for a file do not quite sum to one.
            singles.logProb[i] = Math.max(Math.log(probability[i] / total), TrainedModel.IMPOSSIBLE);
        }
        return singles;
    }

    private static NGrams level(int length, Keys keys, LanguageModel.Level level) {
        long[] known = IntStream.range(0, keys.key.length)
                .filter(i -> keys.known[i])
                .mapToLong(i -> keys.key[i])
                .toArray();
        NGrams ngrams = new NGrams(length, NGrams.distinct(known), new int[known.length]);
        for (int i = 0; i < keys.key.length; i++) {
            if (keys.known[i]) {
                int at = ngrams.find(keys.key[i]);
                ngrams.logProb[at] = level.logProb()[i];
                ngrams.backOff[at] = level.backOff().length == 0 ? 0 : level.backOff()[i];
            }
        }
        return ngrams;
    }

    /** The n-grams of a model's level in the model's order, and whether the vocabulary has all their words. */
    private record Keys(long[] key, boolean[] known) {
        static Keys ofWords(int[] number) {
            Keys keys = new Keys(new long[number.length], new boolean[number.length]);
            for (int i = 0; i < number.length; i++) {
                keys.key[i] = number[i];
                keys.known[i] = number[i] >= 0;
            }
            return keys;
        }

        /** Those of the next level; nothing comes before the start of a sentence. */
        Keys continued(int[] begin, int[] word, int[] number) {
            Keys longer = new Keys(new long[word.length], new boolean[word.length]);
            for (int context = 0; context < key.length; context++) {
                for (int i = begin[context]; i < begin[context + 1]; i++) {
                    int last = number[word[i]];
                    longer.key[i] = key[context] << NGrams.BITS | last;
                    longer.known[i] = known[context] && last >= 0 && last != TrainingText.START;
                }
            }
            return longer;
        }
    }
}
