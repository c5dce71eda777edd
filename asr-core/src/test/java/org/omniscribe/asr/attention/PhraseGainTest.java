package org.omniscribe.asr.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.decode.Hotwords;
import org.omniscribe.asr.decode.Hotwords.Hotword;

class PhraseGainTest {
    private final PhraseGain gain = new PhraseGain(
            new Hotwords(List.of(new Hotword("general public", 4), new Hotword("public", 3), new Hotword("Müller", 5))),
            TinyDecoder.TOKENIZER);

    private double gain(String text) {
        PhraseGain.State state = gain.begin();
        for (int token : TinyDecoder.TOKENIZER.encode(text)) {
            state = gain.next(state, token);
        }
        return gain.end(state).gain();
    }

    @Test
    void phrasesGainHoweverTheyAreWritten() {
        assertEquals(3, gain(" the public."), 1e-9);
        assertEquals(3, gain("PUBLIC, they said"), 1e-9);
        assertEquals(3, gain(" \"Public\""), 1e-9);
        assertEquals(7, gain(" the General Public is"), 1e-9);
        assertEquals(0, gain(" republic publicly"), 1e-9);
    }

    /** The tokenizer knows no "ü", so it takes two tokens that are no text by themselves. */
    @Test
    void lettersOfSeveralTokensCountToo() {
        assertEquals(2, TinyDecoder.TOKENIZER.encode("ü").length);
        assertEquals(5, gain(" Herr Müller kommt"), 1e-9);
        assertEquals(5, gain(" Herr Muller kommt"), 1e-9);
    }

    @Test
    void whatIsLentIsTakenBackWhereThePhraseBreaksOff() {
        int[] tokens = TinyDecoder.TOKENIZER.encode(" gene");
        PhraseGain.State state = gain.begin();
        for (int token : tokens) {
            state = gain.next(state, token);
        }
        assertTrue(state.gain() > 0 && state.gain() < 4);
        assertEquals(0, gain.end(state).gain(), 1e-9);
    }

    @Test
    void repeatingAPhraseGainsNothing() {
        assertEquals(gain(" the public"), gain(" the public the public public Public"), 1e-9);
        PhraseGain.State state = gain.begin();
        double most = 0;
        for (int token : TinyDecoder.TOKENIZER.encode(" General public general public general pub general public")) {
            state = gain.next(state, token);
            most = Math.max(most, state.gain());
        }
        assertEquals(7, gain.end(state).gain(), 1e-9);
        assertTrue(most <= 12, "at most the sum of the weights");
    }
}
