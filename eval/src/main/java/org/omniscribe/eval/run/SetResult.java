package org.omniscribe.eval.run;

import java.util.List;
import java.util.stream.Stream;
import org.omniscribe.eval.score.Bootstrap;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.score.Interval;
import org.omniscribe.eval.score.Score;

/**
 * What became of a test set: every utterance, and the figures over those that were scored.
 *
 * @param name the set's name
 * @param outcomes one an utterance, in the order of the set
 */
public record SetResult(String name, List<Outcome> outcomes) {
    /** Copies the outcomes. */
    public SetResult {
        outcomes = List.copyOf(outcomes);
    }

    /**
     * All utterances of several sets as one.
     *
     * @param name its name
     * @param sets the sets
     */
    public static SetResult pooled(String name, List<SetResult> sets) {
        return new SetResult(
                name, sets.stream().flatMap(s -> s.outcomes().stream()).toList());
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

    private <T extends Outcome> Stream<T> of(Class<T> kind) {
        return outcomes.stream().filter(kind::isInstance).map(kind::cast);
    }

    /** The pooled score. */
    public Score score() {
        return of(Outcome.Scored.class).map(Outcome.Scored::score).reduce(Score.NONE, Score::plus);
    }

    /** The 95 % interval of the word error rate, by {@link Bootstrap} over utterances. */
    public Interval werInterval() {
        List<ErrorCounts> words =
                of(Outcome.Scored.class).map(s -> s.score().words()).toList();
        return Bootstrap.interval(words);
    }

    /** Seconds of audio scored, as the recogniser counted them. */
    public double seconds() {
        return of(Outcome.Scored.class)
                .mapToDouble(s -> s.transcript().duration())
                .sum();
    }

    /** Seconds of recognition for a second of audio, reading the file included; NaN if nothing was scored. */
    public double realTimeFactor() {
        return of(Outcome.Scored.class).mapToDouble(Outcome.Scored::elapsed).sum() / seconds();
    }
}
