package org.omniscribe.export.lm;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.omniscribe.asr.decode.LanguageModel;
import org.omniscribe.asr.io.Faults;

/**
 * One language model made of several: a linear mixture over the union of their n-grams.
 *
 * <p>For each n-gram hw of the union {@code p(w|h) = sum_i weight_i p_i(w|h)}, where a part that does not have the n-gram
 * backs off as it does by itself (Jelinek and Mercer 1980; as {@code -mix-lm} of SRILM, Stolcke 2002). Back-off weights
 * are computed anew, so that the mixture is an ordinary back-off model: of the words that the union does not tell after
 * a context, the mixture has the right probability together, but not of each. The weights are those under which
 * held-out text is most probable; parts that hardly matter are left out.
 */
public final class Mixture {
    /** A part with a smaller weight costs more n-grams than it is worth. */
    private static final double MIN_WEIGHT = 0.004;

    /** What can be mixed. */
    public sealed interface Part {
        /** What messages call it. */
        String name();
    }

    /**
     * A part that is trained over the mixture's vocabulary; or a held-out text.
     *
     * @param name what messages call it
     * @param sentences normalised: words with single spaces between them, none empty
     */
    public record Text(String name, List<String> sentences) implements Part {
        /** Copies the list. */
        public Text {
            sentences = List.copyOf(sentences);
        }

        /** Number of words. */
        public long words() {
            return sentences.stream().flatMap(Text::words).count();
        }

        static Stream<String> words(String sentence) {
            return Arrays.stream(sentence.split(" "));
        }
    }

    /**
     * A part that was trained before.
     *
     * <p>It is used up to the mixture's order. The unknown word has the probability of its words outside the mixture's
     * vocabulary; longer n-grams with such words are dropped.
     *
     * @param name what messages call it
     * @param model the model
     */
    public record Model(String name, LanguageModel model) implements Part {}

    private final List<Double> weights;
    private final TrainedModel model;

    private Mixture(List<Double> weights, TrainedModel model) {
        this.weights = weights;
        this.model = model;
    }

    /**
     * Mixes language models.
     *
     * @param parts two or more
     * @param held texts like those that the mixture is for, of which the parts know nothing; at least one
     * @param order words of the longest n-grams, 1 to 4
     * @param mostWords words in the vocabulary, 1 to 65533: those that are most probable in a mixture of single words
     * @throws LanguageModelException if there are too few parts or held-out texts, one of them has no sentence, a
     *     number is out of its range, or a held-out text has no word of the vocabulary
     */
    public static Mixture of(List<Part> parts, List<Text> held, int order, int mostWords) {
        check(parts, held, order, mostWords);
        List<String> sentences =
                held.stream().flatMap(text -> text.sentences().stream()).toList();
        List<String> words = MixtureVocabulary.choose(parts, sentences, mostWords);
        checkKnown(held, words);
        List<MixtureComponent> components = parts.stream()
                .map(part -> MixtureComponent.of(part, words, order))
                .toList();
        TrainingText told = TrainingText.of(sentences, words);
        double[] weights = MixtureWeights.fit(
                components.stream()
                        .map(component -> component.probabilities(told))
                        .toList(),
                MIN_WEIGHT);
        return new Mixture(
                DoubleStream.of(weights).boxed().toList(), new TrainedModel(words, mixed(components, weights)));
    }

    private static List<NGrams> mixed(List<MixtureComponent> components, double[] weights) {
        int[] used =
                IntStream.range(0, weights.length).filter(i -> weights[i] > 0).toArray();
        NGramUnion union =
                new NGramUnion(IntStream.of(used).mapToObj(components::get).toList());
        for (int i : used) {
            union.add(components.get(i), weights[i]);
        }
        return union.mixed();
    }

    private static void check(List<Part> parts, List<Text> held, int order, int mostWords) {
        Faults faults = new Faults();
        if (parts.size() < 2) {
            faults.add(
                    "two parts at least are wanted, not " + parts.size() + "; a single text can be trained on instead");
        }
        if (held.isEmpty()) {
            faults.add("there is no held-out text to fit the weights to; give one like those that the model is for");
        }
        for (Part part : parts) {
            if (part instanceof Text text && text.sentences().isEmpty()) {
                faults.add("the part " + part.name() + " has no sentence; leave it away, or less of it out");
            }
        }
        for (Text text : held) {
            if (text.sentences().isEmpty()) {
                faults.add("the held-out text " + text.name() + " has no sentence; give another");
            }
        }
        TrainedModel.checkRanges(faults, order, mostWords);
        refuse(faults);
    }

    private static void checkKnown(List<Text> held, List<String> words) {
        Set<String> known = new HashSet<>(words);
        Faults faults = new Faults();
        held.stream()
                .filter(text -> text.sentences().stream().flatMap(Text::words).noneMatch(known::contains))
                .forEach(text -> faults.add("the held-out text " + text.name() + " has none of the " + words.size()
                        + " words of the vocabulary; give one in the language of the parts, or allow more words"));
        refuse(faults);
    }

    private static void refuse(Faults faults) {
        faults.orThrow(all -> new LanguageModelException("no language models can be mixed: " + all));
    }

    /** The weight of each part, in their order, 1 together; 0 for those below 0.004, which are left out. */
    public List<Double> weights() {
        return weights;
    }

    /** The mixture. */
    public TrainedModel model() {
        return model;
    }
}
