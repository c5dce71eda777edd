package org.omniscribe.asr.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.model.ConfidenceMap;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.LexiconSettings;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Word;

class LexiconDecoderTest {
    private static final double STEP = 0.04;
    private static final RoutingTrace NO_ROUTING = new RoutingTrace(new int[0][], new float[0][]);
    private static final Vocabulary PHONES =
            new Vocabulary(List.of("<blank>", "▁AA", "▁B", "▁T", "▁UW", "▁S", "▁P", "▁M"));
    private static final Vocabulary TEXT = new Vocabulary(List.of("<blank>", "▁", "a", "b", "o", "t", "u", "w", "s"));
    private static final LexiconSettings SOUND_ONLY = new LexiconSettings(100, 1, 0, 0, ConfidenceMap.SHARE);

    private static Pronunciations dictionary(String... lines) {
        Map<String, List<List<String>>> words = new LinkedHashMap<>();
        for (String line : lines) {
            String[] parts = line.split(" ");
            words.computeIfAbsent(parts[0], w -> new ArrayList<>())
                    .add(Arrays.asList(parts).subList(1, parts.length));
        }
        return new Pronunciations(words);
    }

    /** A bigram model: words with their probabilities, and pairs with theirs; all else backs off with factor one half. */
    private static LanguageModel model(Map<String, Double> words, Map<String, Double> pairs) {
        StringBuilder arpa = new StringBuilder("\\data\\\nngram 1=" + (words.size() + 2) + "\nngram 2=" + pairs.size());
        arpa.append("\n\n\\1-grams:\n-99 <s> -0.3\n-1 </s>\n");
        words.forEach((w, p) -> arpa.append(Math.log10(p)).append(' ').append(w).append(" -0.3\n"));
        arpa.append("\n\\2-grams:\n");
        pairs.forEach((w, p) -> arpa.append(Math.log10(p)).append(' ').append(w).append('\n'));
        return read(arpa.append("\n\\end\\\n").toString());
    }

    private static LanguageModel read(String arpa) {
        try {
            return LanguageModel.read(new ByteArrayInputStream(arpa.getBytes(StandardCharsets.UTF_8)), "test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says phones sharply, two steps each and a blank behind; {@code A|B} is an even choice. */
    private static float[][] spoken(Vocabulary vocabulary, String text) {
        String[] said = text.split(" ");
        float[][] logProbs = new float[3 * said.length][vocabulary.size()];
        for (int t = 0; t < logProbs.length; t++) {
            List<String> choice = t % 3 == 2 ? List.of("<blank>") : Arrays.asList(said[t / 3].split("\\|"));
            for (int v = 0; v < vocabulary.size(); v++) {
                boolean chosen = choice.contains(vocabulary.token(v).replace("▁", ""))
                        || choice.contains("_") && vocabulary.token(v).equals("▁");
                logProbs[t][v] = (float) Math.log(0.02 / vocabulary.size() + (chosen ? 0.98 / choice.size() : 0));
            }
        }
        return logProbs;
    }

    private static Emission emission(float[][] text, float[][] phones) {
        return new Emission(text, phones, NO_ROUTING, STEP);
    }

    private static Emission emission(String phones) {
        float[][] said = spoken(PHONES, phones);
        float[][] text = new float[said.length][TEXT.size()];
        for (float[] row : text) {
            Arrays.fill(row, (float) -Math.log(TEXT.size()));
        }
        return emission(text, said);
    }

    private static LexiconDecoder decoder(Pronunciations words, LanguageModel model, LexiconSettings settings) {
        return new LexiconDecoder(TEXT, PHONES, words, model, settings, Optional.empty());
    }

    @Test
    void theLanguageModelChoosesAmongHomophones() {
        Pronunciations words = dictionary("two T UW", "too T UW", "bat B AA T", "spa S P AA");
        LanguageModel model =
                model(Map.of("two", 0.1, "too", 0.2, "bat", 0.1, "spa", 0.1), Map.of("spa too", 0.5, "bat two", 0.5));
        LexiconDecoder decoder = decoder(words, model, SOUND_ONLY);
        assertEquals("spa too", decoder.decode(emission("S P AA T UW")).text());
        assertEquals("bat two", decoder.decode(emission("B AA T T UW")).text());
        assertEquals("too", decoder.decode(emission("T UW")).text(), "the more frequent one");
    }

    @Test
    void theSpellingChoosesAmongHomophonesIfItHasWeight() {
        Pronunciations words = dictionary("two T UW", "too T UW");
        LanguageModel model = model(Map.of("two", 0.1, "too", 0.2), Map.of());
        float[][] phones = spoken(PHONES, "T UW UW");
        float[][] text = spoken(TEXT, "t w o");
        assertEquals(
                "too",
                decoder(words, model, SOUND_ONLY).decode(emission(text, phones)).text());
        assertEquals(
                "two",
                decoder(words, model, new LexiconSettings(100, 1, 0, 0.5, ConfidenceMap.SHARE))
                        .decode(emission(text, phones))
                        .text());
    }

    @Test
    void anyPronunciationOfAWordWillDo() {
        LexiconDecoder decoder = decoder(
                dictionary("bat B AA T", "bat B AA", "too T UW"),
                model(Map.of("bat", 0.1, "too", 0.1), Map.of()),
                SOUND_ONLY);
        assertEquals("bat too", decoder.decode(emission("B AA T T UW")).text());
        assertEquals("bat too", decoder.decode(emission("B AA T UW")).text(), "the second pronunciation");
    }

    @Test
    void wordsAreTimedByTheirPhones() {
        LexiconDecoder decoder = decoder(
                dictionary("bat B AA T", "too T UW"), model(Map.of("bat", 0.1, "too", 0.1), Map.of()), SOUND_ONLY);
        List<Word> words = decoder.decode(emission("B AA T T UW")).words();
        assertEquals(0, words.get(0).start(), 1e-9);
        assertEquals(8 * STEP, words.get(0).end(), 1e-9);
        assertEquals(9 * STEP, words.get(1).start(), 1e-9);
        assertEquals(14 * STEP, words.get(1).end(), 1e-9);
        assertTrue(words.get(0).confidence() > 0.9, words.toString());
    }

    @Test
    void aDoubtfulWordHasLittleConfidenceAndTheOtherComesNext() {
        LexiconDecoder decoder = decoder(
                dictionary("spa S P AA", "ma M AA", "too T UW", "pa P AA"),
                model(Map.of("spa", 0.1, "ma", 0.1, "pa", 0.09, "too", 0.1), Map.of()),
                SOUND_ONLY);
        List<Hypothesis> best = decoder.nBest(emission("P|M AA T UW T UW T UW"), 2);
        assertEquals("ma too too too", best.get(0).text());
        assertEquals("pa too too too", best.get(1).text(), "a rival that the language model cannot tell apart later");
        assertTrue(best.get(0).logProb() > best.get(1).logProb());
        assertTrue(best.get(0).words().get(0).confidence() < 0.6);
        assertTrue(best.get(0).words().get(1).confidence() > 0.9);
    }

    @Test
    void hotWordsAreLikelier() {
        Pronunciations words = dictionary("pa P AA", "ma M AA", "tuba T UW B AA");
        LanguageModel model = model(Map.of("pa", 0.2, "ma", 0.1, "<unk>", 0.001), Map.of());
        Emission emission = emission("P|M AA");
        assertEquals("pa", decoder(words, model, SOUND_ONLY).decode(emission).text());
        LexiconDecoder hot = new LexiconDecoder(
                TEXT,
                PHONES,
                words,
                model,
                SOUND_ONLY,
                Optional.of(new Hotwords(List.of(new Hotwords.Hotword("ma", 3), new Hotwords.Hotword("tuba", 5)))));
        assertEquals("ma", hot.decode(emission).text());
        assertEquals("tuba", hot.decode(emission("T UW B AA")).text(), "a word that only the dictionary knows");
    }

    @Test
    void phrasesAreFoundAndNothingElse() {
        Pronunciations words =
                dictionary("pa P AA", "ma M AA", "two T UW", "boo B UW", "map M AA P", "atoms AA T AA M S");
        LexiconDecoder decoder = LexiconDecoder.forPhrases(
                TEXT, PHONES, words, SOUND_ONLY, List.of("Ma  two", "pa two boo", "two", "tab"));
        assertEquals("ma two", decoder.decode(emission("P|M AA T UW")).text(), "pa is in no phrase that fits");
        List<Word> found = decoder.decode(emission("P AA T UW B UW T UW")).words();
        assertEquals(
                List.of("pa", "two", "boo", "two"),
                found.stream().map(Word::text).toList());
        assertEquals(3 * 2 * STEP, found.get(1).start(), 1e-9, "times are those of the words in a phrase");
        assertEquals("tab", decoder.decode(emission("T AA P")).text(), "how it sounds is told by its letters");
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> LexiconDecoder.forPhrases(TEXT, PHONES, words, SOUND_ONLY, List.of("two 3")))
                .getMessage();
        assertTrue(message.contains("[3]"), message);
    }

    /** Phrases have no context, so that a row of them and the same with one more are rivals of one another. */
    @Test
    void everyTextOfManyFitsIntoTheSteps() {
        Pronunciations words = dictionary("ah AA", "pa P AA", "tot T AA T", "map M AA P");
        LexiconDecoder decoder =
                LexiconDecoder.forPhrases(TEXT, PHONES, words, SOUND_ONLY, List.of("ah", "pa", "ah ah", "tot", "map"));
        Random random = new Random(3);
        for (int round = 0; round < 20; round++) {
            float[][] phones = new float[12][];
            for (int t = 0; t < phones.length; t++) {
                phones[t] = GreedyDecoderTest.randomRow(random, PHONES.size());
            }
            List<Hypothesis> found = decoder.nBest(emission(new float[phones.length][TEXT.size()], phones), 300);
            assertTrue(found.size() > 30, "only " + found.size());
            for (Hypothesis text : found) {
                int steps = 0;
                String last = "";
                for (Word word : text.words()) {
                    for (String phone : words.of(word.text()).get(0)) {
                        steps += phone.equals(last) ? 2 : 1;
                        last = phone;
                    }
                }
                assertTrue(steps <= phones.length, text.text());
            }
        }
    }

    @Test
    void silenceAndNothingHaveNoWords() {
        LexiconDecoder decoder = decoder(dictionary("pa P AA"), model(Map.of("pa", 0.2), Map.of()), SOUND_ONLY);
        assertEquals("", decoder.decode(emission("<blank> <blank>")).text());
        assertEquals(
                "", decoder.decode(emission(new float[0][], new float[0][])).text());
    }

    @Test
    void whatCannotBeUsedIsSaid() {
        LanguageModel model = model(Map.of("pa", 0.2), Map.of());
        String phones = assertThrows(
                        IllegalArgumentException.class,
                        () -> decoder(dictionary("pa P AX", "pa QQ"), model, SOUND_ONLY))
                .getMessage();
        assertTrue(phones.contains("\"pa\" has the phone AX") && phones.contains("QQ"), phones);
        assertThrows(IllegalArgumentException.class, () -> decoder(dictionary("tuba T UW B AA"), model, SOUND_ONLY));
        LexiconDecoder decoder = decoder(dictionary("pa P AA"), model, SOUND_ONLY);
        assertThrows(ModelException.class, () -> decoder.decode(emission(new float[1][TEXT.size()], new float[0][])));
        assertThrows(IllegalArgumentException.class, () -> decoder.nBest(emission("P AA"), 0));
    }

    /** Without pruning, scores are sums over all paths, pronunciations and places where words may part. */
    @Test
    void scoresAreThoseOfAllPathsWrittenOut() {
        Vocabulary phones = new Vocabulary(List.of("<blank>", "AA", "B", "T"));
        Map<String, List<List<String>>> ways = new LinkedHashMap<>();
        ways.put("x", List.of(List.of("AA", "B"), List.of("AA")));
        ways.put("y", List.of(List.of("B", "B")));
        ways.put("z", List.of(List.of("B", "T", "AA")));
        List<String> names = List.copyOf(ways.keySet());
        LanguageModel model = everyFourWords(names, new Random(11));
        LexiconSettings settings = new LexiconSettings(10_000, 0.7, 0.4, 0, ConfidenceMap.SHARE);
        SearchGraph graph = SearchGraph.ofWords(phones, new Pronunciations(ways), model, settings, Optional.empty());
        Random random = new Random(5);
        float[][] logProbs = new float[5][];
        for (int t = 0; t < logProbs.length; t++) {
            logProbs[t] = GreedyDecoderTest.randomRow(random, phones.size());
        }
        Map<String, Double> sums = new HashMap<>();
        for (int path = 0; path < Math.pow(phones.size(), logProbs.length); path++) {
            StringBuilder written = new StringBuilder();
            double logProb = 0;
            int before = 0;
            for (int t = 0, rest = path; t < logProbs.length; t++, rest /= phones.size()) {
                int v = rest % phones.size();
                logProb += logProbs[t][v];
                written.append(v != before && v != 0 ? phones.token(v) + " " : "");
                before = v;
            }
            sums.merge(written.toString(), Math.exp(logProb), Double::sum);
        }
        Map<List<String>, Double> expected = new HashMap<>();
        List<List<String>> rows = new ArrayList<>(List.of(List.of()));
        for (int i = 0; i < rows.size(); i++) {
            List<String> row = rows.get(i);
            double sum = 0;
            for (String sound : sounds(row, ways)) {
                sum += sums.getOrDefault(sound, 0.0);
            }
            if (sum > 0) {
                expected.put(row, Math.log(sum) + 0.7 * model.logProb(row) + 0.4 * row.size());
            }
            if (row.size() < 3) {
                names.forEach(name -> {
                    List<String> longer = new ArrayList<>(row);
                    longer.add(name);
                    rows.add(longer);
                });
            }
        }
        List<LexiconSearch.Found> found = new LexiconSearch(graph, 10_000, 500, 500).run(logProbs, 1000);
        int compared = 0;
        for (LexiconSearch.Found f : found) {
            List<String> row = Arrays.stream(f.words())
                    .mapToObj(w -> String.join(" ", graph.words(w)))
                    .toList();
            if (row.size() <= 3) {
                assertEquals(expected.get(row), f.score(), 1e-6, row.toString());
                compared++;
            }
        }
        assertEquals(expected.size(), compared);
        for (int i = 1; i < found.size(); i++) {
            assertTrue(found.get(i - 1).score() >= found.get(i).score());
        }
    }

    private static List<String> sounds(List<String> row, Map<String, List<List<String>>> ways) {
        List<String> sounds = List.of("");
        for (String word : row) {
            List<String> longer = new ArrayList<>();
            for (String sound : sounds) {
                ways.get(word).forEach(way -> longer.add(sound + String.join(" ", way) + " "));
            }
            sounds = longer;
        }
        return sounds;
    }

    /** Random probabilities for every row of up to five words, so that no two rows of three are the same to the model. */
    private static LanguageModel everyFourWords(List<String> names, Random random) {
        StringBuilder[] levels = new StringBuilder[5];
        int[] counts = new int[5];
        List<String> rows = new ArrayList<>();
        rows.add("<s>");
        rows.addAll(names);
        levels[0] = new StringBuilder();
        for (int k = 0; k < 5; k++) {
            levels[k] = new StringBuilder("\\" + (k + 1) + "-grams:\n");
            List<String> longer = new ArrayList<>();
            for (String row : rows) {
                levels[k]
                        .append(row.equals("<s>") ? -99 : -random.nextDouble())
                        .append(' ')
                        .append(row)
                        .append(k < 4 ? " -0.2\n" : "\n");
                counts[k]++;
                names.forEach(name -> longer.add(row + " " + name));
            }
            if (k == 0) {
                levels[k].append("-0.7 </s>\n");
                counts[k]++;
            }
            rows = longer;
        }
        StringBuilder arpa = new StringBuilder("\\data\\\n");
        for (int k = 0; k < 5; k++) {
            arpa.append("ngram ").append(k + 1).append('=').append(counts[k]).append('\n');
        }
        for (StringBuilder level : levels) {
            arpa.append('\n').append(level);
        }
        return read(arpa.append("\n\\end\\\n").toString());
    }
}
