package org.omniscribe.export.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.decode.LanguageModel;

class TrainedModelTest {
    @TempDir
    Path folder;

    /** Sentences of words that follow each other in preferred pairs. */
    private static List<String> sentences(int count) {
        Random random = new Random(11);
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder sentence = new StringBuilder();
            int word = random.nextInt(20);
            for (int w = 0; w < 3 + random.nextInt(8); w++) {
                sentence.append(w == 0 ? "" : " ").append("w").append(word);
                word = random.nextInt(3) > 0 ? (word * 7 + random.nextInt(3)) % 20 : random.nextInt(40);
            }
            sentences.add(sentence.toString());
        }
        return sentences;
    }

    private static void assertSumsToOne(LanguageModel model, String... contexts) {
        for (String context : contexts) {
            int state = model.startState();
            for (String word : context.isEmpty() ? new String[0] : context.split(" ")) {
                state = model.nextState(state, model.id(word));
            }
            double sum = 0;
            for (String word : model.words()) {
                sum += Math.exp(model.logProb(state, model.id(word)));
            }
            assertEquals(1, sum, 1e-4, "after \"" + context + "\"");
        }
    }

    /**
     * By hand, for "a b", "a b", "a c", order 2. Bigrams: (s,a) 3, (a,b) 2, (b,/s) 2, (a,c) 1, (c,/s) 1; too few for the
     * formula, so the discounts are 0.5, 1 and 1.5. Single words by numbers of different words before: a 1, b 1, c 1,
     * /s 2, of 5; discounts 0.5, 0.5, 0.5 and 1 leave 2.5 for 5 words (unknown, /s, a, b, c).
     */
    @Test
    void smoothingIsThatOfChenAndGoodman() {
        LanguageModel model =
                TrainedModel.train(List.of("a b", "a b", "a c"), 2, 100, 1).model();
        double single = (1 - 0.5 + 2.5 / 5) / 5;
        assertEquals(single, Math.exp(model.logProb(-1, model.id("b"))), 1e-6);
        assertEquals((2 - 1 + 2.5 / 5) / 5, Math.exp(model.logProb(-1, model.end())), 1e-6);
        assertEquals(2.5 / 5 / 5, Math.exp(model.logProb(-1, model.id("zebra"))), 1e-6);
        int afterA = model.nextState(model.startState(), model.id("a"));
        double weight = (1 + 0.5) / 3;
        assertEquals((2 - 1) / 3.0 + weight * single, Math.exp(model.logProb(afterA, model.id("b"))), 1e-6);
        assertEquals((1 - 0.5) / 3 + weight * single, Math.exp(model.logProb(afterA, model.id("c"))), 1e-6);
        assertEquals(weight * single, Math.exp(model.logProb(afterA, model.id("a"))), 1e-6);
    }

    /** n1 = 4, n2 = 2, n3 = 1, n4 = 1: y = 4 / 8, D1 = 1 - 2 y n2/n1, D2 = 2 - 3 y n3/n2, D3 = 3 - 4 y n4/n3. */
    @Test
    void discountsAreThoseOfTheFormula() {
        double[] discounts = KneserNey.discounts(new int[] {1, 1, 1, 1, 2, 2, 3, 4, 9});
        assertArrayEquals(new double[] {0, 0.5, 1.25, 1}, discounts, 1e-12);
    }

    @Test
    void probabilitiesSumToOneAtEveryOrderPrunedOrNot() {
        for (int order = 1; order <= 4; order++) {
            TrainedModel trained = TrainedModel.train(sentences(400), order, 25, 2);
            String[] contexts = {"", "w1", "w1 w7", "w3 w1 w8", "xyz w2", "w9 xyz"};
            assertSumsToOne(trained.model(), contexts);
            TrainedModel pruned = trained.pruned(1e-4);
            assertSumsToOne(pruned.model(), contexts);
            assertTrue(order == 1 || pruned.size(order) < trained.size(order) / 2, "order " + order);
        }
    }

    @Test
    void pruningLosesLittleAndLessTheMoreIsLeft() {
        List<String> text = sentences(500);
        TrainedModel whole = TrainedModel.train(text.subList(0, 400), 3, 100, 1);
        List<String> held = text.subList(400, 500);
        double best = Perplexity.of(whole.model(), held).total();
        double large = Perplexity.of(whole.pruned(1e-5).model(), held).total();
        double small = Perplexity.of(whole.pruned(1e-3).model(), held).total();
        double none = Perplexity.of(
                        TrainedModel.train(text.subList(0, 400), 1, 100, 1).model(), held)
                .total();
        assertTrue(large < 1.05 * best, large + " against " + best);
        assertTrue(small > large && none > 1.2 * best, small + ", " + none);
    }

    @Test
    void aSizeLimitIsKeptAndNearlyUsed() {
        TrainedModel whole = TrainedModel.train(sentences(2000), 3, 100, 1);
        int limit = whole.binary().length * 6 / 10;
        int size = whole.prunedTo(limit).binary().length;
        assertTrue(size <= limit && size > 0.9 * limit, size + " of " + limit);
        assertThrows(LanguageModelException.class, () -> whole.prunedTo(50));
    }

    @Test
    void arpaAndMemoryAreTheSameModel() throws IOException {
        TrainedModel trained = TrainedModel.train(sentences(200), 4, 30, 1).pruned(1e-5);
        ByteArrayOutputStream arpa = new ByteArrayOutputStream();
        trained.writeArpa(new OutputStreamWriter(arpa, StandardCharsets.UTF_8));
        LanguageModel read = LanguageModel.read(new ByteArrayInputStream(arpa.toByteArray()), "arpa");
        Perplexity expected = Perplexity.of(trained.model(), sentences(50));
        Perplexity actual = Perplexity.of(read, sentences(50));
        assertEquals(expected.logProb(), actual.logProb(), 1e-3);
        assertEquals(expected.unknown(), actual.unknown());
        assertTrue(expected.unknown() > 0 && expected.known() < expected.total());
    }

    @Test
    void whatCannotBeTrainedIsToldAtOnce() {
        String message = assertThrows(LanguageModelException.class, () -> TrainedModel.train(List.of(), 5, 70_000, 0))
                .getMessage();
        for (String part : List.of("no sentence", "order", "vocabulary", "at least once")) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void sentencesOfTestsAreLeftOut() throws IOException {
        Path test = Files.writeString(folder.resolve("test.txt"), "One two, three four five SIX seven.\nShort one.\n");
        Path text = folder.resolve("text.txt.gz");
        String lines =
                "He said one two three four five six.\nShort one\nA short one.\nOne two three four five.\nIn 1999.\n";
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(text))) {
            out.write(lines.getBytes(StandardCharsets.UTF_8));
        }
        Sentences sentences = new Sentences();
        sentences.leaveOut(test);
        sentences.add(text);
        assertEquals(List.of("a short one", "one two three four five"), sentences.kept());
        assertEquals(2, sentences.dropped());
        assertThrows(LanguageModelException.class, () -> sentences.add(folder.resolve("none.txt")));
    }
}
