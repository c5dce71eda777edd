package org.omniscribe.asr.stream;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Word;

/**
 * What happens while speech is recognised. All times are seconds of audio since the session began; time stands still
 * while nothing is recorded.
 */
public sealed interface RecognitionEvent {
    /**
     * How loud the last moments were, every 50 ms.
     *
     * @param time seconds at the end of what was measured
     * @param rms root mean square of the samples, 0 to about 1
     * @param peak largest magnitude of a sample; 1 and more is clipped
     */
    record Level(double time, double rms, double peak) implements RecognitionEvent {
        /** The root mean square in decibels of full scale, at least -120. */
        public double decibels() {
            return 20 * Math.log10(Math.max(rms, 1e-6));
        }
    }

    /**
     * The words since the last {@link Final} as they are understood so far. Each replaces the one before.
     *
     * @param time seconds of audio heard when the words were found
     * @param stable words that stay as they are until the final, which may still correct them; each partial's begin
     *     with those of the one before
     * @param tentative words that are likely to change
     */
    record Partial(double time, List<Word> stable, List<Word> tentative) implements RecognitionEvent {
        public Partial {
            stable = List.copyOf(stable);
            tentative = List.copyOf(tentative);
        }

        /** The stable words and the tentative ones, with single spaces between them. */
        public String text() {
            return Stream.concat(stable.stream(), tentative.stream())
                    .map(Word::text)
                    .collect(Collectors.joining(" "));
        }
    }

    /**
     * Words that never change again; they take the place of the partial.
     *
     * @param time seconds of audio heard when this was decided
     * @param segment the words; it begins after the segment before it has ended
     */
    record Final(double time, Segment segment) implements RecognitionEvent {
        public Final {
            Objects.requireNonNull(segment, "segment");
        }
    }

    /**
     * The experts of consecutive steps. Steps that were told before may be told again, with what is better known now;
     * steps of silence over which the network did not run are never told.
     *
     * @param firstStep the first of the steps, counted from the begin of the session
     * @param stepSeconds seconds from one step to the next: a step begins at {@code step * stepSeconds}
     * @param trace the expert of every layer and step, and its probability; at least one step
     * @param settled whether these steps are told for the last time; settled steps come in order and only once
     */
    record Routing(long firstStep, double stepSeconds, RoutingTrace trace, boolean settled)
            implements RecognitionEvent {
        public Routing {
            Objects.requireNonNull(trace, "trace");
        }
    }

    /**
     * An utterance has ended; its {@link Final} came before this.
     *
     * @param time seconds at which it was divided from what follows
     * @param reason why
     */
    record Endpoint(double time, Reason reason) implements RecognitionEvent {
        /** Why an utterance ends. */
        public enum Reason {
            /** The speaker paused. */
            PAUSE,
            /** It had grown too long and was divided between two words. */
            LENGTH,
            /** The audio ended, or was interrupted. */
            END
        }
    }

    /**
     * Something happened to where the sound comes from. Only a {@link LiveSession} sends this.
     *
     * @param state what happened
     * @param message the same for people: what it is, and what they can do
     */
    record Input(State state, String message) implements RecognitionEvent {
        /** What may happen to an input. */
        public enum State {
            /** Sound comes in, for the first time or again. */
            OPEN,
            /** It was interrupted, such as by unplugging; the session waits for its return. */
            LOST,
            /** Nothing is recorded until the session is resumed. */
            PAUSED,
            /** Recognition is some seconds behind what is said, and catches up as it can. */
            BEHIND,
            /** Recording to the file failed and has ended; recognition goes on. */
            UNRECORDED,
            /** It cannot be used; the session is over. */
            FAILED,
            /** It has ended, or was stopped; the session is over. */
            ENDED
        }
    }
}
