package org.omniscribe.asr.transcript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CaptionsTest {
    private static List<Captions.Caption> captions(List<Word> words, double duration) {
        return Captions.of(new Transcript("x", duration, "m", Segment.atPauses(words), Optional.empty(), List.of()));
    }

    /** Words of a text one after the other, each lasting {@code perCharacter} seconds a character. */
    private static List<Word> spoken(String text, double perCharacter) {
        List<Word> words = new ArrayList<>();
        double time = 0;
        for (String word : text.split(" ")) {
            double end = time + perCharacter * word.length();
            words.add(new Word(word, time, end, 1));
            time = end + perCharacter;
        }
        return words;
    }

    @Test
    void limitsHoldForAnySpeechAndNoWordIsLost() {
        Random random = new Random(4);
        for (int round = 0; round < 200; round++) {
            List<Word> words = new ArrayList<>();
            double time = random.nextDouble();
            double tempo = 0.03 + 0.1 * random.nextDouble();
            for (int i = random.nextInt(150); i >= 0; i--) {
                int length = random.nextInt(100) == 0 ? 50 : 1 + random.nextInt(12);
                double end = time + (random.nextInt(50) == 0 ? 0 : tempo * length);
                words.add(new Word("abcdefghijkl".repeat(5).substring(0, length), time, end, 1));
                time = end + (random.nextInt(8) == 0 ? 2 * random.nextDouble() : random.nextInt(3) * 0.04);
            }
            List<Captions.Caption> captions = captions(words, time);
            List<String> read = new ArrayList<>();
            long free = 0;
            for (Captions.Caption caption : captions) {
                assertTrue(caption.start() >= free && caption.end() > caption.start(), caption.toString());
                assertTrue(caption.end() - caption.start() <= 7000, caption.toString());
                assertTrue(caption.lines().size() <= 2, caption.toString());
                for (String line : caption.lines()) {
                    assertTrue(line.length() <= 42 || !line.contains(" "), line);
                    read.addAll(List.of(line.split(" ")));
                }
                free = caption.end();
            }
            assertEquals(words.stream().map(Word::text).toList(), read);
        }
    }

    @Test
    void speechOfOrdinaryTempoKeepsReadingSpeedShortestTimeAndGap() {
        String text = "we looked at the river for a long time and nobody said a word because there was nothing left to"
                + " say about the boat that had gone down in the night with all that we owned";
        // 13 characters a second, a fast reader aloud.
        List<Captions.Caption> captions = captions(spoken(text, 1 / 13.0), 20);
        assertTrue(captions.size() >= 3);
        for (int i = 0; i < captions.size(); i++) {
            Captions.Caption caption = captions.get(i);
            long duration = caption.end() - caption.start();
            assertTrue(String.join(" ", caption.lines()).length() * 1000.0 / duration <= 17, caption.toString());
            assertTrue(duration >= 1000, caption.toString());
            if (i > 0) {
                assertEquals(80, caption.start() - captions.get(i - 1).end());
            }
        }
    }

    @Test
    void fastWordsBeforeAPauseStayUntilTheyCanBeRead() {
        // 28 characters in 0.7 s need 28 / 17 s.
        List<Word> words = new ArrayList<>(spoken("quickly spoken and then done", 0.025));
        words.add(new Word("later", 9, 9.5, 1));
        Captions.Caption first = captions(words, 12).get(0);
        assertEquals(28 * 1000 / 17, first.end() - first.start());
    }

    @Test
    void breaksFallAtClausesNotAfterArticles() {
        String text = "when the rain had stopped at last, the children ran out into the garden to look for the"
                + " ball that they had lost. nobody found it";
        List<List<String>> lines = captions(spoken(text, 0.07), 20).stream()
                .map(Captions.Caption::lines)
                .toList();
        assertEquals(
                List.of(
                        List.of("when the rain had stopped at last,", "the children ran out into the garden"),
                        List.of("to look for the ball that they had lost.", "nobody found it")),
                lines);
    }

    @Test
    void aPauseBreaksWhereThereIsNoPunctuation() {
        List<Word> words = new ArrayList<>(spoken("i have not seen him since he went away", 0.08));
        double resume = words.get(words.size() - 1).end() + 0.6;
        for (Word word : spoken("you may ask his brother if you like but he will not know", 0.08)) {
            words.add(word.placed(resume, Double.MAX_VALUE));
        }
        List<Captions.Caption> captions = captions(words, 20);
        assertEquals(2, captions.size());
        assertEquals(
                "i have not seen him since he went away",
                String.join(" ", captions.get(0).lines()));
    }

    @Test
    void oneLineIsOneLine() {
        assertEquals(
                List.of("a line of exactly forty-two characters now"),
                captions(spoken("a line of exactly forty-two characters now", 0.08), 9)
                        .get(0)
                        .lines());
    }

    @Test
    void aCaptionDoesNotOutlastTheRecording() {
        assertEquals(
                400, captions(List.of(new Word("yes", 0, 0.3, 1)), 0.4).get(0).end());
    }
}
