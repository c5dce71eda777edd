package org.omniscribe.datasets;

import java.util.List;
import java.util.Map;

/**
 * How NIST scores a test set that it wrote the references of: with choices, and by the rules of a global map file.
 *
 * @param texts what was said by utterance id, in NIST's notation: <code>{ a / b / @ }</code> is a choice, {@code (word)} may be
 *     left out, and {@code th-} is a fragment; empty if the corpus has none
 * @param glm name of the global map file; empty if there is none
 * @param rules the lines of that file
 */
public record NistReferences(Map<String, String> texts, String glm, List<String> rules) {
    /** Of corpora that NIST did not write the references of. */
    public static final NistReferences NONE = new NistReferences(Map.of(), "", List.of());

    /** Copies the texts and rules. */
    public NistReferences {
        texts = Map.copyOf(texts);
        rules = List.copyOf(rules);
    }
}
