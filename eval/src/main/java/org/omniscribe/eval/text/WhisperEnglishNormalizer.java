package org.omniscribe.eval.text;

import static org.omniscribe.eval.text.PythonText.END;

import java.util.Map;

/**
 * What OpenAI measures Whisper's English error rates with, and with it most of the field: its
 * {@code EnglishTextNormalizer} (openai/whisper at c0d2f62, {@code whisper/normalizers/english.py}), written anew from
 * its behaviour.
 *
 * <p>Case, remarks in brackets, fillers ({@code hmm mm mhm mmm uh um}) and punctuation go; contractions and titles are
 * written in full, numbers in digits, British spellings as American. Every {@code 's} becomes {@code is}, so that
 * {@code john's} is two words. Outputs are equal to the original's, but for white space at either end and for which
 * form of a Greek sigma a capital beside a hyphen becomes.
 */
public final class WhisperEnglishNormalizer implements Normalizer {
    private static final EnglishRules.Rule FILLERS = EnglishRules.fillers("hmm|mm|mhm|mmm|uh|um");
    private static final EnglishRules.Rule IS = new EnglishRules.Rule("'s" + END, " is");
    private static final Map<String, String> SPELLINGS = Spellings.whisper();

    @Override
    public String name() {
        return "whisper-en";
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public String normalize(String text) {
        String numbers = EnglishNumbers.normalize(EnglishRules.expand(text, FILLERS, IS));
        return EnglishRules.clean(PythonText.replaceWords(numbers, SPELLINGS));
    }
}
