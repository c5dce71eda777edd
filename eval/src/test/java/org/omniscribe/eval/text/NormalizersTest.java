package org.omniscribe.eval.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    Hello, World!                  | hello world
                    customers’ likes, don‘t, it´s  | customers' likes don't it's
                    'tis the boys' turn            | 'tis the boys' turn
                    rock ' n ' roll                | rock n roll
                    ne-plus-ultra – yes—no         | ne plus ultra yes no
                    some of which -- as, e.g., his | some of which as e g his
                    yes,no/maybe…(or not)          | yes no maybe or not
                    Café naïve coöp ét́            | cafe naive coop et
                    ﬁve ＡＢＣ                     | five abc
                    flat no 701, 3:30 p.m.         | flat no 701 3 30 p m
                    soft\u00ADhyphen zero\u200Bwidth | softhyphen zerowidth
                    …!?                            | ""
                    ""                             | ""
                    """)
    void basicKeepsLettersDigitsAndApostrophes(String text, String expected) {
        String normalized = Normalizers.BASIC.normalize(text);
        assertEquals(expected, normalized);
        assertEquals(normalized, Normalizers.BASIC.normalize(normalized), "twice is the same as once");
    }

    @Test
    void basicIsDeafToTheLocaleOfTheMachine() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr"));
        try {
            assertEquals("iii", Normalizers.BASIC.normalize("III"));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void noneChangesNothingButWhiteSpace() {
        assertEquals("It’s, 5 o'CLOCK.", Normalizers.NONE.normalize(" It’s,\t5  o'CLOCK.\n"));
        assertEquals("", Normalizers.NONE.normalize(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HE TOOK A RESOLVE",
                "We always try to take our customers’ likes (and dislikes) into account.",
                "the ne-plus-ultra — “of” its kind: yes; no?!",
                "A café."
            })
    void lettersAndSilentPunctuationAreSpelledOut(String text) {
        assertTrue(Normalizers.BASIC.spelledOut(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "37 Casterly Rock",
                "equals [=]",
                "space [ ]",
                "press * to toggle",
                "rock & roll",
                "50%",
                "visit www.asterisk.org now",
                "at nine p.m., sharp",
                "naïve Straße",
                "one and ½",
                "привет",
                "...",
                ""
            })
    void digitsSignsAndForeignLettersAreNotSpelledOut(String text) {
        assertFalse(Normalizers.BASIC.spelledOut(text));
    }

    @Test
    void findsNormalizersByName() {
        for (Normalizer normalizer : Normalizers.all()) {
            assertSame(normalizer, Normalizers.named(normalizer.name()));
        }
        String message = assertThrows(IllegalArgumentException.class, () -> Normalizers.named("x"))
                .getMessage();
        assertTrue(message.contains("basic, none, whisper-en, open-asr, nist"), message);
    }
}
