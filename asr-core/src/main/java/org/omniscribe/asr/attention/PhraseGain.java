package org.omniscribe.asr.attention;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.omniscribe.asr.decode.Hotwords;
import org.omniscribe.asr.token.ByteLevelTokenizer;

/**
 * What a text gains by the hot words in it. Phrases are followed letter by letter, so it does not matter into which tokens
 * they are divided, whether a space or a mark comes before them, or how they are capitalised.
 *
 * <p><b>Bound.</b> A phrase gains its weight once in a window, and while it is being written part of it is lent, as long as
 * it has not been gained; so the gain of a text is at most the sum of the weights above 0, however long it is, and writing a
 * phrase again gains nothing. A loop therefore never pays: from the second copy on, every token costs what the model says.
 */
final class PhraseGain {
    /** Where a text stands: the state of the automaton, the phrases it has gained, and the gain with what is lent. */
    record State(int state, Gained gained, double gain) {}

    /** Phrases that have been gained, the last one first. */
    private record Gained(int phrase, Gained before) {
        static boolean has(Gained list, int phrase) {
            for (Gained g = list; g != null; g = g.before) {
                if (g.phrase == phrase) {
                    return true;
                }
            }
            return false;
        }
    }

    private final Hotwords hotwords;
    private final ByteLevelTokenizer tokenizer;
    private final String[] letters;

    PhraseGain(Hotwords hotwords, ByteLevelTokenizer tokenizer) {
        this.hotwords = hotwords;
        this.tokenizer = tokenizer;
        letters = new String[tokenizer.size()];
    }

    /** The state of an empty text, before which a space may be thought. */
    State begin() {
        return new State(hotwords.next(Hotwords.START, ' '), null, 0);
    }

    /** The state after one more token. */
    State next(State from, int token) {
        return follow(from, letters(token));
    }

    /** The state at the end of a text, where the last word is whole. */
    State end(State from) {
        return follow(from, " ");
    }

    /** The letters of a token as phrases have them; bytes that are part of a letter only are no letter of any phrase. */
    private String letters(int token) {
        String found = letters[token];
        if (found == null) {
            String text = new String(tokenizer.bytes(token), StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
            StringBuilder mapped = new StringBuilder();
            text.codePoints().forEach(c -> {
                boolean part = Character.isLetterOrDigit(c) || c == '\'' || c > 0xFFFF || hotwords.knows((char) c);
                mapped.appendCodePoint(part && !Character.isWhitespace(c) ? c : ' ');
            });
            found = mapped.toString();
            letters[token] = found;
        }
        return found;
    }

    private State follow(State from, String text) {
        int state = from.state;
        Gained gained = from.gained;
        double earned = from.gain - lent(state, gained);
        for (int i = 0; i < text.length(); i++) {
            state = hotwords.next(state, text.charAt(i));
            for (int phrase : hotwords.ended(state)) {
                if (!Gained.has(gained, phrase)) {
                    gained = new Gained(phrase, gained);
                    earned += hotwords.phrases().get(phrase).weight();
                }
            }
        }
        return new State(state, gained, earned + lent(state, gained));
    }

    private double lent(int state, Gained gained) {
        int lender = hotwords.lender(state);
        return lender < 0 || Gained.has(gained, lender) ? 0 : hotwords.lent(state);
    }
}
