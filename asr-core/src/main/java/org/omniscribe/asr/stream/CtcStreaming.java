package org.omniscribe.asr.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.omniscribe.asr.decode.CtcDecoder;
import org.omniscribe.asr.decode.WordGaps;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.stream.RecognitionEvent.Endpoint;
import org.omniscribe.asr.transcript.Word;

/**
 * Streaming with a CTC model. Every step of the network belongs to exactly one utterance, so that no word is lost or doubled
 * where they meet; a long utterance is divided between two words.
 */
public final class CtcStreaming extends StreamingRecognizer {
    /** Seconds of audio before a division that the network hears again, so that the words after it begin well. */
    private static final double CONTEXT = 1;

    private final CtcDecoder decoder;
    private final Hearing hearing;
    private final WordGaps gaps;
    private final Endpointer endpointer;
    private final double stepSeconds;
    private final int contextSteps;

    /** The first step that is not final. */
    private long taken;

    /**
     * Begins a session; {@code Recognizer.stream} does it more simply.
     *
     * @param bundle the model
     * @param model its network, which must stay open as long as audio is pushed
     * @param decoder finds the words
     * @param options how
     * @param listener hears the events
     */
    public CtcStreaming(
            ModelBundle bundle,
            AcousticModel model,
            CtcDecoder decoder,
            StreamOptions options,
            Consumer<? super RecognitionEvent> listener) {
        super(
                options,
                listener,
                bundle.manifest().features().hop() * bundle.architecture().stacking());
        this.decoder = Objects.requireNonNull(decoder, "decoder");
        stepSeconds = bundle.manifest().stepSeconds();
        contextSteps = (int) Math.round(CONTEXT / stepSeconds);
        int memorySteps = (int) Math.ceil(options.longestSeconds() / stepSeconds);
        hearing = model.streams() ? new ChunkByChunk(bundle, model, memorySteps) : new GrowingWindow(bundle, model);
        gaps = new WordGaps(bundle.vocabulary());
        endpointer = new Endpointer(options);
    }

    @Override
    void take(float[] more, int offset, int length) {
        hearing.push(more, offset, length);
    }

    @Override
    void last() {
        hearing.finish();
    }

    @Override
    void listen() {
        if (hearing.to() == taken) {
            return;
        }
        if (nothingSaid()) {
            if (hearing.to() - taken > 2 * contextSteps) {
                forget(hearing.to() - contextSteps, false);
            }
            return;
        }
        Emission emission = undecided();
        List<Word> words = words(emission);
        tellRouting(emission, false);
        tellPartial(words);
        int blank = gaps.trailing(new WordGaps.View(emission, taken));
        if (words.isEmpty() && blank > 2 * contextSteps) {
            long step = hearing.to() - contextSteps;
            tellRouting(emission.slice(0, (int) (step - taken)), true);
            forget(step, false);
            return;
        }
        Optional<Endpoint.Reason> reason = endpointer.decide(
                !words.isEmpty(),
                blank * stepSeconds,
                loudness.quietSteps() * stepSeconds,
                emission.steps() * stepSeconds);
        if (reason.isPresent()) {
            if (reason.get() == Endpoint.Reason.PAUSE) {
                close(emission, hearing.to() - blank / 2, Endpoint.Reason.PAUSE);
            } else {
                divide(emission);
            }
        }
    }

    @Override
    void end() {
        if (hearing.to() > taken && !nothingSaid()) {
            close(undecided(), hearing.to(), Endpoint.Reason.END);
        }
        forget(hearing.to(), false);
    }

    /** The emission of all steps that are not final. */
    private Emission undecided() {
        Emission emission = hearing.emission();
        return emission.slice((int) (taken - hearing.from()), emission.steps());
    }

    private List<Word> words(Emission emission) {
        List<Word> words = new ArrayList<>();
        double free = lastEnd;
        for (Word word :
                decoder.decode(emission).placed(taken * stepSeconds, seconds()).words()) {
            Word placed = word.notBefore(free);
            words.add(placed);
            free = placed.end();
        }
        return words;
    }

    private void tellRouting(Emission emission, boolean settled) {
        if (emission.routing().steps() > 0) {
            listener.accept(new RecognitionEvent.Routing(taken, stepSeconds, emission.routing(), settled));
        }
    }

    /** Divides an utterance without a pause: between two words, as heard with what was before and without it. */
    private void divide(Emission emission) {
        WordGaps.View whole = new WordGaps.View(emission, taken);
        long low = taken + emission.steps() / 2;
        long high = hearing.to() - contextSteps;
        long cut = gaps.best(List.of(whole), low, high, high);
        hearing.forget(cut - contextSteps);
        WordGaps.View late = new WordGaps.View(hearing.emission(), hearing.from());
        cut = gaps.best(List.of(whole, late), cut - contextSteps / 2, cut + contextSteps / 2, cut);
        tellFinal(emission.slice(0, (int) (cut - taken)), cut, Endpoint.Reason.LENGTH);
        loudness.forget(cut);
    }

    private void close(Emission emission, long cut, Endpoint.Reason reason) {
        tellFinal(emission.slice(0, (int) (cut - taken)), cut, reason);
        forget(cut, true);
    }

    private void tellFinal(Emission emission, long cut, Endpoint.Reason reason) {
        List<Word> words = words(emission);
        tellRouting(emission, true);
        taken = cut;
        tellFinal(words, cut * stepSeconds, reason);
    }

    private void forget(long step, boolean spoken) {
        hearing.restart(step, spoken);
        loudness.forget(step);
        taken = step;
    }
}
