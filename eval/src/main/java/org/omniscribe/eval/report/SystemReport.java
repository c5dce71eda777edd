package org.omniscribe.eval.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.omniscribe.eval.run.Outcome;
import org.omniscribe.eval.run.SetResult;
import org.omniscribe.eval.run.SystemInfo;
import org.omniscribe.eval.score.MacroAverage;

/**
 * All figures of one system.
 *
 * @param info the system
 * @param results what became of each set of the report, in its order
 * @param figures the figures of each set, in the same order
 * @param total the figures of all sets pooled
 */
public record SystemReport(SystemInfo info, List<SetResult> results, List<Figures> figures, Figures total) {
    /** Copies the lists. */
    public SystemReport {
        results = List.copyOf(results);
        figures = List.copyOf(figures);
        if (results.size() != figures.size()) {
            throw new IllegalArgumentException(results.size() + " results and " + figures.size() + " figures");
        }
    }

    /** Word error rates by benchmark, fractions; those that are not all recognised have none. */
    public Map<String, Double> rates() {
        Map<String, Double> rates = new HashMap<>();
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i).set().benchmark() && results.get(i).pending().isEmpty()) {
                rates.put(results.get(i).name(), figures.get(i).score().wer());
            }
        }
        return rates;
    }

    /** The columns of the published tables that the system lacks. */
    public List<String> missingColumns() {
        return MacroAverage.missing(rates());
    }

    /** The average over all eleven columns, a fraction; empty if one is missing. */
    public OptionalDouble average() {
        return missingColumns().isEmpty() ? OptionalDouble.of(MacroAverage.of(rates())) : OptionalDouble.empty();
    }

    /** All utterances that were scored, set by set. */
    public List<Outcome.Scored> scored() {
        return results.stream().flatMap(r -> r.scored().stream()).toList();
    }
}
