package org.omniscribe.eval.text;

/** Changes nothing but white space: case and punctuation count. */
public final class NoNormalizer implements Normalizer {
    @Override
    public String name() {
        return "none";
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public String normalize(String text) {
        return String.join(" ", text.strip().split("\\s+"));
    }
}
