package org.omniscribe.asr.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.decode.Hotwords.Hotword;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.transcript.Word;

class HotwordsTest {
    @TempDir
    Path folder;

    /** What a text earns with all of its words whole. */
    private static double earned(Hotwords hotwords, String text) {
        int state = hotwords.next(Hotwords.START, ' ');
        double sum = 0;
        for (char c : (text + " ").toCharArray()) {
            state = hotwords.next(state, c);
            sum += hotwords.reward(state);
        }
        return sum;
    }

    @Test
    void whatFollowsItselfEarnsNothingTheSecondTime() {
        Hotwords hotwords = new Hotwords(List.of(new Hotword("kubernetes", 5), new Hotword("new york", 3)));
        assertEquals(5, earned(hotwords, "the kubernetes project"));
        assertEquals(5, earned(hotwords, "the kubernetes kubernetes project"));
        assertEquals(5, earned(hotwords, "kubernetes kubernetes kubernetes kubernetes"));
        assertEquals(3, earned(hotwords, "new york new york new york"));
        assertEquals(8, earned(hotwords, "new york kubernetes"));
        // Nor is anything lent for it meanwhile.
        int state = hotwords.next(Hotwords.START, ' ');
        for (char c : "kubernetes kuber".toCharArray()) {
            state = hotwords.next(state, c);
        }
        assertEquals(0, hotwords.lent(state));
    }

    @Test
    void noWeightCountsForMoreThanSeven() {
        assertEquals(7, earned(new Hotwords(List.of(new Hotword("kubernetes", 100))), "kubernetes"));
        assertEquals(-20, earned(new Hotwords(List.of(new Hotword("kubernetes", -20))), "kubernetes"));
    }

    @Test
    void wordsAreWrittenAsTheUserWroteThem() {
        Hotwords hotwords = new Hotwords(Stream.of("Kubernetes,", "Jean-Luc Caf\u00e9", "McDonald's", "plain")
                .map(w -> new Hotword(w, 5))
                .toList());
        assertEquals(
                List.of("jean luc cafe", "kubernetes", "mcdonald's", "plain"),
                hotwords.phrases().stream().map(Hotword::phrase).sorted().toList());
        List<Word> words = Arrays.stream("i saw jean luc cafe and kubernetes at mcdonald's plain jean".split(" "))
                .map(w -> new Word(w, 0, 1, 0.5))
                .toList();
        WrittenHotwords decoder = new WrittenHotwords(emission -> new Hypothesis(words, 0), hotwords);
        assertEquals(
                "i saw Jean-Luc Caf\u00e9 and Kubernetes at McDonald's plain jean",
                decoder.decode(null).text());
    }

    @Test
    void whatIsLeftOutIsNamedWithItsLineWhateverTheEncoding() throws Exception {
        String list = "# names\n\u5317\u4eac\n3M\nPaul\t4\npaul\n";
        Path file = folder.resolve("list");
        for (var charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            Files.write(file, ("\ufeff" + list).getBytes(charset));
            Hotwords hotwords = Hotwords.read(file);
            assertEquals(
                    List.of("paul"),
                    hotwords.phrases().stream().map(Hotword::phrase).toList());
            assertEquals(3, hotwords.remarks().size());
            assertTrue(hotwords.remarks().get(0).startsWith("line 2: \"\u5317\u4eac\" is left out"));
            assertTrue(hotwords.remarks().get(1).startsWith("line 3: \"3M\" is left out"));
            assertEquals(
                    "line 5: \"paul\" is there again; this line counts",
                    hotwords.remarks().get(2));
        }
    }

    @Test
    void aCountOfNGramsIsBelievedAsFarAsTheyAreThere() {
        String arpa = "\\data\\\nngram 1=2000000000\n\n\\1-grams:\n-1 a\n\\end\\\n";
        ModelException e = assertThrows(
                ModelException.class,
                () -> LanguageModel.read(new ByteArrayInputStream(arpa.getBytes(StandardCharsets.UTF_8)), "bomb"));
        assertTrue(e.getMessage().contains("n-gram 2 of 2000000000 of length 1 is missing"), e.getMessage());
    }
}
