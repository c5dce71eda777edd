package org.omniscribe.eval.text;

/**
 * Compares words as NIST's sclite does when nothing else is asked for: without regard to the case of the letters a to z.
 *
 * <p>Rules of a GLM file are not applied: filter both sides with SCTK's csrfilt before, as its evaluations do.
 */
public final class NistNormalizer implements Normalizer {
    @Override
    public String name() {
        return "nist";
    }

    @Override
    public String version() {
        return "1";
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
