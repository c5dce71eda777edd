package org.omniscribe.eval.text;

/**
 * Compares words as NIST's sclite does when nothing else is asked for: without regard to the case of the letters a to z.
 *
 * <p>Where NIST wrote the references, their choices count, and the rules of their GLM file are applied before, see {@link
 * org.omniscribe.eval.score.Glm}.
 */
public final class NistNormalizer implements Normalizer {
    @Override
    public String name() {
        return "nist";
    }

    @Override
    public String version() {
        return "2";
    }

    @Override
    public boolean takesNotation() {
        return true;
    }

    @Override
    public String normalize(String text) {
        StringBuilder folded = new StringBuilder(Normalizers.NONE.normalize(text));
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.setCharAt(i, (char) (c - 'A' + 'a'));
            }
        }
        return folded.toString();
    }
}
