package org.omniscribe.asr.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.stream.RecognitionEvent.Partial;
import org.omniscribe.asr.transcript.Word;

class AgreementTest {
    private final Agreement agreement = new Agreement();

    /** Words of half a second each, one after the other. */
    private static List<Word> words(double start, String... texts) {
        List<Word> words = new ArrayList<>();
        for (String text : texts) {
            double at = start + 0.5 * words.size();
            words.add(new Word(text, at, at + 0.5, 1));
        }
        return words;
    }

    private String next(double time, List<Word> words) {
        Partial partial = agreement.next(words, time);
        return texts(partial.stable()) + "|" + texts(partial.tentative());
    }

    private static String texts(List<Word> words) {
        return String.join(" ", words.stream().map(Word::text).toList());
    }

    @Test
    void whatTwoHypothesesAgreeOnIsStable() {
        assertEquals("|the old", next(1, words(0, "the", "old")));
        assertEquals("the|odd man", next(1.5, words(0, "the", "odd", "man")));
        assertEquals("the odd|men", next(2, words(0, "the", "odd", "men")));
    }

    @Test
    void aWordThatHasJustEndedMayBeTheStartOfALongerOne() {
        next(1, words(0, "the", "sun"));
        assertEquals("the|sun", next(1.29, words(0, "the", "sun")));
        assertEquals("the sun|", next(1.3, words(0, "the", "sun")));
    }

    @Test
    void stableWordsStayWhateverIsHeardLater() {
        next(1, words(0, "the", "old"));
        assertEquals("the old|", next(2, words(0, "the", "old")));
        assertEquals("the old|man", next(2.5, words(0, "a", "cold", "man")));
        assertEquals("the old man|", next(3, words(0, "a", "cold", "man")));
    }

    @Test
    void stableWordsNeverOverlap() {
        next(1, words(0, "the", "old"));
        next(2, words(0, "the", "old"));
        next(2.5, words(0.2, "a", "old", "man"));
        Partial partial = agreement.next(words(0.2, "a", "old", "man"), 3);
        for (int i = 1; i < partial.stable().size(); i++) {
            double end = partial.stable().get(i - 1).end();
            assertTrue(partial.stable().get(i).start() >= end);
        }
    }

    @Test
    void aNewUtteranceBeginsEmpty() {
        next(1, words(0, "the"));
        next(2, words(0, "the"));
        agreement.clear();
        assertEquals("|then", next(3, words(2, "then")));
    }
}
