package org.omniscribe.eval.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.score.Score;
import org.omniscribe.eval.text.Normalizer;

/** Recognises test sets, one utterance after another so that speed is measured too, and scores them. */
public final class Evaluation {
    private final Transcriber transcriber;
    private final Normalizer normalizer;
    private final EditCosts costs;

    /**
     * An evaluation of one recogniser.
     *
     * @param transcriber the recogniser
     * @param normalizer what references and hypotheses go through before they are compared
     * @param costs how words are aligned
     */
    public Evaluation(Transcriber transcriber, Normalizer normalizer, EditCosts costs) {
        this.transcriber = Objects.requireNonNull(transcriber, "transcriber");
        this.normalizer = Objects.requireNonNull(normalizer, "normalizer");
        this.costs = Objects.requireNonNull(costs, "costs");
    }

    /**
     * Recognises and scores a set.
     *
     * @param set the set
     * @param listener told of every utterance as soon as it is done, in order
     */
    public SetResult run(TestSet set, Consumer<Outcome> listener) {
        List<Outcome> outcomes = new ArrayList<>(set.utterances().size());
        for (Utterance utterance : set.utterances()) {
            Outcome outcome = outcome(utterance);
            outcomes.add(outcome);
            listener.accept(outcome);
        }
        return new SetResult(set.name(), outcomes);
    }

    private Outcome outcome(Utterance utterance) {
        String reference = normalizer.normalize(utterance.text());
        if (reference.isEmpty()) {
            return new Outcome.NoReference(utterance);
        }
        long start = System.nanoTime();
        Transcript transcript;
        try {
            transcript = transcriber.transcribe(utterance);
        } catch (AudioException | DatasetException e) {
            return new Outcome.Failed(utterance, e.getMessage());
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        String hypothesis = normalizer.normalize(transcript.text());
        return new Outcome.Scored(
                utterance, reference, hypothesis, transcript, elapsed, Score.of(reference, hypothesis, costs));
    }
}
