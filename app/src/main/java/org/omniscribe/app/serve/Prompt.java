package org.omniscribe.app.serve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.omniscribe.asr.decode.Hotwords;
import org.omniscribe.asr.decode.Hotwords.Hotword;

/**
 * The words of a prompt as hot words. Names count most: words with a capital letter that do not begin a sentence. Words that
 * are in every text do not count, as they would be written where nobody said them.
 */
final class Prompt {
    /** Of a long prompt the end counts, as in OpenAI's interface. */
    private static final int MAX_WORDS = 200;

    private static final double OF_NAMES = Hotwords.DEFAULT_WEIGHT;
    private static final double OF_WORDS = 2;
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z'\u2019-]*[A-Za-z]");
    private static final Set<String> EVERYWHERE = Set.of(
            ("about after all also am an and any are as at be because been before being between both but by can could did do"
                            + " does for from get go had has have he her here him his how i'm if in into is it it's its"
                            + " just know like me more most my no not now of off on one only or other our out over own"
                            + " said say see she so some such than that that's the their them then there these they"
                            + " this those to too under up us very was way we well were what when where which while who"
                            + " why will with would yes you your")
                    .split(" "));

    private Prompt() {}

    /** What a prompt makes likelier; empty if that is nothing. */
    static Optional<Hotwords> hotwords(String prompt) {
        Map<String, Double> weights = new LinkedHashMap<>();
        Matcher words = WORD.matcher(prompt);
        int end = 0;
        while (words.find()) {
            String before = prompt.substring(end, words.start());
            boolean begins = end == 0 && before.isBlank() || before.matches("(?s).*[.!?:\n].*");
            String word = words.group().replace('\u2019', '\'');
            String small = word.toLowerCase(Locale.ROOT);
            boolean name =
                    !begins && !word.equals(small) || word.substring(1).chars().anyMatch(Character::isUpperCase);
            if (!EVERYWHERE.contains(small)) {
                weights.merge(small, name ? OF_NAMES : OF_WORDS, Math::max);
            }
            end = words.end();
        }
        List<Hotword> all = new ArrayList<>();
        weights.forEach((word, weight) -> all.add(new Hotword(word, weight)));
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(new Hotwords(all.subList(Math.max(0, all.size() - MAX_WORDS), all.size())));
    }
}
