package org.omniscribe.eval.run;

import java.util.List;
import java.util.stream.Stream;
import org.omniscribe.eval.score.ScoredSet;

/**
 * What became of a test set with one system.
 *
 * @param set the set
 * @param outcomes one an utterance, in the order of the set
 * @param unheard ids of utterances that an imported output lacks; they are scored as if nothing was heard in them
 */
public record SetResult(TestSet set, List<Outcome> outcomes, List<String> unheard) {
    /** Copies the lists. */
    public SetResult {
        outcomes = List.copyOf(outcomes);
        unheard = List.copyOf(unheard);
    }

    /** The set's name. */
    public String name() {
        return set.name();
    }

    /** The utterances that were recognised and scored. */
    public List<Outcome.Scored> scored() {
        return of(Outcome.Scored.class).toList();
    }

    /** The utterances whose reference is empty once normalised. */
    public List<Outcome.NoReference> withoutReference() {
        return of(Outcome.NoReference.class).toList();
    }

    /** The utterances whose audio could not be read. */
    public List<Outcome.Failed> failed() {
        return of(Outcome.Failed.class).toList();
    }

    /** The utterances that the system has not recognised yet. */
    public List<Outcome.Pending> pending() {
        return of(Outcome.Pending.class).toList();
    }

    private <T extends Outcome> Stream<T> of(Class<T> kind) {
        return outcomes.stream().filter(kind::isInstance).map(kind::cast);
    }

    /** The alignments of all that was scored; utterances and speakers are {@code set/name}, so that sets can be pooled. */
    public ScoredSet scoredSet() {
        return new ScoredSet(
                of(Outcome.Scored.class)
                        .map(Outcome.Scored::scored)
                        .map(this::placed)
                        .toList(),
                List.of());
    }

    private ScoredSet.Utterance placed(ScoredSet.Utterance utterance) {
        String speaker = utterance.speaker().isEmpty() ? "" : name() + "/" + utterance.speaker();
        return new ScoredSet.Utterance(
                name() + "/" + utterance.id(), speaker, utterance.alignment(), utterance.score());
    }
}
