package org.omniscribe.eval.report;

import java.util.List;
import java.util.Objects;
import org.omniscribe.eval.run.SetResult;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.text.Normalizer;

/**
 * The figures of one evaluation and what makes them comparable with others.
 *
 * @param model name of the model
 * @param normalizer what all texts went through
 * @param costs how words were aligned
 * @param sets the test sets, in order
 */
public record Report(String model, Normalizer normalizer, EditCosts costs, List<SetResult> sets) {
    /** Copies the sets. */
    public Report {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(normalizer, "normalizer");
        Objects.requireNonNull(costs, "costs");
        sets = List.copyOf(sets);
    }

    /** All sets as one, by the name "all": every utterance counts once, so that large sets weigh more. */
    public SetResult total() {
        return SetResult.pooled("all", sets);
    }
}
