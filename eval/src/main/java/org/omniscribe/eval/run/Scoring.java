package org.omniscribe.eval.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.score.Alignment;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.score.ScoredSet;
import org.omniscribe.eval.text.Normalizer;

/**
 * Compares what systems recognised with the references; nothing is recognised for it.
 *
 * @param normalizer what references and hypotheses go through before they are compared, each set by its own rules if
 *     there are any
 * @param costs how words are aligned
 */
public record Scoring(Normalizer normalizer, EditCosts costs) {
    /** Checks that both are there. */
    public Scoring {
        Objects.requireNonNull(normalizer, "normalizer");
        Objects.requireNonNull(costs, "costs");
    }

    /**
     * Scores a set.
     *
     * @param set the set
     * @param log a system's output
     */
    public SetResult score(TestSet set, SystemLog log) {
        List<Outcome> outcomes = new ArrayList<>(set.utterances().size());
        List<String> unheard = new ArrayList<>();
        Normalizer rules = normalizer.forSet(set.name());
        boolean imported = log.info().imported()
                && log.recognitions().stream().anyMatch(r -> r.set().equals(set.name()));
        for (Utterance utterance : set.utterances()) {
            Optional<Recognition> known = log.find(set.name(), utterance);
            String reference = rules.normalize(utterance.text());
            if (reference.isEmpty()) {
                outcomes.add(new Outcome.NoReference(utterance));
            } else if (known.isEmpty() && !imported) {
                outcomes.add(new Outcome.Pending(utterance));
            } else if (known.isPresent() && known.get().isFailed()) {
                outcomes.add(new Outcome.Failed(utterance, known.get().failure()));
            } else {
                if (known.isEmpty()) {
                    unheard.add(utterance.id());
                }
                Recognition recognition =
                        known.orElseGet(() -> Recognition.imported(set.name(), utterance, "", List.of()));
                outcomes.add(scored(utterance, reference, recognition, rules));
            }
        }
        return new SetResult(set, outcomes, unheard);
    }

    private Outcome scored(Utterance utterance, String reference, Recognition recognition, Normalizer rules) {
        Alignment alignment = Alignment.ofWords(reference, rules.normalize(recognition.text()), costs);
        return new Outcome.Scored(
                utterance, recognition, new ScoredSet.Utterance(utterance.id(), utterance.speaker(), alignment));
    }
}
