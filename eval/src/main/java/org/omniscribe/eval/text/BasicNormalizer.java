package org.omniscribe.eval.text;

import java.text.Normalizer.Form;
import java.util.Locale;

/**
 * Lower-case letters a to z, digits and apostrophes; the references of training and the plainest fair comparison.
 *
 * <p>Accents are taken off their letters (Unicode NFKD), typographic apostrophes become {@code '}. Everything else, such
 * as punctuation, hyphens, dashes and white space, parts words: {@code ne-plus-ultra, p.m.} becomes {@code ne plus ultra
 * p m}. An apostrophe stays only beside a letter or digit. Numbers are not spelled out; {@link #spelledOut} finds the
 * transcripts where that matters.
 */
public final class BasicNormalizer implements Normalizer {
    /** What is printed for an apostrophe: quotation marks left and right, the modifier letter, the prime, accents. */
    private static final String APOSTROPHES = "\u2018\u2019\u201B\u02BC\u02B9\u2032\u00B4`\uFF07";
    /** Punctuation that is not heard. Any other sign is read aloud in some way that the transcript does not tell. */
    private static final String SILENT =
            ".,;:!?'\"()-\u2010\u2011\u2012\u2013\u2014\u2015\u2026\u201C\u201D\u201E\u00AB\u00BB";

    @Override
    public String name() {
        return "basic";
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public String normalize(String text) {
        String plain = plain(text);
        StringBuilder kept = new StringBuilder(plain.length());
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            boolean keep =
                    wordCharacter(c) || c == '\'' && (wordCharacter(plain, i - 1) || wordCharacter(plain, i + 1));
            if (keep) {
                kept.append(c);
            } else if (!kept.isEmpty() && kept.charAt(kept.length() - 1) != ' ') {
                kept.append(' ');
            }
        }
        return kept.toString().stripTrailing();
    }

    /**
     * Whether the letters of a transcript say how it sounds, so that a model of characters can be trained on it.
     *
     * @param text a transcript as published
     * @return false if there is a digit, a sign that is read aloud or means something ({@code & % $ @ # * [ ]}), a letter
     *     beyond a to z and its accented forms, a period inside a word ({@code e.g.}, {@code www.example.org}), or no
     *     letter at all
     */
    public boolean spelledOut(String text) {
        String plain = plain(text);
        boolean letters = false;
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            boolean letter = letter(c);
            letters |= letter;
            boolean dot = c == '.'
                    && i > 0
                    && letter(plain.charAt(i - 1))
                    && i + 1 < plain.length()
                    && letter(plain.charAt(i + 1));
            if (dot || !letter && !Character.isWhitespace(c) && SILENT.indexOf(c) < 0) {
                return false;
            }
        }
        return letters;
    }

    /** Lower case, compatibility forms and accents taken apart, marks dropped, apostrophes plain. */
    private static String plain(String text) {
        // Apostrophes go first: NFKD would turn the acute accent into a space and a mark.
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            plain.append(APOSTROPHES.indexOf(c) >= 0 ? '\'' : c);
        }
        return java.text.Normalizer.normalize(plain, Form.NFKD)
                .replaceAll("[\\p{M}\\p{Cf}]", "")
                .toLowerCase(Locale.ROOT);
    }

    private static boolean letter(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean wordCharacter(char c) {
        return letter(c) || c >= '0' && c <= '9';
    }

    private static boolean wordCharacter(String text, int index) {
        return index >= 0 && index < text.length() && wordCharacter(text.charAt(index));
    }
}
