package org.omniscribe.eval.run;

import java.util.List;
import org.omniscribe.datasets.Utterance;

/**
 * Utterances that get one row in a report.
 *
 * @param name short name, unique in the report
 * @param utterances in the order of their corpus, at least one
 */
public record TestSet(String name, List<Utterance> utterances) {
    /** Checks that there is a name and something to measure. */
    public TestSet {
        utterances = List.copyOf(utterances);
        if (name.isBlank() || utterances.isEmpty()) {
            throw new IllegalArgumentException("a test set needs a name and utterances: \"" + name + "\"");
        }
    }
}
