package org.omniscribe.eval.text;

import static org.omniscribe.eval.text.PythonText.END;
import static org.omniscribe.eval.text.PythonText.SPACE;
import static org.omniscribe.eval.text.PythonText.START;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Open ASR Leaderboard's variant of {@link WhisperEnglishNormalizer} (huggingface/open_asr_leaderboard at d1e99b2,
 * {@code normalizer/normalizer.py}), written anew from its behaviour, without its table of first names.
 *
 * <p>It knows more fillers; {@code 's} becomes {@code is} only after {@code it, he, she, what, that} and the like;
 * letters that stand alone are joined ({@code b b c} to {@code bbc}), and so are compounds such as {@code wi fi}. The
 * leaderboard also takes some 150 spellings of first names for one another ({@code stephen} and {@code steven}); here
 * they differ.
 */
public final class OpenAsrNormalizer implements Normalizer {
    private static final EnglishRules.Rule FILLERS =
            EnglishRules.fillers("hmm|mm|mhm|mmm|uh|um|ah|aha|ahh|ahm|eh|ehehe|em|hm|huh|hum|mhum|uhm|umm|uhuh");
    private static final EnglishRules.Rule IS = new EnglishRules.Rule(
            START + "(it|he|she|what|that|who|here|there|how|when|where|why|this)'s" + END, "$1 is");
    private static final List<EnglishRules.Rule> COMPOUNDS = List.of(
            compound("etc", "et", "cetera"),
            compound("alright", "al", "right"),
            compound("alright", "all", "right"),
            compound("however", "how", "ever"),
            compound("wifi", "wi", "fi"),
            compound("hifi", "hi", "fi"),
            compound("lofi", "lo", "fi"),
            compound("scifi", "sci", "fi"),
            compound("email", "e", "mail"),
            compound("ebook", "e", "book"),
            compound("ecommerce", "e", "commerce"),
            compound("xray", "x", "ray"),
            compound("tshirt", "t", "shirt"),
            compound("am", "a", "m"),
            compound("pm", "p", "m"),
            compound("okay", "o", "k"));
    private static final Map<String, String> SPELLINGS = Spellings.openAsr();

    @Override
    public String name() {
        return "open-asr";
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public String normalize(String text) {
        String expanded = EnglishRules.apply(COMPOUNDS, EnglishRules.expand(text, FILLERS, IS));
        String spelled = PythonText.replaceWords(EnglishNumbers.normalize(expanded), SPELLINGS);
        return EnglishRules.clean(acronyms(PythonText.split(spelled)));
    }

    /** Joins runs of single letters and digits; a run with the words {@code a} or {@code i} only from three on. */
    private static String acronyms(List<String> words) {
        List<String> joined = new ArrayList<>();
        int i = 0;
        while (i < words.size()) {
            int end = i;
            while (end < words.size() && single(words.get(end))) {
                end++;
            }
            List<String> run = words.subList(i, Math.max(end, i + 1));
            int least = run.contains("a") || run.contains("i") ? 3 : 2;
            if (run.size() >= least) {
                joined.add(String.join("", run));
            } else {
                joined.addAll(run);
            }
            i += run.size();
        }
        return String.join(" ", joined);
    }

    private static boolean single(String word) {
        return word.codePointCount(0, word.length()) == 1 && PythonText.alphanumeric(word.codePointAt(0));
    }

    private static EnglishRules.Rule compound(String joined, String first, String second) {
        return new EnglishRules.Rule(START + first + SPACE + "+" + second + END, joined);
    }
}
