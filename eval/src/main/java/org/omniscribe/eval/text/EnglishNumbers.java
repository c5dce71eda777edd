package org.omniscribe.eval.text;

import static org.omniscribe.eval.text.PythonText.END;
import static org.omniscribe.eval.text.PythonText.SPACE;
import static org.omniscribe.eval.text.PythonText.START;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes spelled-out English numbers in digits as OpenAI's Whisper normaliser does: {@code twenty five million dollars}
 * becomes {@code $25000000}, {@code one oh one} {@code 101}, {@code seventy first} {@code 71st}.
 *
 * <p>The rules are those of the program, the surprising ones too: {@code one} alone stays a word, {@code 1.5} becomes
 * {@code one.5}, and a {@code point} that no digit follows is dropped when another number word does.
 */
final class EnglishNumbers {
    private static final String ONES =
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
                    + " fifteen sixteen seventeen eighteen nineteen";
    private static final String TENS = "twenty thirty forty fifty sixty seventy eighty ninety";
    private static final String POWERS = "thousand million billion trillion quadrillion quintillion sextillion"
            + " septillion octillion nonillion decillion";
    private static final BigInteger TEN = BigInteger.TEN;
    private static final BigInteger HUNDRED = BigInteger.valueOf(100);
    private static final BigInteger THOUSAND = BigInteger.valueOf(1000);

    private static final Set<String> ZEROS = Set.of("o", "oh", "zero");
    private static final Map<String, Integer> UNITS = new HashMap<>();
    private static final Map<String, Integer> TIES = new HashMap<>();
    private static final Map<String, BigInteger> MULTIPLIERS = new HashMap<>();
    /** Words that end a number: plurals and ordinals, with the ending to write. */
    private static final Map<String, Ending> ENDINGS = new HashMap<>();

    private static final Map<String, String> SIGNS_BEFORE =
            Map.of("minus", "-", "negative", "-", "plus", "+", "positive", "+");
    private static final Map<String, String> SIGNS_AFTER = Map.of(
            "pound", "£", "pounds", "£", "euro", "€", "euros", "€", "dollar", "$", "dollars", "$", "cent", "¢", "cents",
            "¢");
    private static final Set<String> JOINING = Set.of("and", "double", "triple", "point");
    private static final String SIGNS = "-+£€$¢";
    private static final Set<String> WORDS = new HashSet<>();

    private static final Pattern NUMERAL = Pattern.compile("\\p{Nd}+(\\.\\p{Nd}+)?");
    private static final Pattern FRACTION = Pattern.compile("\\p{Nd}+\\.?|\\p{Nd}*\\.\\p{Nd}+");
    private static final Pattern HALF = Pattern.compile(START + "and" + SPACE + "+a" + SPACE + "+half" + END);
    private static final Pattern LETTER_DIGIT = Pattern.compile("([a-z])([0-9])");
    private static final Pattern DIGIT_LETTER = Pattern.compile("([0-9])([a-z])");
    private static final Pattern LOOSE_ENDING = Pattern.compile("([0-9])" + SPACE + "+(st|nd|rd|th|s)" + END);
    private static final Pattern AND_CENTS = Pattern.compile("([€£$])([0-9]+) (?:and )?¢([0-9]{1,2})" + END);
    private static final Pattern ONLY_CENTS = Pattern.compile("[€£$]0.([0-9]{1,2})" + END);
    private static final Pattern ONE = Pattern.compile(START + "1(s?)" + END);

    /** What a word at the end of a number adds to it: a unit, a ten or a multiplier, and letters. */
    private record Ending(Kind kind, BigInteger value, String letters) {}

    private enum Kind {
        UNIT,
        TIE,
        MULTIPLIER
    }

    static {
        int n = 0;
        for (String word : ONES.split(" ")) {
            UNITS.put(word, ++n);
            ending(word.equals("six") ? "sixes" : word + "s", Kind.UNIT, n, "s");
            if (n > 3 && n != 5 && n != 12) {
                ending(word + (word.endsWith("t") ? "h" : "th"), Kind.UNIT, n, "th");
            }
        }
        ending("zeroth", Kind.UNIT, 0, "th");
        ending("first", Kind.UNIT, 1, "st");
        ending("second", Kind.UNIT, 2, "nd");
        ending("third", Kind.UNIT, 3, "rd");
        ending("fifth", Kind.UNIT, 5, "th");
        ending("twelfth", Kind.UNIT, 12, "th");
        n = 10;
        for (String word : TENS.split(" ")) {
            n += 10;
            TIES.put(word, n);
            ending(word.replace("y", "ies"), Kind.TIE, n, "s");
            ending(word.replace("y", "ieth"), Kind.TIE, n, "th");
        }
        MULTIPLIERS.put("hundred", HUNDRED);
        BigInteger power = BigInteger.ONE;
        for (String word : POWERS.split(" ")) {
            power = power.multiply(THOUSAND);
            MULTIPLIERS.put(word, power);
        }
        MULTIPLIERS.forEach((word, value) -> {
            ENDINGS.put(word + "s", new Ending(Kind.MULTIPLIER, value, "s"));
            ENDINGS.put(word + "th", new Ending(Kind.MULTIPLIER, value, "th"));
        });
        WORDS.addAll(ZEROS);
        WORDS.addAll(UNITS.keySet());
        WORDS.addAll(TIES.keySet());
        WORDS.addAll(MULTIPLIERS.keySet());
        WORDS.addAll(ENDINGS.keySet());
        WORDS.addAll(SIGNS_BEFORE.keySet());
        WORDS.addAll(SIGNS_AFTER.keySet());
        WORDS.addAll(JOINING);
        WORDS.add("per");
        WORDS.add("percent");
    }

    private final List<String> words;
    private final List<String> out = new ArrayList<>();
    /** A sign that the next number to be written gets. */
    private String sign = "";
    /** The number so far if it is a whole one; at most one of this and {@link #digits} is there. */
    private BigInteger whole;
    /** The number so far if it is a string of digits that no longer adds up, or has a point. */
    private String digits;

    private EnglishNumbers(List<String> words) {
        this.words = words;
    }

    private static void ending(String word, Kind kind, int value, String letters) {
        ENDINGS.put(word, new Ending(kind, BigInteger.valueOf(value), letters));
    }

    /**
     * Writes the numbers of a text in digits.
     *
     * @param text lower case, without punctuation but for the period, percent and currency signs of numerals
     * @return words with single spaces between them
     */
    static String normalize(String text) {
        List<String> words = PythonText.split(prepare(text));
        EnglishNumbers numbers = new EnglishNumbers(words);
        numbers.run();
        return finish(String.join(" ", numbers.out));
    }

    /** Halves as decimals, digits parted from letters, and endings such as {@code th} put back. */
    private static String prepare(String text) {
        String[] segments = HALF.split(text, -1);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < segments.length; i++) {
            List<String> segment = PythonText.split(segments[i]);
            if (segment.isEmpty()) {
                continue;
            }
            parts.add(segments[i]);
            if (i < segments.length - 1) {
                String last = segment.get(segment.size() - 1);
                parts.add(decimal(last) || MULTIPLIERS.containsKey(last) ? "point five" : "and a half");
            }
        }
        String joined = String.join(" ", parts);
        joined = LETTER_DIGIT.matcher(joined).replaceAll("$1 $2");
        joined = DIGIT_LETTER.matcher(joined).replaceAll("$1 $2");
        return LOOSE_ENDING.matcher(joined).replaceAll("$1$2");
    }

    /** {@code $2 and ¢7} as {@code $2.07}, {@code $0.07} as {@code ¢7}, {@code 1} as {@code one}. */
    private static String finish(String text) {
        String merged = AND_CENTS.matcher(text).replaceAll(m -> {
            String cents = m.group(3);
            return Matcher.quoteReplacement(m.group(1) + m.group(2) + "." + (cents.length() < 2 ? "0" + cents : cents));
        });
        merged = ONLY_CENTS.matcher(merged).replaceAll(m -> "¢" + Integer.parseInt(m.group(1)));
        return ONE.matcher(merged).replaceAll("one$1");
    }

    private void run() {
        for (int i = 0; i < words.size(); i++) {
            String previous = i > 0 ? words.get(i - 1) : "";
            String next = i + 1 < words.size() ? words.get(i + 1) : "";
            if (word(previous, words.get(i), next)) {
                i++;
            }
        }
        flush();
    }

    /**
     * Takes one word.
     *
     * @param previous the word before; empty at the start
     * @param next the word after; empty at the end
     * @return whether the word after is used up too
     */
    private boolean word(String previous, String word, String next) {
        boolean signed = SIGNS.indexOf(word.charAt(0)) >= 0;
        String bare = signed ? word.substring(1) : word;
        boolean nextNumber = WORDS.contains(next) || NUMERAL.matcher(next).matches();
        if (NUMERAL.matcher(bare).matches()) {
            numeral(word, bare, signed);
        } else if (!WORDS.contains(word)) {
            flush();
            write(word);
        } else if (ZEROS.contains(word)) {
            digits(text() + "0");
        } else if (UNITS.containsKey(word)) {
            unit(previous, BigInteger.valueOf(UNITS.get(word)));
        } else if (TIES.containsKey(word)) {
            tie(BigInteger.valueOf(TIES.get(word)));
        } else if (MULTIPLIERS.containsKey(word)) {
            multiply(MULTIPLIERS.get(word));
        } else if (ENDINGS.containsKey(word)) {
            end(previous, ENDINGS.get(word));
        } else if (SIGNS_BEFORE.containsKey(word)) {
            flush();
            if (nextNumber) {
                sign = SIGNS_BEFORE.get(word);
            } else {
                write(word);
            }
        } else if (SIGNS_AFTER.containsKey(word)) {
            if (started()) {
                sign = SIGNS_AFTER.get(word);
                flush();
            } else {
                write(word);
            }
        } else if (word.equals("percent") || word.equals("per")) {
            return percent(word, next);
        } else {
            return join(previous, word, next, nextNumber);
        }
        return false;
    }

    private void numeral(String word, String bare, boolean signed) {
        if (digits != null && digits.endsWith(".")) {
            // Decimals, or the parts of an address.
            digits += word;
            return;
        }
        flush();
        if (signed) {
            sign = word.substring(0, 1);
        }
        BigDecimal value = new BigDecimal(bare);
        if (value.stripTrailingZeros().scale() <= 0) {
            whole(value.toBigIntegerExact());
        } else {
            digits(bare);
        }
    }

    private void unit(String previous, BigInteger unit) {
        if (!started()) {
            whole(unit);
        } else if (digits != null || UNITS.containsKey(previous)) {
            digits(appended(previous, unit));
        } else if (fits(unit)) {
            whole(whole.add(unit));
        } else {
            digits(text(whole) + unit);
        }
    }

    private void tie(BigInteger tie) {
        if (!started()) {
            whole(tie);
        } else if (digits == null && divides(HUNDRED)) {
            whole(whole.add(tie));
        } else {
            digits(soFar() + tie);
        }
    }

    private void multiply(BigInteger multiplier) {
        if (!started()) {
            whole(multiplier);
        } else if (digits != null || whole.signum() == 0) {
            BigInteger product = product(multiplier);
            if (product == null) {
                flush();
            }
            whole(product == null ? multiplier : product);
        } else {
            whole(scaled(multiplier));
        }
    }

    private void end(String previous, Ending ending) {
        BigInteger value = ending.value();
        String number;
        switch (ending.kind()) {
            case UNIT -> {
                if (!started()) {
                    number = value.toString();
                } else if (digits != null || UNITS.containsKey(previous)) {
                    number = appended(previous, value);
                } else {
                    number = fits(value) ? whole.add(value).toString() : text(whole) + value;
                }
            }
            case TIE -> {
                if (!started()) {
                    number = value.toString();
                } else {
                    number = digits == null && divides(HUNDRED)
                            ? whole.add(value).toString()
                            : soFar() + value;
                }
            }
            default -> {
                if (!started()) {
                    number = value.toString();
                } else if (digits == null) {
                    number = scaled(value).toString();
                } else {
                    BigInteger product = product(value);
                    if (product == null) {
                        flush();
                    }
                    number = (product == null ? value : product).toString();
                }
            }
        }
        write(number + ending.letters());
    }

    /** A unit behind a string of digits; behind a ten it takes the place of the ten's zero. */
    private String appended(String previous, BigInteger unit) {
        String before = soFar();
        boolean inPlace = TIES.containsKey(previous) && unit.compareTo(TEN) < 0;
        return (inPlace ? before.substring(0, before.length() - 1) : before) + unit;
    }

    private boolean percent(String word, String next) {
        boolean two = word.equals("per");
        if (!started()) {
            write(word);
        } else if (two && !next.equals("cent")) {
            flush();
            write(word);
        } else {
            write(soFar() + "%");
            return two;
        }
        return false;
    }

    private boolean join(String previous, String word, String next, boolean nextNumber) {
        if (!nextNumber) {
            flush();
            write(word);
        } else if (word.equals("and")) {
            // After hundreds and thousands it is part of the number.
            if (!MULTIPLIERS.containsKey(previous)) {
                flush();
                write(word);
            }
        } else if (word.equals("point")) {
            if (decimal(next) || NUMERAL.matcher(next).matches()) {
                digits(text() + ".");
            }
        } else if (UNITS.containsKey(next) || ZEROS.contains(next)) {
            digits(text() + String.valueOf(UNITS.getOrDefault(next, 0)).repeat(word.equals("double") ? 2 : 3));
            return true;
        } else {
            flush();
            write(word);
        }
        return false;
    }

    private static boolean decimal(String word) {
        return UNITS.containsKey(word) || TIES.containsKey(word) || ZEROS.contains(word);
    }

    private boolean started() {
        return whole != null || digits != null;
    }

    private void whole(BigInteger value) {
        whole = value;
        digits = null;
    }

    private void digits(String value) {
        digits = value;
        whole = null;
    }

    /** The number so far as text. */
    private String soFar() {
        return digits != null ? digits : text(whole);
    }

    /** The number so far as text; nothing for a whole zero, which counts as no number here. */
    private String text() {
        return !started() || whole != null && whole.signum() == 0 ? "" : soFar();
    }

    private static String text(BigInteger value) {
        return value.toString();
    }

    private boolean divides(BigInteger divisor) {
        return whole.mod(divisor).signum() == 0;
    }

    /** Whether a unit finds zeros to take the place of: one for a digit, two for eleven to nineteen. */
    private boolean fits(BigInteger unit) {
        return divides(unit.compareTo(TEN) < 0 ? TEN : HUNDRED);
    }

    /** The number so far times a multiplier; null if that is no whole number or there are two points. */
    private BigInteger product(BigInteger multiplier) {
        String number = soFar();
        if (!FRACTION.matcher(number).matches()) {
            return null;
        }
        BigDecimal product = new BigDecimal(number).multiply(new BigDecimal(multiplier));
        return product.stripTrailingZeros().scale() <= 0 ? product.toBigIntegerExact() : null;
    }

    /** The part below a thousand times the multiplier; what is above it stays. */
    private BigInteger scaled(BigInteger multiplier) {
        BigInteger[] parts = whole.divideAndRemainder(THOUSAND);
        return parts[0].multiply(THOUSAND).add(parts[1].multiply(multiplier));
    }

    /** Writes the number so far if there is one. */
    private void flush() {
        if (started()) {
            write(soFar());
        }
    }

    /** Writes a word or number with the sign that waits, and starts anew. */
    private void write(String text) {
        out.add(sign + text);
        sign = "";
        whole = null;
        digits = null;
    }
}
