package org.omniscribe.asr.stream;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.SampleCheck;
import org.omniscribe.asr.stream.RecognitionEvent.Endpoint;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Word;

/**
 * Turns audio into text as it comes: samples are pushed in pieces of any size, and events tell what was heard.
 *
 * <p>After every chunk of new audio the words since the last final are looked for again. What two searches in a row
 * agree on is shown as stable. A pause makes the words final, and where there is none, an utterance that has grown too
 * long is divided.
 *
 * <p>The events do not depend on how the audio is cut into pieces. They are sent on the pushing thread, before the push
 * returns. Memory and work do not grow with the session. Not thread-safe.
 */
public abstract class StreamingRecognizer {
    /** Loud steps without which nothing can have been said. */
    private static final int MIN_LOUD_STEPS = 2;

    final StreamOptions options;
    final Consumer<? super RecognitionEvent> listener;
    final Loudness loudness;
    /** Seconds at which the last final ended. */
    double lastEnd;

    private final Agreement agreement = new Agreement();
    private boolean showing;
    private final SampleCheck check = new SampleCheck("live sound", AudioClip.SAMPLE_RATE, 1);
    private final LevelMeter meter;
    private final int chunkSamples;
    private long samples;
    private int unheard;
    private boolean finished;

    /**
     * Begins a session.
     *
     * @param stepSamples samples of a step, on whose grid loudness is measured and utterances are cut
     */
    StreamingRecognizer(StreamOptions options, Consumer<? super RecognitionEvent> listener, int stepSamples) {
        this.options = Objects.requireNonNull(options, "options");
        this.listener = Objects.requireNonNull(listener, "listener");
        double stepSeconds = (double) stepSamples / AudioClip.SAMPLE_RATE;
        chunkSamples = (int) Math.max(1, Math.round(options.chunkSeconds() / stepSeconds)) * stepSamples;
        meter = new LevelMeter(listener);
        loudness = new Loudness(stepSamples, stepSeconds);
    }

    /** Takes more samples, of no more than a chunk unless there is hurry. */
    abstract void take(float[] more, int offset, int length);

    /** Looks for words, after a chunk of new audio. */
    abstract void listen();

    /** Makes everything heard so far final. */
    abstract void end();

    /** Takes the end of the session. */
    abstract void last();

    /** Whether the utterance can be taken for silence: no words are shown, and hardly a step was loud. */
    final boolean nothingSaid() {
        return !showing && loudness.loudSteps() < MIN_LOUD_STEPS;
    }

    /** Shows the words of the utterance so far, unless there are none and were none. */
    final void tellPartial(List<Word> words) {
        RecognitionEvent.Partial partial = agreement.next(words, seconds());
        boolean something = !partial.stable().isEmpty() || !partial.tentative().isEmpty();
        if (something || showing) {
            listener.accept(partial);
        }
        showing = something;
    }

    /**
     * Tells the final words of an utterance, or takes back what was shown of it where there are none.
     *
     * @param cut seconds at which the utterance ends, which may lie behind the audio
     */
    final void tellFinal(List<Word> words, double cut, Endpoint.Reason reason) {
        agreement.clear();
        if (!words.isEmpty()) {
            lastEnd = words.get(words.size() - 1).end();
            listener.accept(new RecognitionEvent.Final(
                    seconds(), new Segment(words.get(0).start(), lastEnd, words)));
            listener.accept(new RecognitionEvent.Endpoint(Math.min(cut, seconds()), reason));
        } else if (showing) {
            listener.accept(new RecognitionEvent.Partial(seconds(), List.of(), List.of()));
        }
        showing = false;
    }

    /** Seconds of new audio after which words are looked for. */
    final double chunkSeconds() {
        return (double) chunkSamples / AudioClip.SAMPLE_RATE;
    }

    /** Seconds of audio taken so far. */
    public final double seconds() {
        return (double) samples / AudioClip.SAMPLE_RATE;
    }

    /**
     * Takes more audio.
     *
     * @param more mono samples at {@link AudioClip#SAMPLE_RATE}, full scale 1
     * @param offset index of the first one
     * @param length how many
     * @throws org.omniscribe.asr.audio.AudioException if one of them is {@linkplain SampleCheck no sound}; none of them is
     *     taken then, and the session can go on
     * @throws org.omniscribe.asr.model.ModelException if the network fails
     * @throws IllegalStateException after {@link #finish}
     */
    public final void push(float[] more, int offset, int length) {
        push(more, offset, length, false);
    }

    /**
     * As {@link #push(float[], int, int)}.
     *
     * @param hurry whether to look for words only once, after all of this audio, because more is waiting
     */
    final void push(float[] more, int offset, int length, boolean hurry) {
        Objects.checkFromIndexSize(offset, length, more.length);
        if (finished) {
            throw new IllegalStateException("push after finish: begin a new session");
        }
        check.pass(more, offset, length);
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int n = hurry ? end - at : Math.min(end - at, chunkSamples - unheard);
            meter.push(more, at, n);
            loudness.push(more, at, n);
            take(more, at, n);
            samples += n;
            unheard += n;
            at += n;
            if (unheard >= chunkSamples) {
                unheard = 0;
                listen();
            }
        }
    }

    /** Makes everything heard so far final, as at a pause; the session goes on. */
    public final void flush() {
        if (!finished) {
            unheard = 0;
            end();
        }
    }

    /**
     * Ends the session: everything heard becomes final. Further calls do nothing.
     *
     * @throws org.omniscribe.asr.model.ModelException if the network fails
     */
    public final void finish() {
        if (!finished) {
            finished = true;
            last();
            unheard = 0;
            end();
        }
    }
}
