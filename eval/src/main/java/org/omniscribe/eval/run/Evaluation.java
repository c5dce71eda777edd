package org.omniscribe.eval.run;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.datasets.Utterance;

/** Has a system recognise test sets, one utterance after another so that speed is measured too. */
public final class Evaluation {
    private final Transcriber transcriber;
    private final SystemLog log;

    /**
     * An evaluation of one system.
     *
     * @param transcriber the system
     * @param log where its output goes; what is there already is not recognised again
     */
    public Evaluation(Transcriber transcriber, SystemLog log) {
        this.transcriber = Objects.requireNonNull(transcriber, "transcriber");
        this.log = Objects.requireNonNull(log, "log");
    }

    /** The utterances of a set that are still to be recognised; those whose transcript is blank never are. */
    public List<Utterance> open(TestSet set) {
        return set.utterances().stream()
                .filter(u -> set.hasWords(u) && log.open(set.name(), u))
                .toList();
    }

    /**
     * Recognises what is still open of a set.
     *
     * @param set the set
     * @param listener told of every utterance as soon as it is in the log, in order
     * @throws RunException if the log cannot be written
     */
    public void run(TestSet set, Consumer<Recognition> listener) {
        for (Utterance utterance : open(set)) {
            Recognition recognition = recognise(set.name(), utterance);
            log.add(List.of(recognition));
            listener.accept(recognition);
        }
    }

    private Recognition recognise(String set, Utterance utterance) {
        long start = System.nanoTime();
        try {
            Transcriber.Heard heard = transcriber.transcribe(utterance);
            return Recognition.of(set, utterance, heard, (System.nanoTime() - start) / 1e9);
        } catch (AudioException | DatasetException e) {
            return Recognition.failed(set, utterance, e.getMessage());
        }
    }
}
