package org.omniscribe.export.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.decode.LanguageModel;

class MixtureTest {
    private static final int NO_CONTEXT = -1;

    /** Sentences of 20 words; which word likes to follow which depends on the style. */
    private static List<String> sentences(int style, long seed, int count) {
        Random random = new Random(seed);
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> sentence = new ArrayList<>();
            int word = random.nextInt(20);
            for (int w = 0; w < 3 + random.nextInt(6); w++) {
                sentence.add("w" + word);
                word = random.nextInt(4) > 0 ? (word * style + random.nextInt(3)) % 20 : random.nextInt(20);
            }
            sentences.add(String.join(" ", sentence));
        }
        return sentences;
    }

    private static final Mixture.Text SEVENS = new Mixture.Text("sevens", sentences(7, 1, 150));
    private static final Mixture.Text ELEVENS = new Mixture.Text("elevens", sentences(11, 2, 200));

    /** Two sentences in the manner of one part to one in that of the other. */
    private static List<Mixture.Text> held() {
        return List.of(
                new Mixture.Text("dev of sevens", sentences(7, 3, 60)),
                new Mixture.Text("dev of elevens", sentences(11, 4, 30)));
    }

    private static String arpa(TrainedModel model) throws IOException {
        StringWriter out = new StringWriter();
        model.writeArpa(out);
        return out.toString();
    }

    private static LanguageModel read(byte[] model) throws IOException {
        return LanguageModel.read(new ByteArrayInputStream(model), "model");
    }

    /** The words of every n-gram, but for the start of sentences, which no words come before. */
    private static List<List<String>> ngrams(TrainedModel model) throws IOException {
        List<List<String>> ngrams = new ArrayList<>();
        for (String line : arpa(model).lines().toList()) {
            String[] columns = line.split("\t");
            if (columns.length > 1 && !columns[1].equals(LanguageModel.START)) {
                ngrams.add(List.of(columns[1].split(" ")));
            }
        }
        return ngrams;
    }

    private static int state(LanguageModel model, List<String> context) {
        int state = NO_CONTEXT;
        for (String word : context) {
            state = model.nextState(state, model.id(word));
        }
        return state;
    }

    private static double probability(LanguageModel model, List<String> context, String word) {
        return Math.exp(model.logProb(state(model, context), model.id(word)));
    }

    /** Every context that the model has n-grams for, the empty one and that of a start among them. */
    private static Set<List<String>> contexts(TrainedModel model) throws IOException {
        Set<List<String>> contexts = new HashSet<>();
        for (List<String> ngram : ngrams(model)) {
            contexts.add(ngram.subList(0, ngram.size() - 1));
        }
        return contexts;
    }

    private static List<LanguageModel> alone(List<Mixture.Part> parts, Mixture mixture, int order) {
        List<String> words = mixture.model().model().words();
        return parts.stream()
                .map(part -> new TrainedModel(
                                words, MixtureComponent.of(part, words, order).levels())
                        .model())
                .toList();
    }

    private static double weighted(Mixture mixture, List<LanguageModel> parts, List<String> context, String word) {
        double sum = 0;
        for (int i = 0; i < parts.size(); i++) {
            sum += mixture.weights().get(i) * probability(parts.get(i), context, word);
        }
        return sum;
    }

    @Test
    void probabilitiesOfNGramsAreWeightedSumsAtEveryOrder() throws IOException {
        LanguageModel trigrams =
                read(arpa(TrainedModel.train(sentences(3, 9, 100), 3, 12, 1)).getBytes(StandardCharsets.UTF_8));
        List<Mixture.Part> parts = List.of(SEVENS, new Mixture.Model("trigrams", trigrams), ELEVENS);
        List<Mixture.Text> held = new ArrayList<>(held());
        held.add(new Mixture.Text("dev of threes", sentences(3, 10, 30)));
        for (int order = 1; order <= 4; order++) {
            Mixture mixture = Mixture.of(parts, held, order, 100);
            // By single words alone the texts hardly differ.
            boolean all = mixture.weights().stream().allMatch(w -> w > 0.05);
            assertTrue(order == 1 || all, "order " + order + " weights " + mixture.weights());
            LanguageModel mixed = mixture.model().model();
            List<LanguageModel> alone = alone(parts, mixture, order);
            List<List<String>> ngrams = ngrams(mixture.model());
            for (List<String> ngram : ngrams) {
                List<String> context = ngram.subList(0, ngram.size() - 1);
                String word = ngram.get(ngram.size() - 1);
                double expected = weighted(mixture, alone, context, word);
                assertEquals(1, probability(mixed, context, word) / expected, 1e-5, "order " + order + " " + ngram);
            }
            assertEquals(order, mixture.model().order());
            for (LanguageModel part : alone) {
                assertTrue(part.size(part.order()) <= mixture.model().size(part.order()));
            }
        }
    }

    /** Words that no n-gram tells after a context have the mixture's mass together, and share it as after h'. */
    @Test
    void whatIsLeftForOtherWordsIsTheWeightedSumOfWhatThePartsLeave() throws IOException {
        List<Mixture.Part> parts = List.of(SEVENS, ELEVENS);
        Mixture mixture = Mixture.of(parts, held(), 3, 100);
        LanguageModel mixed = mixture.model().model();
        List<LanguageModel> alone = alone(parts, mixture, 3);
        Set<List<String>> told = new HashSet<>(ngrams(mixture.model()));
        for (List<String> context : contexts(mixture.model())) {
            double expected = 0;
            double actual = 0;
            for (String word : mixed.words()) {
                List<String> ngram = new ArrayList<>(context);
                ngram.add(word);
                if (!told.contains(ngram)) {
                    expected += weighted(mixture, alone, context, word);
                    actual += probability(mixed, context, word);
                }
            }
            assertEquals(expected, actual, 1e-5, "after " + context);
        }
    }

    @Test
    void aPartMixedWithItselfStaysTheSameForAllWords() throws IOException {
        Mixture mixture = Mixture.of(List.of(SEVENS, SEVENS), held(), 3, 100);
        LanguageModel mixed = mixture.model().model();
        LanguageModel alone = alone(List.of(SEVENS), mixture, 3).get(0);
        assertEquals(List.of(0.5, 0.5), mixture.weights());
        for (List<String> context : contexts(mixture.model())) {
            for (String word : mixed.words()) {
                double expected = probability(alone, context, word);
                assertEquals(expected, probability(mixed, context, word), 1e-5, context + " " + word);
            }
        }
    }

    @Test
    void probabilitiesSumToOneAfterEveryContextPrunedOrNot() throws IOException {
        List<Mixture.Part> parts = List.of(
                SEVENS,
                new Mixture.Model(
                        "model",
                        read(TrainedModel.train(ELEVENS.sentences(), 4, 15, 1).binary())));
        for (int order = 1; order <= 4; order++) {
            TrainedModel whole = Mixture.of(parts, held(), order, 18).model();
            TrainedModel pruned = whole.pruned(3e-4);
            assertTrue(order == 1 || pruned.size(order) < 0.6 * whole.size(order), "order " + order);
            for (TrainedModel model : List.of(whole, pruned)) {
                LanguageModel mixed = model.model();
                for (List<String> context : contexts(model)) {
                    double sum = 0;
                    for (String word : mixed.words()) {
                        sum += probability(mixed, context, word);
                    }
                    assertEquals(1, sum, 1e-4, "order " + order + " after " + context);
                }
            }
        }
    }

    @Test
    void weightsAreTheBestOfAGrid() {
        Random random = new Random(5);
        List<double[]> probabilities = List.of(new double[200], new double[200], new double[200]);
        for (double[] part : probabilities) {
            for (int t = 0; t < part.length; t++) {
                // Words that no part can tell are as if they were not there.
                part[t] = t % 10 == 0 ? 0 : Math.pow(random.nextDouble(), 3);
            }
        }
        double[] best = null;
        double highest = Double.NEGATIVE_INFINITY;
        for (int a = 0; a <= 100; a++) {
            for (int b = 0; a + b <= 100; b++) {
                double[] weights = {a / 100.0, b / 100.0, (100 - a - b) / 100.0};
                double likelihood = logLikelihood(probabilities, weights);
                if (likelihood > highest) {
                    highest = likelihood;
                    best = weights;
                }
            }
        }
        double[] fitted = MixtureWeights.fit(probabilities);
        assertTrue(logLikelihood(probabilities, fitted) >= highest);
        double sum = 0;
        for (int i = 0; i < fitted.length; i++) {
            assertEquals(best[i], fitted[i], 0.01);
            sum += fitted[i];
        }
        assertEquals(1, sum, 1e-9);
    }

    private static double logLikelihood(List<double[]> probabilities, double[] weights) {
        double sum = 0;
        for (int t = 0; t < probabilities.get(0).length; t++) {
            double p = 0;
            for (int i = 0; i < weights.length; i++) {
                p += weights[i] * probabilities.get(i)[t];
            }
            sum += p > 0 ? Math.log(p) : 0;
        }
        return sum;
    }

    @Test
    void weightsFindThePartThatTheTextCameFrom() {
        List<Mixture.Part> parts = List.of(SEVENS, ELEVENS);
        Mixture sevens = Mixture.of(parts, List.of(held().get(0)), 2, 100);
        assertTrue(sevens.weights().get(0) > 0.9, sevens.weights().toString());
        Mixture both = Mixture.of(parts, held(), 2, 100);
        assertEquals(2 / 3.0, both.weights().get(0), 0.1);
    }

    @Test
    void aPartThatHardlyMattersIsLeftOut() throws IOException {
        Mixture.Part strange = new Mixture.Text("strange", List.of("x y z", "y x z z"));
        Mixture three = Mixture.of(List.of(SEVENS, strange, ELEVENS), held(), 3, 100);
        Mixture two = Mixture.of(List.of(SEVENS, ELEVENS), held(), 3, 100);
        assertEquals(0, three.weights().get(1));
        assertEquals(two.weights().get(0), three.weights().get(0), 0.01);
        assertEquals(1, three.weights().get(0) + three.weights().get(2), 1e-9);
        assertTrue(ngrams(three.model()).stream().noneMatch(n -> n.size() > 1 && n.contains("z")));
    }

    @Test
    void aMixtureForetellsMixedTextBetterThanItsParts() {
        List<Mixture.Part> parts = List.of(SEVENS, ELEVENS);
        Mixture mixture = Mixture.of(parts, held(), 3, 100);
        List<String> text = held().stream().flatMap(t -> t.sentences().stream()).toList();
        double mixed = Perplexity.of(mixture.model().model(), text).total();
        for (LanguageModel alone : alone(parts, mixture, 3)) {
            assertTrue(mixed < 0.95 * Perplexity.of(alone, text).total(), "perplexity " + mixed);
        }
        int limit = mixture.model().binary().length * 7 / 10;
        TrainedModel pruned = mixture.model().prunedTo(limit);
        assertTrue(pruned.binary().length <= limit);
        assertEquals(1, Perplexity.of(pruned.model(), text).total() / mixed, 0.1);
    }

    @Test
    void aModelThatWasWrittenIsThePartThatItsTextIs() throws IOException {
        TrainedModel trained = TrainedModel.train(SEVENS.sentences(), 3, 100, 1);
        LanguageModel arpa = read(arpa(trained).getBytes(StandardCharsets.UTF_8));
        List<Mixture.Text> held = List.of(new Mixture.Text("the part itself", SEVENS.sentences()));
        List<String> text = held().get(0).sentences();
        Mixture ofText = Mixture.of(List.of(SEVENS, ELEVENS), held, 3, 100);
        Mixture ofArpa = Mixture.of(List.of(new Mixture.Model("arpa", arpa), ELEVENS), held, 3, 100);
        Mixture ofBinary = Mixture.of(List.of(new Mixture.Model("bin", read(trained.binary())), ELEVENS), held, 3, 100);
        assertEquals(List.of(1.0, 0.0), ofText.weights());
        assertEquals(List.of(1.0, 0.0), ofArpa.weights());
        assertEquals(trained.size(3), ofArpa.model().size(3));
        double expected = Perplexity.of(trained.model(), text).total();
        assertEquals(expected, Perplexity.of(ofText.model().model(), text).total(), 1e-4 * expected);
        assertEquals(expected, Perplexity.of(ofArpa.model().model(), text).total(), 1e-4 * expected);
        // Its probabilities are rounded to 8 bits.
        assertEquals(expected, Perplexity.of(ofBinary.model().model(), text).total(), 0.02 * expected);
    }

    @Test
    void wordsOutsideTheVocabularyAddToTheUnknownWord() throws IOException {
        LanguageModel model = read(arpa(TrainedModel.train(List.of("a b c", "a b d", "b e"), 2, 100, 1))
                .replace("-99\t<s>", "0\t<s>")
                .getBytes(StandardCharsets.UTF_8));
        List<String> words = TrainingText.marks();
        words.addAll(List.of("b", "a", "zebra"));
        MixtureComponent part = MixtureComponent.of(new Mixture.Model("model", model), words, 2);
        LanguageModel kept = new TrainedModel(words, part.levels()).model();
        double outside = 0;
        for (String word : List.of(LanguageModel.UNKNOWN, "c", "d", "e")) {
            outside += probability(model, List.of(), word);
        }
        assertEquals(outside, probability(kept, List.of(), LanguageModel.UNKNOWN), 1e-6);
        assertEquals(0, probability(kept, List.of(), "zebra"), 1e-12);
        assertEquals(0, probability(kept, List.of(), LanguageModel.START), 1e-12);
        assertEquals(probability(model, List.of("a"), "b"), probability(kept, List.of("a"), "b"), 1e-6);
        assertEquals(3, part.levels().get(1).size(), "of 9 bigrams, <s> a, a b and <s> b are without c, d and e");
    }

    @Test
    void sentencesStartAsOftenAsTheyEndAndWordsHaveTheirShareOfTheTexts() throws IOException {
        List<String> words = TrainingText.marks();
        words.addAll(List.of("a", "b"));
        Mixture.Text text = new Mixture.Text("text", List.of("a b a", "b a", "a c"));
        Mixture.Model model = new Mixture.Model(
                "model", TrainedModel.train(text.sentences(), 2, 100, 1).model());
        for (Mixture.Part part : List.of(text, model)) {
            MixtureComponent component = MixtureComponent.of(part, words, 2);
            NGramUnion union = new NGramUnion(List.of(component));
            union.add(component, 1);
            NGrams singles = union.mixed().get(0);
            assertEquals(singles.count[TrainingText.END], singles.count[TrainingText.START], part.name());
            long events = 0;
            for (int word = 0; word < singles.size(); word++) {
                events += word == TrainingText.START ? 0 : singles.count[word];
            }
            assertEquals(1e9, events, 1e3, part.name());
            assertTrue(part == model || Math.abs(singles.count[3] - 4e8) < 10, "a is 4 of 10 events");
        }
    }

    @Test
    void theVocabularyIsOfTheWordsMostProbableInTheMixture() {
        Mixture.Text small = new Mixture.Text("small", List.of("x y", "x y", "once x"));
        Mixture.Text large = new Mixture.Text("large", List.of("a b c", "a b c", "a b d", "a b d", "a a a a"));
        // Everything is from the small text, so that its words come before more frequent ones of the large text.
        List<String> words = MixtureVocabulary.choose(List.of(small, large), List.of("x y x", "once y"), 3);
        assertEquals(List.of("<unk>", "<s>", "</s>", "x", "y", "once"), words);
        List<String> half = MixtureVocabulary.choose(List.of(small, large), List.of("x y", "a b"), 4);
        assertEquals(Set.of("x", "y", "a", "b"), Set.copyOf(half.subList(3, 7)));
        LanguageModel model =
                TrainedModel.train(List.of("m m", "m n"), 1, 100, 1).model();
        List<String> withModel =
                MixtureVocabulary.choose(List.of(small, new Mixture.Model("m", model)), List.of("m x", "m"), 2);
        assertEquals(List.of("m", "x"), withModel.subList(3, 5));
    }

    @Test
    void whatCannotBeMixedIsToldAtOnce() {
        String message = assertThrows(
                        LanguageModelException.class,
                        () -> Mixture.of(List.of(new Mixture.Text("empty.txt", List.of())), List.of(), 5, 70_000))
                .getMessage();
        for (String part : List.of("two parts", "empty.txt has no sentence", "held-out", "order", "65533")) {
            assertTrue(message.contains(part), message);
        }
        List<Mixture.Text> held = List.of(held().get(0), new Mixture.Text("fremd.txt", List.of("ganz anders")));
        String unknown = assertThrows(
                        LanguageModelException.class, () -> Mixture.of(List.of(SEVENS, ELEVENS), held, 2, 100))
                .getMessage();
        assertTrue(unknown.contains("fremd.txt has none of the"), unknown);
        assertTrue(!unknown.contains("dev of sevens"), unknown);
    }
}
