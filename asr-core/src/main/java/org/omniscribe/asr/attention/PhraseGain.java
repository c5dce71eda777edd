package org.omniscribe.asr.attention;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import org.omniscribe.asr.decode.Hotwords;
import org.omniscribe.asr.token.ByteLevelTokenizer;
import org.omniscribe.asr.token.Utf8;

/**
 * What a text gains by the hot words in it. Phrases are followed letter by letter, so it does not matter into which tokens
 * they are divided, whether a space or a mark comes before them, or how they are capitalised.
 *
 * <p><b>Bound.</b> A phrase gains its weight once in a window, and while it is being written part of it is lent, as long as
 * it has not been gained; so the gain of a text is at most the sum of the weights above 0, however long it is, and writing a
 * phrase again gains nothing. A loop therefore never pays: from the second copy on, every token costs what the model says.
 */
final class PhraseGain {
    private static final byte[] NOTHING = {};

    /**
     * Where a text stands.
     *
     * @param state of the automaton
     * @param gained phrases that it has gained
     * @param gain with what is lent
     * @param open bytes at its end that are part of a character
     */
    record State(int state, Gained gained, double gain, byte[] open) {}

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
        return new State(hotwords.next(Hotwords.START, ' '), null, 0, NOTHING);
    }

    /** The state after one more token. */
    State next(State from, int token) {
        if (from.open.length == 0 && letters[token] != null) {
            return follow(from, letters[token], NOTHING);
        }
        byte[] own = tokenizer.bytes(token);
        byte[] bytes = Arrays.copyOf(from.open, from.open.length + own.length);
        System.arraycopy(own, 0, bytes, from.open.length, own.length);
        Utf8 characters = new Utf8().add(bytes);
        String found = letters(characters.text());
        if (from.open.length == 0 && characters.whole()) {
            letters[token] = found;
        }
        return follow(from, found, characters.whole() ? NOTHING : lastCharacter(bytes));
    }

    /** The state at the end of a text, where the last word is whole. */
    State end(State from) {
        return follow(from, " ", NOTHING);
    }

    /** The bytes from the last one on that begins a character. */
    private static byte[] lastCharacter(byte[] bytes) {
        int at = bytes.length - 1;
        while (at > 0 && (bytes[at] & 0xC0) == 0x80) {
            at--;
        }
        return Arrays.copyOfRange(bytes, at, bytes.length);
    }

    /** A text as phrases have it: small letters without accents, and spaces for marks that are in no phrase. */
    private String letters(String text) {
        StringBuilder mapped = new StringBuilder();
        String plain = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD);
        plain.codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .forEach(c -> {
                    boolean part = Character.isLetterOrDigit(c) || c == '\'' || c <= 0xFFFF && hotwords.knows((char) c);
                    mapped.appendCodePoint(part && !Character.isWhitespace(c) ? c : ' ');
                });
        return mapped.toString();
    }

    private State follow(State from, String text, byte[] open) {
        int state = from.state;
        Gained gained = from.gained;
        double earned = from.gain - lent(state, gained);
        for (int i = 0; i < text.length(); i++) {
            state = hotwords.next(state, text.charAt(i));
            for (int phrase : hotwords.ended(state)) {
                if (!Gained.has(gained, phrase)) {
                    gained = new Gained(phrase, gained);
                    double weight = hotwords.phrases().get(phrase).weight();
                    earned += Math.min(Hotwords.EFFECTIVE_WEIGHT, weight);
                }
            }
        }
        return new State(state, gained, earned + lent(state, gained), open);
    }

    private double lent(int state, Gained gained) {
        int lender = hotwords.lender(state);
        return lender < 0 || Gained.has(gained, lender) ? 0 : hotwords.lent(state);
    }
}
