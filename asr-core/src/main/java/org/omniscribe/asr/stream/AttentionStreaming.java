package org.omniscribe.asr.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.omniscribe.asr.attention.AttentionDecoder;
import org.omniscribe.asr.attention.AttentionOptions;
import org.omniscribe.asr.attention.EncodedWindow;
import org.omniscribe.asr.attention.WindowEncoder;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.stream.RecognitionEvent.Endpoint;
import org.omniscribe.asr.transcript.Word;

/**
 * Streaming with a model that writes the text of a window by attention. While somebody speaks, the window since the last
 * final is read again and again, greedily; at its end, which is a pause in loudness, it is read once more by the full search.
 * The longer the window, the rarer it is read, so that the work for a second of sound has a bound.
 */
public final class AttentionStreaming extends StreamingRecognizer {
    /** Samples of a step: 20 ms. */
    private static final int STEP = AudioClip.SAMPLE_RATE / 50;

    private static final double STEP_SECONDS = (double) STEP / AudioClip.SAMPLE_RATE;

    /** Steps kept before the first loud one: one second. */
    private static final int CONTEXT = 50;

    /** Steps around a division over which loudness is measured: 0.4 s. */
    private static final int HUSH = 20;

    /** The longest window in seconds, whatever the options say: models take up to 30. */
    private static final double MAX_SECONDS = 29;

    /** A window is read again after this part of its length. */
    private static final double AGAIN = 0.125;

    private static final double ROUNDING = 1e-6;

    private final LogMelFrontEnd frontEnd;
    private final WindowEncoder encoder;
    private final AttentionDecoder decoder;
    private final AttentionOptions finals;
    private final AttentionOptions partials;
    private float[] window = new float[AudioClip.SAMPLE_RATE * 8];
    private int length;
    /** The session's step at which the window begins. */
    private long from;

    private double lastRead;

    /**
     * Begins a session; {@code Recognizer.stream} does it more simply.
     *
     * @param frontEnd makes the features that the encoder takes
     * @param encoder must stay open as long as audio is pushed, as must the decoder
     * @param decoder writes the texts
     * @param how finals are decoded
     * @param options chunks, pauses and lengths
     * @param listener hears the events
     */
    public AttentionStreaming(
            LogMelFrontEnd frontEnd,
            WindowEncoder encoder,
            AttentionDecoder decoder,
            AttentionOptions how,
            StreamOptions options,
            Consumer<? super RecognitionEvent> listener) {
        super(options, listener, STEP);
        this.frontEnd = Objects.requireNonNull(frontEnd, "frontEnd");
        this.encoder = Objects.requireNonNull(encoder, "encoder");
        this.decoder = Objects.requireNonNull(decoder, "decoder");
        finals = how;
        partials = new AttentionOptions(
                how.language(),
                how.translate(),
                how.prompt(),
                how.hotwords(),
                1,
                how.patience(),
                how.lengthPenalty(),
                1,
                List.of(),
                how.guards(),
                false);
    }

    @Override
    void take(float[] more, int offset, int count) {
        if (length + count > window.length) {
            window = Arrays.copyOf(window, Math.max(length + count, 2 * window.length));
        }
        System.arraycopy(more, offset, window, length, count);
        length += count;
    }

    @Override
    void last() {
        // The window holds every sample already.
    }

    @Override
    void listen() {
        int steps = length / STEP;
        if (nothingSaid()) {
            if (steps > 2 * CONTEXT) {
                forget(steps - CONTEXT);
            }
            return;
        }
        int quiet = Math.min(steps, loudness.quietSteps());
        if (quiet * STEP_SECONDS + ROUNDING >= options.pauseSeconds()) {
            close(steps - quiet / 2, Endpoint.Reason.PAUSE);
        } else if (steps * STEP_SECONDS >= Math.min(MAX_SECONDS, options.longestSeconds())) {
            close(quietest(steps), Endpoint.Reason.LENGTH);
        } else if (seconds() - lastRead >= steps * STEP_SECONDS * AGAIN) {
            lastRead = seconds();
            tellPartial(read(length, partials));
        }
    }

    @Override
    void end() {
        int steps = (length + STEP - 1) / STEP;
        if (steps > 0 && !nothingSaid()) {
            close(steps, Endpoint.Reason.END);
        }
        forget(steps);
    }

    /** The step in the second half of the window around which it is quietest. */
    private int quietest(int steps) {
        double least = Double.POSITIVE_INFINITY;
        int best = steps;
        for (int step = steps / 2; step <= steps - HUSH; step++) {
            double power = 0;
            for (int i = (step - HUSH / 2) * STEP; i < (step + HUSH / 2) * STEP; i++) {
                double difference = window[i] - 0.97 * window[i - 1];
                power += difference * difference;
            }
            if (power <= least) {
                least = power;
                best = step;
            }
        }
        return best;
    }

    /** The words of the first samples of the window, in the session's clock. */
    private List<Word> read(int samples, AttentionOptions how) {
        float[][] features = frontEnd.features(Arrays.copyOf(window, samples));
        if (features.length == 0) {
            return List.of();
        }
        float[] encoded = encoder.encode(features);
        EncodedWindow encodedWindow =
                new EncodedWindow(encoded, encoded.length / encoder.width(), (double) samples / AudioClip.SAMPLE_RATE);
        List<Word> words = new ArrayList<>();
        double free = lastEnd;
        for (Word word :
                decoder.decode(List.of(encodedWindow), how).get(0).answer().words()) {
            Word placed = word.placed(from * STEP_SECONDS, seconds()).notBefore(free);
            words.add(placed);
            free = placed.end();
        }
        return words;
    }

    /** Makes the window final up to a step. */
    private void close(int step, Endpoint.Reason reason) {
        List<Word> words = read(Math.min(length, step * STEP), finals);
        tellFinal(words, (from + step) * STEP_SECONDS, reason);
        forget(step);
    }

    private void forget(int step) {
        int samples = Math.min(length, step * STEP);
        length -= samples;
        System.arraycopy(window, samples, window, 0, length);
        from += step;
        loudness.forget(from);
        lastRead = seconds();
    }
}
