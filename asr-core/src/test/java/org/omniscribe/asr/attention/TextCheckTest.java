package org.omniscribe.asr.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.attention.AttentionResult.Reason;

class TextCheckTest {
    private static final Guards GUARDS = new Guards(0.6, -0.8, -1.5, 2.4, 4, 8);

    private static Optional<Reason> reason(String text, double averageLogProb, double noSpeech, double seconds) {
        return TextCheck.dropped(text, averageLogProb, noSpeech, seconds, GUARDS)
                .map(AttentionResult.Dropped::reason);
    }

    /** Golden values: Python's len(s.encode()) / len(zlib.compress(s.encode())). */
    @Test
    void compressionRatioIsThatOfPythonsZlib() {
        assertEquals(6 / 14.0, TextCheck.compressionRatio("Hello."), 1e-9);
        assertEquals(136 / 26.0, TextCheck.compressionRatio("Thank you. ".repeat(12) + "Bye."), 1e-9);
    }

    @Test
    void everyGuardDropsItsOwnKindOfText() {
        String fine = "The quick brown fox jumps over the lazy dog.";
        assertEquals(Optional.empty(), reason(fine, -0.3, 0.1, 4));
        assertEquals(Optional.of(Reason.NO_SPEECH), reason(fine, -0.9, 0.7, 4));
        assertEquals(Optional.empty(), reason(fine, -0.7, 0.7, 4));
        assertEquals(Optional.of(Reason.UNLIKELY), reason(fine, -1.6, 0.1, 4));
        assertEquals(Optional.of(Reason.TOO_FAST), reason(fine, -0.3, 0.1, 1));
        assertEquals(Optional.of(Reason.REPETITION), reason("Thank you. ".repeat(20), -0.3, 0.1, 30));
        assertEquals(Optional.of(Reason.REPETITION), reason("No, no, no, no, no!", -0.3, 0.1, 30));
        assertEquals(Optional.empty(), reason("No, no, no, no!", -0.3, 0.1, 30));
    }

    /** What Whisper base writes on silence, pink noise and a tap, and the least sure of its texts of speech. */
    @Test
    void standardGuardsDropInventedTextsAndKeepSpeech() {
        Guards guards = Guards.STANDARD;
        assertTrue(TextCheck.dropped("you", -0.449, 0.932, 10, guards).isPresent());
        assertTrue(TextCheck.dropped("I don't know.", -1.579, 0.717, 10, guards).isPresent());
        assertTrue(TextCheck.dropped("I'm going to cut it in half", -1.699, 0.255, 10, guards)
                .isPresent());
        assertEquals(Optional.empty(), TextCheck.dropped("Calico hesitated.", -0.604, 0.068, 1.6, guards));
        assertEquals(Optional.empty(), TextCheck.dropped("10 seconds.", -0.333, 0.232, 1.5, guards));
    }

    @Test
    void marksAloneAreNoWordsToDrop() {
        assertEquals(Optional.empty(), reason("...", -9, 1, 1));
    }

    @Test
    void repeatsAreCountedOnlyWithoutAnythingInBetween() {
        assertEquals(1, TextCheck.repeats("a b c d".split(" ")));
        assertEquals(2, TextCheck.repeats("a b a b c".split(" ")));
        assertEquals(3, TextCheck.repeats("x a b c a b c a b c y".split(" ")));
        assertEquals(1, TextCheck.repeats("a b c a d".split(" ")));
    }

    @Test
    void loopsAreBarredOnceThreeCopiesAreWhole() {
        assertEquals(List.of(), barred(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3));
        assertEquals(List.of(), barred(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2));
        assertEquals(List.of(4), barred(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3));
        int[] same = new int[10];
        java.util.Arrays.fill(same, 7);
        assertTrue(barred(same).contains(7));
        assertEquals(List.of(), barred(java.util.Arrays.copyOf(same, 6)));
    }

    private static List<Integer> barred(int... tokens) {
        List<Integer> barred = new ArrayList<>();
        LoopGuard.forbidden(tokens, tokens.length, barred::add);
        return barred;
    }
}
