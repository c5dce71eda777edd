package org.omniscribe.asr.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.model.ModelException;

class LanguageModelTest {
    static LanguageModel river() {
        return read(text("river.arpa"));
    }

    private static String text(String name) {
        try (InputStream in = LanguageModelTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static LanguageModel read(String arpa) {
        return read(arpa.getBytes(StandardCharsets.UTF_8));
    }

    private static LanguageModel read(byte[] bytes) {
        try {
            return LanguageModel.read(new ByteArrayInputStream(bytes), "test.lm");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] binary(LanguageModel model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        model.write(out);
        return out.toByteArray();
    }

    private static double score(LanguageModel model, String sentence) {
        return model.logProb(List.of(sentence.split(" ")));
    }

    /** Golden values by lm_golden.sh. */
    @Test
    void sentencesScoreAsWithSphinx() {
        LanguageModel model = river();
        List<String> golden = text("sentences.golden.tsv").lines().toList();
        assertEquals(7, golden.size());
        for (String line : golden) {
            String[] columns = line.split("\t");
            // Sphinx rounds every term to powers of 1.0001, and there are up to three a word.
            assertEquals(Double.parseDouble(columns[1]), score(model, columns[0]), 3e-3, columns[0]);
        }
    }

    /** The perplexity is what compile-lm of irstlm prints, see lm_golden.sh. */
    @Test
    void perplexityIsThatOfIrstlm() {
        LanguageModel model = river();
        List<String> sentences = text("sentences.txt").lines().toList();
        double sum = sentences.stream().mapToDouble(s -> score(model, s)).sum();
        long words = sentences.stream().mapToLong(s -> s.split(" ").length + 1).sum();
        assertEquals(42, words);
        assertEquals(8.23, Math.exp(-sum / words), 0.005);
    }

    @Test
    void afterEveryContextTheProbabilitiesOfAllWordsSumToOne() {
        LanguageModel model = river();
        for (String context : List.of("", "the", "the old", "in the winter", "nothing winter", "xyz the", "xyz xyz")) {
            int state = model.startState();
            for (String word : context.isEmpty() ? new String[0] : context.split(" ")) {
                state = model.nextState(state, model.id(word));
            }
            double sum = 0;
            for (String word : model.words()) {
                sum += Math.exp(model.logProb(state, model.id(word)));
            }
            assertEquals(1, sum, 1e-5, context);
        }
    }

    @Test
    void fourWordModelsWhoseSuffixesWerePrunedBackOffThroughWhatIsLeft() {
        LanguageModel model = read(String.join(
                "\n",
                "\\data\\",
                "ngram 1=5",
                "ngram 2=2",
                "ngram 3=1",
                "ngram 4=1",
                "",
                "\\1-grams:",
                "-99 <s> -0.1",
                "-1 </s>",
                "-1 a -0.2",
                "-1 b -0.3",
                "-1 c -0.4",
                "\\2-grams:",
                "-0.5 <s> a -0.05",
                "-0.6 b c -0.06",
                "\\3-grams:",
                "-0.4 <s> a b -0.03",
                "\\4-grams:",
                "-0.2 <s> a b c",
                "\\end\\"));
        double ten = Math.log(10);
        // The last: "a b c" is no n-gram, so after the 4-gram only "b c" is known; c ends it, and </s> needs back-off.
        assertEquals(ten * (-0.5 - 0.4 - 0.2 - 0.06 - 0.4 - 1), score(model, "a b c"), 1e-5);
        // a b: back off from "<s> b" to b; then "b c" as written.
        assertEquals(ten * (-0.1 - 1 - 0.6 - 0.06 - 0.4 - 1), score(model, "b c"), 1e-5);
    }

    @Test
    void theBinaryFormKeepsTheModelButForItsRounding() throws IOException {
        LanguageModel model = river();
        LanguageModel copy = read(binary(model));
        assertEquals(model.words(), copy.words());
        assertEquals(3, copy.order());
        assertEquals(model.size(3), copy.size(3));
        // 256 values are more than there are different ones here, but the model has few enough for equal groups.
        for (String sentence : text("sentences.txt").lines().toList()) {
            assertEquals(score(model, sentence), score(copy, sentence), 0.02, sentence);
        }
        assertEquals(LanguageModel.IMPOSSIBLE, copy.logProb(LanguageModel.NO_CONTEXT, copy.id("<s>")), 1e-3);
    }

    @Test
    void aWordOutsideAVocabularyWithoutUnknownWordIsImpossible() {
        LanguageModel model = read("\\data\\\nngram 1=3\n\n\\1-grams:\n-99 <s>\n-0.3 </s>\n-0.3 a\n\n\\end\\\n");
        assertEquals(-1, model.id("b"));
        assertEquals(LanguageModel.IMPOSSIBLE, model.logProb(model.startState(), model.id("b")));
        assertEquals(-0.6 * Math.log(10), score(model, "a"), 1e-6);
    }

    @Test
    void faultyArpaIsRefusedWithItsLine() {
        String good = text("river.arpa");
        assertMessage("there is no \\data\\", "hello\n");
        assertMessage("line 2: \"ngram 2=79\" is out of place", "\\data\\\nngram 2=79\n");
        assertMessage("\\end\\ is missing", good.replace("\\end\\", ""));
        assertMessage("something that is no number", good.replace("-99\t<s>", "minus\t<s>"));
        assertMessage("\"zebra\" is not among the 1-grams", good.replaceFirst("the river\t", "the zebra\t"));
        assertMessage("is above 1", good.replace("-99\t<s>", "0.5\t<s>"));
    }

    private static void assertMessage(String part, String arpa) {
        String message = assertThrows(ModelException.class, () -> read(arpa)).getMessage();
        assertTrue(message.contains(part) && message.contains("test.lm"), message);
    }

    @Test
    void everyTruncatedBinaryFormIsRefused() throws IOException {
        byte[] whole = binary(river());
        for (int length = 8; length < whole.length - 8; length += 97) {
            byte[] part = Arrays.copyOf(whole, length);
            String message =
                    assertThrows(ModelException.class, () -> read(part)).getMessage();
            assertTrue(message.contains("damaged"), message);
        }
    }
}
