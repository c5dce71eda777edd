package org.omniscribe.eval.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.score.Alignment;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.score.ScoredSet;

class ReferenceCheckTest {
    private static List<Concern> check(double seconds, String text, String heard, double heardSeconds, double level) {
        Utterance utterance = Utterance.ofFile("u", Path.of("u.wav"), seconds, "", text);
        Recognition recognition =
                new Recognition("s", "u", null, heard, List.of(), heardSeconds, 1.0, level, null, List.of(), null);
        Alignment alignment = Alignment.ofWords(text, heard, EditCosts.NIST);
        Outcome outcome =
                new Outcome.Scored(utterance, recognition, "", "", new ScoredSet.Utterance("u", "", alignment));
        TestSet set = new TestSet("s", List.of(utterance));
        return ReferenceCheck.of(set, List.of(new SetResult(set, List.of(outcome), List.of())));
    }

    private static List<Concern.Kind> kinds(
            double seconds, String text, String heard, double heardSeconds, double level) {
        return check(seconds, text, heard, heardSeconds, level).stream()
                .map(Concern::kind)
                .toList();
    }

    @Test
    void anOrdinaryUtteranceIsNone() {
        String text = "he hoped there would be stew for dinner";
        assertEquals(List.of(), kinds(2.5, text, text, 2.5, -25));
        assertEquals(List.of(), kinds(0.4, "yeah yeah yeah", "yeah yeah", 0.4, -25), "short segments are cut tightly");
        assertEquals(List.of(), kinds(2, "déjà vu", "deja vu", 2, -25));
    }

    @Test
    void whatCannotBeSaidInTheTimeIsNamedWithTheFigures() {
        String text = "he hoped there would be stew for dinner turnips and carrots and bruised potatoes";
        List<Concern> found = check(1, text, text, 1, -25);
        assertEquals(Concern.Kind.TOO_MANY_WORDS, found.get(0).kind());
        assertEquals("14 words in 1.00 s", found.get(0).detail());
        assertEquals(List.of(Concern.Kind.TOO_FEW_WORDS), kinds(30, "well yes", "well", 30, -25));
    }

    @Test
    void silenceAndOtherLengthsAndOtherTextsAreNamed() {
        assertEquals(List.of(Concern.Kind.SILENT), kinds(2, "hello there", "hello", 2, -90));
        assertEquals(
                List.of(Concern.Kind.OTHER_LENGTH), kinds(10, "hello there everybody here", "hello there", 4, -25));
        assertEquals(List.of(Concern.Kind.OTHER_TEXT), kinds(5, "yes", "and then we went to the market", 5, -25));
    }

    @Test
    void lettersOfOtherScriptsAreNamed() {
        Concern concern = check(2, "Привет world", "hello world", 2, -25).get(0);
        assertEquals(Concern.Kind.FOREIGN_LETTERS, concern.kind());
        assertTrue(concern.detail().contains("Пр"), concern.detail());
    }

    @Test
    void audioThatIsThereTwiceIsNamed() {
        Utterance first = Utterance.ofFile("first", Path.of("u.wav"), 2, "", "x");
        Utterance second = Utterance.ofFile("second", Path.of("u.wav"), 2, "", "y");
        Utterance part = new Utterance("part", Path.of("u.wav"), 0, 1, 0, "", "y");
        List<Concern> found = ReferenceCheck.of(new TestSet("s", List.of(first, second, part)), List.of());
        assertEquals(List.of(new Concern(Concern.Kind.SAME_AUDIO, "s", "second", "as in first")), found);
    }
}
