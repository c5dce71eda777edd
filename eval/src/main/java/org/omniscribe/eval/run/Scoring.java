package org.omniscribe.eval.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.score.Alignment;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.score.Glm;
import org.omniscribe.eval.score.ScoreException;
import org.omniscribe.eval.score.ScoredSet;
import org.omniscribe.eval.score.TranscriptScorer;
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
        Sides sides = new Sides(set);
        boolean imported = log.info().imported()
                && log.recognitions().stream().anyMatch(r -> r.set().equals(set.name()));
        for (Utterance utterance : set.utterances()) {
            Optional<Recognition> known = log.find(set.name(), utterance);
            if (sides.isEmpty(utterance)) {
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
                TranscriptScorer.Compared texts = sides.compare(utterance, recognition.text());
                outcomes.add(new Outcome.Scored(
                        utterance,
                        recognition,
                        texts.reference(),
                        texts.hypothesis(),
                        new ScoredSet.Utterance(utterance.id(), utterance.speaker(), texts.alignment())));
            }
        }
        return new SetResult(set, outcomes, unheard);
    }

    /** Whether choices, words that may be left out, and fragments count in a set. */
    public boolean takesChoices(TestSet set) {
        return normalizer.takesNotation() && !set.nist().texts().isEmpty();
    }

    /** The global map file whose rules are applied to a set; empty if there is none. */
    public String rules(TestSet set) {
        return normalizer.takesNotation() ? set.nist().glm() : "";
    }

    /** How the texts of one set are compared. */
    private final class Sides {
        private final String set;
        private final Normalizer words;
        private final Map<String, String> choices;
        private final TranscriptScorer scorer;
        private final Optional<Glm> glm;

        Sides(TestSet set) {
            this.set = set.name();
            words = normalizer.forSet(set.name());
            choices = takesChoices(set) ? set.nist().texts() : Map.of();
            scorer = new TranscriptScorer(words, costs);
            glm = rules(set).isEmpty()
                    ? Optional.empty()
                    : Optional.of(Glm.of(rules(set), set.nist().rules()));
        }

        /** Whether nothing is left of the reference once it is normalised. */
        boolean isEmpty(Utterance utterance) {
            return choices.getOrDefault(utterance.id(), "").isBlank()
                    && words.normalize(utterance.text()).isEmpty();
        }

        TranscriptScorer.Compared compare(Utterance utterance, String hypothesis) {
            String reference = choices.get(utterance.id());
            if (reference == null) {
                String said = words.normalize(utterance.text());
                String heard = words.normalize(hypothesis);
                return new TranscriptScorer.Compared(said, heard, Alignment.ofWords(said, heard, costs));
            }
            try {
                return scorer.compare(reference, hypothesis, glm);
            } catch (ScoreException e) {
                throw new ScoreException(set + ", " + utterance.id() + ": " + e.getMessage()
                        + ". Mend it in the corpus, or choose a normaliser that takes one plain reading.");
            }
        }
    }
}
