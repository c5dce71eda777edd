package org.omniscribe.asr.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.audio.CheckedSource;
import org.omniscribe.asr.audio.SampleSource;
import org.omniscribe.asr.engine.PieceFeatures.Featured;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;

/** A recording on its way in batches of pieces: what is the same for every kind of model. */
abstract class PieceTranscription implements Transcription {
    /**
     * How a kind of model takes recordings.
     *
     * @param model its name
     * @param frontEnd makes its features
     * @param stacking frames of a step
     * @param cut how recordings are cut
     * @param batchSeconds seconds that it takes at once
     * @param silence whether silent pieces get features too
     */
    record Manner(
            String model,
            LogMelFrontEnd frontEnd,
            int stacking,
            Segmenter.Cut cut,
            double batchSeconds,
            boolean silence) {
        double stepSeconds() {
            return stacking * frontEnd.spec().hopSeconds();
        }
    }

    private final Manner manner;
    private final String name;
    private final CheckedSource samples;
    private final PieceFeatures pieces;
    private final List<Word> words = new ArrayList<>();
    private float peak;
    private double done;

    PieceTranscription(Manner manner, SampleSource source, String name) {
        this.manner = manner;
        this.name = name;
        samples = new CheckedSource(source, name);
        pieces = new PieceFeatures(
                new Segmenter(samples, manner.frontEnd.spec().hop() * manner.stacking, manner.cut),
                manner.frontEnd,
                manner.stacking,
                manner.silence);
    }

    /** Finds the words of pieces, now or later. */
    abstract void take(List<Featured> batch);

    /** Finds the words of what is left. */
    abstract void end();

    /**
     * Runs the whole model over samples.
     *
     * @throws ModelException if it fails
     */
    abstract void tryOut(float[] knownGood);

    @Override
    public final boolean advance() {
        try {
            List<Featured> batch = nextBatch();
            if (batch.isEmpty()) {
                end();
                done = samples.seconds();
                return false;
            }
            take(batch);
            done = Math.min(batch.get(batch.size() - 1).piece().toStep() * manner.stepSeconds(), samples.seconds());
            return true;
        } catch (ModelException e) {
            throw blame(e);
        }
    }

    private List<Featured> nextBatch() {
        List<Featured> batch = new ArrayList<>();
        double held = 0;
        for (Featured next; held < manner.batchSeconds && (next = pieces.next()) != null; ) {
            batch.add(next);
            peak = Math.max(peak, next.piece().peak());
            held += next.piece().steps() * manner.stepSeconds();
        }
        return batch;
    }

    /** The failure itself if the model also fails on a signal that is known to be good; else the recording is at fault. */
    private RuntimeException blame(ModelException failure) {
        try {
            tryOut(KnownGood.samples());
        } catch (ModelException e) {
            return failure;
        }
        return AudioException.unusable(
                name,
                String.format(
                        Locale.ROOT,
                        "the model, which is in order, can make nothing of the sound after %.1f s (%s)",
                        done,
                        failure.getMessage()),
                "Listen to it there, and convert it to 16-bit PCM at 16 kHz.",
                failure);
    }

    /** Appends words that end before the given second. */
    final void append(List<Word> more, double start, double seconds) {
        synchronized (words) {
            for (Word word : more) {
                words.add(word.placed(start, seconds)
                        .notBefore(
                                words.isEmpty()
                                        ? 0
                                        : words.get(words.size() - 1).end()));
            }
        }
    }

    @Override
    public final List<Word> words() {
        synchronized (words) {
            return List.copyOf(words);
        }
    }

    /** Seconds of audio read so far. */
    final double seconds() {
        return samples.seconds();
    }

    @Override
    public final double done() {
        return done;
    }

    /** The transcript, to which a kind of model adds what only it has. */
    final Transcript transcript(
            Optional<String> language,
            List<Transcript.Choice> choices,
            List<Transcript.Skipped> skipped,
            Optional<Transcript.Routing> routing,
            List<String> warnings) {
        List<String> all = words.isEmpty() && skipped.isEmpty()
                ? Stream.concat(warnings.stream(), Stream.of(NoWords.reason(samples.seconds(), peak)))
                        .toList()
                : warnings;
        return new Transcript(
                name,
                samples.seconds(),
                manner.model,
                language,
                Segment.atPauses(words),
                choices,
                skipped,
                routing,
                all);
    }
}
