package org.omniscribe.eval.text;

/**
 * Brings references and hypotheses into one spelling before they are compared.
 *
 * <p>An error rate means little without the normaliser it was measured with, so each has a name and a version, which
 * are printed beside every rate. Implementations are immutable and safe for use by many threads.
 */
public interface Normalizer {
    /** Short name in lower case, as typed on the command line. */
    String name();

    /** Grows whenever the output for any text changes, so that equal versions mean comparable rates. */
    String version();

    /**
     * Normalises a text.
     *
     * @param text a transcript as published or recognised; may be empty
     * @return words with single spaces between them; empty if nothing of the text counts
     */
    String normalize(String text);

    /**
     * Whether choices, words that may be left out, fragments and the rules of a global map file count where NIST wrote the
     * references; otherwise one plain reading is the reference.
     */
    default boolean takesNotation() {
        return false;
    }

    /**
     * The one for a test set, if sets have rules of their own.
     *
     * @param set name of one of the eleven test sets, such as {@code ami-ihm}; of any other the common rules hold
     */
    default Normalizer forSet(String set) {
        return this;
    }
}
