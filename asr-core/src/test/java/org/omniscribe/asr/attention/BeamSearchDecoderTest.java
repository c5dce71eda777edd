package org.omniscribe.asr.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.decode.Hotwords;
import org.omniscribe.asr.decode.Hotwords.Hotword;
import org.omniscribe.asr.model.AttentionSpec;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.transcript.Word;

class BeamSearchDecoderTest {
    private static final AttentionOptions PLAIN =
            AttentionOptions.STANDARD.withLanguage("en").withGuards(Guards.NONE);

    private static BeamSearchDecoder decoder;
    private static List<EncodedWindow> windows;

    @BeforeAll
    static void open() {
        decoder = TinyDecoder.open();
        windows = TinyDecoder.windows();
    }

    @AfterAll
    static void close() {
        decoder.close();
    }

    private static AttentionOptions options(
            String language, int beam, double patience, Optional<Hotwords> hotwords, int nBest) {
        return new AttentionOptions(
                Optional.ofNullable(language),
                false,
                "",
                hotwords,
                beam,
                patience,
                1,
                nBest,
                List.of(),
                Guards.NONE,
                true);
    }

    private static List<Integer> tokens(JsonNode golden) {
        return StreamSupport.stream(golden.get("tokens").spliterator(), false)
                .map(JsonNode::intValue)
                .toList();
    }

    private static void check(String search, AttentionOptions options) {
        for (String language : List.of("en", "de")) {
            List<Integer> own = new ArrayList<>();
            for (int w = 0; w < windows.size(); w++) {
                if (golden(w).get("language").textValue().equals(language)) {
                    own.add(w);
                }
            }
            List<AttentionResult> results =
                    decoder.decode(own.stream().map(windows::get).toList(), options.withLanguage(language));
            for (int i = 0; i < own.size(); i++) {
                JsonNode wanted = golden(own.get(i)).get("found").get(search);
                AttentionHypothesis found = results.get(i).answer();
                assertEquals(tokens(wanted), found.tokens(), search + " of window " + own.get(i));
                assertEquals(wanted.get("logProb").doubleValue(), found.logProb(), 2e-3);
                assertEquals(
                        golden(own.get(i)).get("noSpeech").doubleValue(),
                        results.get(i).noSpeechProbability(),
                        1e-5);
            }
        }
    }

    private static JsonNode golden(int window) {
        return TinyDecoder.GOLDEN.get("windows").get(window);
    }

    /** Golden values: attention_golden.py, by OpenAI's decoders over PyTorch's logits. */
    @Test
    void textsAreThoseOfWhispersOwnSearch() {
        check("greedy", options(null, 1, 1, Optional.empty(), 1));
        check("beam3-1.0", options(null, 3, 1, Optional.empty(), 1));
        check("beam5-1.0", options(null, 5, 1, Optional.empty(), 1));
        check("beam5-2.0", options(null, 5, 2, Optional.empty(), 1));
    }

    @Test
    void textsDoNotDependOnTheOtherWindowsOfTheBatch() {
        List<AttentionResult> together = decoder.decode(windows, PLAIN);
        for (int w = 0; w < windows.size(); w++) {
            AttentionResult alone =
                    decoder.decode(List.of(windows.get(w)), PLAIN).get(0);
            assertEquals(alone.answer().tokens(), together.get(w).answer().tokens());
            assertEquals(alone.answer().logProb(), together.get(w).answer().logProb(), 1e-4);
            assertEquals(
                    alone.answer().words().size(),
                    together.get(w).answer().words().size());
            for (int i = 0; i < alone.answer().words().size(); i++) {
                Word one = alone.answer().words().get(i);
                Word other = together.get(w).answer().words().get(i);
                assertEquals(one.text(), other.text());
                assertEquals(one.start(), other.start(), 0.021);
                assertEquals(one.confidence(), other.confidence(), 1e-4);
            }
        }
    }

    @Test
    void languagesAreFoundWithTheModelsProbabilities() {
        List<List<LanguageScore>> found = decoder.detect(windows);
        List<AttentionResult> results = decoder.decode(windows, options(null, 2, 1, Optional.empty(), 1));
        for (int w = 0; w < windows.size(); w++) {
            JsonNode wanted = golden(w).get("languages");
            for (LanguageScore score : found.get(w)) {
                assertEquals(wanted.get(score.language()).doubleValue(), score.probability(), 1e-5);
            }
            assertTrue(found.get(w).get(0).probability() >= found.get(w).get(1).probability());
            assertEquals(found.get(w).get(0).language(), results.get(w).language());
            assertEquals(found.get(w).get(0).probability(), results.get(w).languageProbability(), 1e-6);
        }
    }

    @Test
    void severalTextsDifferAndComeByFallingScore() {
        for (AttentionResult result : decoder.decode(windows, options("en", 5, 2, Optional.empty(), 4))) {
            assertTrue(result.best().size() > 1);
            for (int i = 1; i < result.best().size(); i++) {
                assertNotEquals(
                        result.best().get(0).text(), result.best().get(i).text());
                assertTrue(
                        result.best().get(i - 1).score() >= result.best().get(i).score());
            }
        }
    }

    @Test
    void wordsMakeTheTextAndLieInTheWindow() {
        for (int w = 0; w < windows.size(); w++) {
            AttentionHypothesis found =
                    decoder.decode(List.of(windows.get(w)), PLAIN).get(0).answer();
            double last = 0;
            StringBuilder text = new StringBuilder();
            for (Word word : found.words()) {
                assertTrue(word.start() >= last && word.end() <= windows.get(w).seconds());
                last = word.end();
                text.append(text.isEmpty() ? "" : " ").append(word.text());
            }
            assertEquals(found.text().replaceAll("\\s+", " "), text.toString());
        }
    }

    @Test
    void previousTextAndPromptChangeWhatIsWritten() {
        EncodedWindow window = windows.get(2);
        EncodedWindow later =
                new EncodedWindow(window.encoded(), window.steps(), window.seconds(), "The General Public License");
        List<AttentionResult> both = decoder.decode(List.of(window, later), PLAIN);
        assertNotEquals(both.get(0).answer().tokens(), both.get(1).answer().tokens());
        AttentionOptions prompted = new AttentionOptions(
                Optional.of("en"),
                false,
                "The General Public License",
                Optional.empty(),
                5,
                1,
                1,
                1,
                List.of(),
                Guards.NONE,
                false);
        assertEquals(
                both.get(1).answer().tokens(),
                decoder.decode(List.of(window), prompted).get(0).answer().tokens());
        String tooLong = "word ".repeat(500);
        assertFalse(decoder.decode(List.of(new EncodedWindow(window.encoded(), window.steps(), 0.5, tooLong)), PLAIN)
                .get(0)
                .answer()
                .tokens()
                .isEmpty());
    }

    /** Words of the texts that came second or later come into the first one; how much they gain: PhraseGainTest. */
    @Test
    void hotWordsAreWrittenWhereTheyWereNearlyWritten() {
        int lifted = 0;
        for (EncodedWindow window : windows) {
            List<AttentionHypothesis> best = decoder.decode(List.of(window), options("en", 5, 2, Optional.empty(), 5))
                    .get(0)
                    .best();
            for (AttentionHypothesis other : best.subList(1, best.size())) {
                for (Word word : other.words()) {
                    String plain = word.text().toLowerCase();
                    if (plain.matches("[a-z]+") && !writes(best.get(0), plain)) {
                        Hotwords hotwords = new Hotwords(List.of(new Hotword(plain, 7)));
                        AttentionOptions with = options("en", 5, 2, Optional.of(hotwords), 1);
                        lifted += writes(
                                        decoder.decode(List.of(window), with)
                                                .get(0)
                                                .answer(),
                                        plain)
                                ? 1
                                : 0;
                    }
                }
            }
        }
        assertTrue(lifted > 0);
    }

    private static boolean writes(AttentionHypothesis text, String word) {
        return text.words().stream().anyMatch(w -> w.text().toLowerCase().equals(word));
    }

    @Test
    void doubtfulTextsAreSampledAgainTheSameWayEachTime() {
        AttentionOptions sampled = new AttentionOptions(
                Optional.of("en"),
                false,
                "",
                Optional.empty(),
                3,
                1,
                1,
                1,
                List.of(0.5, 1.0),
                new Guards(1, 0, -0.01, 100, 100, 1000),
                false);
        List<AttentionResult> first = decoder.decode(windows, sampled);
        List<AttentionResult> second = decoder.decode(windows, sampled);
        for (int w = 0; w < windows.size(); w++) {
            assertEquals(1.0, first.get(w).temperature());
            assertEquals(
                    AttentionResult.Reason.UNLIKELY,
                    first.get(w).dropped().orElseThrow().reason());
            assertEquals("", first.get(w).answer().text());
            assertEquals(first.get(w).dropped(), second.get(w).dropped());
        }
    }

    @Test
    void whatTheModelCannotDoIsRefusedAllAtOnce() {
        AttentionSpec spec = TinyDecoder.SPEC;
        AttentionSpec english = new AttentionSpec(
                spec.layers(),
                spec.width(),
                spec.heads(),
                spec.mlpWidth(),
                spec.vocabulary(),
                spec.maxTokens(),
                List.of(),
                spec.start(),
                spec.end(),
                new java.util.TreeMap<>(),
                -1,
                -1,
                -1,
                spec.noTimestamps(),
                -1,
                spec.firstTimestamp(),
                spec.suppress(),
                spec.suppressAtStart());
        try (BeamSearchDecoder only = TinyDecoder.open(english)) {
            AttentionOptions wrong = new AttentionOptions(
                    Optional.of("fr"), true, "", Optional.empty(), 1, 1, 1, 1, List.of(), Guards.NONE, true);
            List<EncodedWindow> narrow = List.of(new EncodedWindow(new float[5], 1, 1));
            String message = assertThrows(IllegalArgumentException.class, () -> only.decode(narrow, wrong))
                    .getMessage();
            assertTrue(message.contains("window 0 has 5 numbers a step, the decoder takes 16"), message);
            assertTrue(message.contains("does not know the language \"fr\""), message);
            assertTrue(message.contains("cannot translate"), message);
            AttentionResult result =
                    only.decode(windows, AttentionOptions.STANDARD).get(0);
            assertEquals("en", result.language());
            assertEquals("en", only.detect(windows).get(0).get(0).language());
        }
    }

    @Test
    void graphsThatAreNoDecoderAreRefused() {
        String message = assertThrows(
                        ModelException.class,
                        () -> BeamSearchDecoder.open(
                                TinyDecoder.SPEC,
                                TinyDecoder.TOKENIZER,
                                org.omniscribe.asr.model.NetworkFile.of(TinyDecoder.direct("decoder.onnx")),
                                org.omniscribe.asr.model.NetworkFile.of(TinyDecoder.direct("cross.onnx")),
                                0.02,
                                org.omniscribe.asr.model.RuntimeOptions.standard()))
                .getMessage();
        assertTrue(message.contains("cross.onnx: input \"encoded\" is missing"), message);
        assertTrue(message.contains("decoder.onnx: output \"top_tokens\" is missing"), message);
    }

    @Test
    void closedDecodersRefuseToWork() {
        BeamSearchDecoder own = TinyDecoder.open();
        own.close();
        own.close();
        assertThrows(IllegalStateException.class, () -> own.decode(windows, PLAIN));
    }

    @Test
    void noWindowsHaveNoTexts() {
        assertEquals(List.of(), decoder.decode(List.of(), PLAIN));
    }
}
