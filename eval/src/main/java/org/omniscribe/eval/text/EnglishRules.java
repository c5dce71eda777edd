package org.omniscribe.eval.text;

import static org.omniscribe.eval.text.PythonText.END;
import static org.omniscribe.eval.text.PythonText.SPACE;
import static org.omniscribe.eval.text.PythonText.START;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The steps that {@link WhisperEnglishNormalizer} and {@link OpenAsrNormalizer} have in common. */
final class EnglishRules {
    /** A replacement of all matches of a pattern, with {@code $1} for its first group. */
    record Rule(Pattern pattern, String replacement) {
        Rule(String pattern, String replacement) {
            this(Pattern.compile(pattern), replacement);
        }

        String apply(String text) {
            return pattern.matcher(text).replaceAll(replacement);
        }
    }

    private static final Rule BRACKETS = new Rule("[<\\[][^>\\]]*[>\\]]", "");
    private static final Rule PARENTHESES = new Rule("\\([^)]+?\\)", "");
    private static final Rule LOOSE_APOSTROPHE = new Rule(SPACE + "+'", "'");

    private static final List<Rule> WHOLE_WORDS = pairs(
            START,
            "won't=will not|can't=can not|let's=let us|ain't=aint|y'all=you all|wanna=want to|gotta=got to"
                    + "|gonna=going to|i'ma=i am going to|imma=i am going to|woulda=would have|coulda=could have"
                    + "|shoulda=should have|ma'am=madam"
                    + "|mr=mister |mrs=missus |st=saint |dr=doctor |prof=professor |capt=captain |gov=governor "
                    + "|ald=alderman |gen=general |sen=senator |rep=representative |pres=president |rev=reverend "
                    + "|hon=honorable |asst=assistant |assoc=associate |lt=lieutenant |col=colonel |jr=junior "
                    + "|sr=senior |esq=esquire ");
    private static final List<Rule> PERFECT = pairs(
            "",
            "'d been= had been|'s been= has been|'d gone= had gone|'s gone= has gone|'d done= had done"
                    + "|'s got= has got");
    private static final List<Rule> NOT_AND_ARE = pairs("", "n't= not|'re= are");
    private static final List<Rule> OTHERS = pairs("", "'d= would|'ll= will|'t= not|'ve= have|'m= am");

    /** Commas between digits go, and so do periods that no digit follows. */
    private static final Rule DIGIT_COMMA = new Rule("(\\p{Nd}),(\\p{Nd})", "$1$2");

    private static final Rule PERIOD = new Rule("\\.([^0-9]|\\z)", " $1");
    private static final Rule LOOSE_SIGN = new Rule("[.$¢€£]([^0-9])", " $1");
    private static final Rule LOOSE_PERCENT = new Rule("([^0-9])%", "$1 ");

    private EnglishRules() {}

    /** A rule that deletes whole words. */
    static Rule fillers(String alternatives) {
        return new Rule(START + "(?:" + alternatives + ")" + END, "");
    }

    /**
     * Everything before numbers: lower case, remarks and fillers out, contractions and titles in full, symbols out but
     * those of numbers.
     *
     * @param is what to do with {@code 's}
     */
    static String expand(String text, Rule fillers, Rule is) {
        String plain = text.toLowerCase(Locale.ROOT);
        List<Rule> rules = new ArrayList<>(List.of(BRACKETS, PARENTHESES, fillers, LOOSE_APOSTROPHE));
        rules.addAll(WHOLE_WORDS);
        rules.addAll(PERFECT);
        rules.addAll(NOT_AND_ARE);
        rules.add(is);
        rules.addAll(OTHERS);
        rules.add(DIGIT_COMMA);
        rules.add(PERIOD);
        return PythonText.withoutSymbols(apply(rules, plain), c -> ".%$¢€£".indexOf(c) >= 0);
    }

    /** Takes away signs of numbers that stand at no number, and surplus white space. */
    static String clean(String text) {
        return PythonText.squeeze(LOOSE_PERCENT.apply(LOOSE_SIGN.apply(text)));
    }

    static String apply(List<Rule> rules, String text) {
        String result = text;
        for (Rule rule : rules) {
            result = rule.apply(result);
        }
        return result;
    }

    /** Rules of the form {@code written=meant}, in order; what is written ends at the end of a word. */
    private static List<Rule> pairs(String before, String rules) {
        List<Rule> list = new ArrayList<>();
        for (String rule : rules.split("\\|")) {
            String[] sides = rule.split("=");
            list.add(new Rule(before + sides[0] + END, sides[1]));
        }
        return List.copyOf(list);
    }
}
