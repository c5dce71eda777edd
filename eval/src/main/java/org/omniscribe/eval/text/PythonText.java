package org.omniscribe.eval.text;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What Python takes for a word character, white space and a symbol; the normalisers that are defined by a Python program
 * need it to the letter, and Java's own classes differ from it in both directions.
 */
final class PythonText {
    /** A class of {@code \w}: letters, numbers of every kind, and the underscore, but no marks. */
    static final String WORD = "[\\p{L}\\p{N}_]";
    /** A class of {@code \s}, which holds the four separators of ASCII. */
    static final String SPACE = "[\\s\\x1c-\\x1f\\x85\\p{Z}]";
    /** {@code \b} before a word character. */
    static final String START = "(?<!" + WORD + ")";
    /** {@code \b} after a word character. */
    static final String END = "(?!" + WORD + ")";

    private static final Pattern SPACES = Pattern.compile(SPACE + "+");

    /** Letters that compatibility decomposition leaves whole. */
    private static final Map<Integer, String> LIGATURES = Map.ofEntries(
            Map.entry((int) 'œ', "oe"),
            Map.entry((int) 'Œ', "OE"),
            Map.entry((int) 'ø', "o"),
            Map.entry((int) 'Ø', "O"),
            Map.entry((int) 'æ', "ae"),
            Map.entry((int) 'Æ', "AE"),
            Map.entry((int) 'ß', "ss"),
            Map.entry((int) 'ẞ', "SS"),
            Map.entry((int) 'đ', "d"),
            Map.entry((int) 'Đ', "D"),
            Map.entry((int) 'ð', "d"),
            Map.entry((int) 'Ð', "D"),
            Map.entry((int) 'þ', "th"),
            Map.entry((int) 'Þ', "th"),
            Map.entry((int) 'ł', "l"),
            Map.entry((int) 'Ł', "L"));

    private PythonText() {}

    /** The words between white space, none of them empty. */
    static List<String> split(String text) {
        return Arrays.stream(SPACES.split(text)).filter(w -> !w.isEmpty()).toList();
    }

    /** One space for each run of white space, none at the ends. */
    static String squeeze(String text) {
        return String.join(" ", split(text));
    }

    /** Each word replaced by what the table has for it. */
    static String replaceWords(String text, Map<String, String> table) {
        return split(text).stream().map(w -> table.getOrDefault(w, w)).collect(Collectors.joining(" "));
    }

    /** Compatibility forms and accents taken apart; accents dropped, marks, punctuation and symbols made spaces. */
    static String withoutSymbols(String text, Predicate<Integer> kept) {
        StringBuilder plain = new StringBuilder(text.length());
        java.text.Normalizer.normalize(text, java.text.Normalizer.Form.NFKD)
                .codePoints()
                .forEach(c -> {
                    if (kept.test(c)) {
                        plain.appendCodePoint(c);
                    } else if (LIGATURES.containsKey(c)) {
                        plain.append(LIGATURES.get(c));
                    } else if (symbol(c)) {
                        plain.append(' ');
                    } else if (Character.getType(c) != Character.NON_SPACING_MARK) {
                        plain.appendCodePoint(c);
                    }
                });
        return plain.toString();
    }

    /** Whether a code point is a letter or a number of any kind. */
    static boolean alphanumeric(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER,
                    Character.OTHER_NUMBER -> true;
            default -> false;
        };
    }

    private static boolean symbol(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION,
                    Character.MATH_SYMBOL,
                    Character.CURRENCY_SYMBOL,
                    Character.MODIFIER_SYMBOL,
                    Character.OTHER_SYMBOL -> true;
            default -> false;
        };
    }
}
