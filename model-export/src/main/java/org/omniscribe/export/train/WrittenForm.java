package org.omniscribe.export.train;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Transcripts as an attention decoder writes them: with capitals and punctuation. Many corpora have neither; a decoder that
 * read such texts would take them for unlikely at every word, and a teacher's distributions would be about letters instead
 * of words. So what is written in one case only becomes a sentence: a capital at the start, "I", a full stop at the end.
 */
final class WrittenForm {
    private static final Pattern I = Pattern.compile("\\bi(?=$|[\\s,.?!;:]|'(m|ve|ll|d|re)\\b)");

    private WrittenForm() {}

    /**
     * A transcript in sentence case.
     *
     * @param text of any case, trimmed
     * @return the text as it is where it has letters of both cases; else as a sentence; empty if it is blank
     */
    static String of(String text) {
        String trimmed = text.strip().replaceAll("\\s+", " ");
        boolean upper = trimmed.chars().anyMatch(Character::isUpperCase);
        boolean lower = trimmed.chars().anyMatch(Character::isLowerCase);
        if (trimmed.isEmpty() || upper && lower) {
            return trimmed;
        }
        String small = I.matcher(trimmed.toLowerCase(Locale.ROOT)).replaceAll("I");
        Matcher letter = Pattern.compile("\\p{L}").matcher(small);
        if (letter.find()) {
            int at = letter.start();
            small = small.substring(0, at)
                    + small.substring(at, at + 1).toUpperCase(Locale.ROOT)
                    + small.substring(at + 1);
        }
        return small.matches(".*[.?!]") ? small : small + ".";
    }
}
