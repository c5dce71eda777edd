package org.omniscribe.asr.transcript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TranscriptTest {
    private static Word word(String text, double start, double end) {
        return new Word(text, start, end, 1);
    }

    private static String fault(org.junit.jupiter.api.function.Executable made) {
        return assertThrows(IllegalArgumentException.class, made).getMessage();
    }

    @Test
    void allFaultsOfAWordAreToldAtOnce() {
        String message = fault(() -> new Word("two words", 2, 1, Double.NaN));
        assertTrue(message.contains("one word"), message);
        assertTrue(message.contains("0 <= start <= end"), message);
        assertTrue(message.contains("confidence"), message);
        fault(() -> word("", 0, 1));
        fault(() -> word("x", Double.NaN, 1));
        fault(() -> word("x", 0, Double.POSITIVE_INFINITY));
    }

    @Test
    void segmentsEncloseTheirWordsInOrder() {
        fault(() -> new Segment(0, 1, List.of()));
        fault(() -> new Segment(0.5, 1, List.of(word("x", 0.4, 0.6))));
        fault(() -> new Segment(0, 0.5, List.of(word("x", 0.4, 0.6))));
        String message = fault(() -> new Segment(0, 3, List.of(word("x", 0, 1), word("y", 0.9, 2), word("z", 1, 3))));
        assertTrue(message.contains("word 2") && message.contains("word 3"), message);
    }

    @Test
    void pausesDivideSegments() {
        List<Segment> segments =
                Segment.atPauses(List.of(word("a", 1, 1.5), word("b", 1.6, 2), word("c", 2.8, 3), word("d", 3.79, 4)));
        assertEquals(List.of("a b", "c d"), segments.stream().map(Segment::text).toList());
        assertEquals(1, segments.get(0).start());
        assertEquals(2, segments.get(0).end());
        assertEquals(List.of(), Segment.atPauses(List.of()));
    }

    @Test
    void speechWithoutPausesIsDividedAtItsLongestSilences() {
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            // A silence of 0.1 s after each word, of 0.3 s after every 50th.
            double start = 0.25 * i + 0.2 * (i / 50);
            words.add(word("w" + i, start, start + 0.15));
        }
        List<Segment> segments = Segment.atPauses(words);
        assertEquals(words, segments.stream().flatMap(s -> s.words().stream()).toList());
        for (Segment segment : segments) {
            assertTrue(segment.end() - segment.start() <= Segment.MAX_SECONDS);
            assertEquals(0, Integer.parseInt(segment.words().get(0).text().substring(1)) % 50);
        }
    }

    @Test
    void segmentsOfATranscriptMayNotOverlap() {
        Segment first = new Segment(0, 2, List.of(word("a", 0, 1)));
        Segment second = new Segment(1.5, 3, List.of(word("b", 2, 3)));
        fault(() -> new Transcript("x", Double.NaN, "m", List.of(), Optional.empty(), List.of()));
        String message =
                fault(() -> new Transcript("x.wav", 3, "m", List.of(first, second), Optional.empty(), List.of()));
        assertTrue(message.contains("x.wav") && message.contains("segment 2"), message);
    }

    @Test
    void textIsAllWordsWithSingleSpaces() {
        Transcript transcript = new Transcript(
                "x",
                9,
                "m",
                Segment.atPauses(List.of(word("a", 0, 1), word("b", 1, 2), word("c", 5, 6))),
                Optional.empty(),
                List.of());
        assertEquals("a b c", transcript.text());
        assertEquals(3, transcript.words().size());
    }

    @Test
    void placedWordsMoveAndEndWithTheRecording() {
        assertEquals(word("a", 11, 11.5), word("a", 1, 2).placed(10, 11.5));
    }
}
