package org.omniscribe.asr.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.model.ToneModel;
import org.omniscribe.asr.stream.RecognitionEvent.Endpoint;
import org.omniscribe.asr.stream.RecognitionEvent.Final;
import org.omniscribe.asr.stream.RecognitionEvent.Level;
import org.omniscribe.asr.stream.RecognitionEvent.Partial;
import org.omniscribe.asr.stream.RecognitionEvent.Routing;
import org.omniscribe.asr.transcript.Word;

class StreamingRecognizerTest extends ToneModelTest {
    /** All events of a recording that is pushed in pieces. */
    private static List<RecognitionEvent> events(float[] samples, int piece, StreamOptions options) {
        List<RecognitionEvent> events = new ArrayList<>();
        StreamingRecognizer stream = recognizer.stream(options, events::add);
        for (int at = 0; at < samples.length; at += piece) {
            stream.push(samples, at, Math.min(piece, samples.length - at));
        }
        stream.finish();
        return events;
    }

    private static <E extends RecognitionEvent> List<E> only(Class<E> type, List<RecognitionEvent> events) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static String text(List<RecognitionEvent> events) {
        return only(Final.class, events).stream().map(f -> f.segment().text()).collect(Collectors.joining(" "));
    }

    private static float[] silence(double seconds) {
        return new float[(int) (seconds * AudioClip.SAMPLE_RATE)];
    }

    private static float[] join(float[]... parts) {
        int length = 0;
        for (float[] part : parts) {
            length += part.length;
        }
        float[] all = new float[length];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** Words of letters that never stand beside their like. */
    private static String words(int words, Random random) {
        StringBuilder text = new StringBuilder();
        for (int w = 0; w < words; w++) {
            text.append(w == 0 ? "" : " ");
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                text.append((char) ('a' + random.nextInt(7)));
            }
        }
        return text.toString();
    }

    @Test
    void samplesThatAreNoSoundAreRefusedAndTheSessionGoesOn() {
        List<RecognitionEvent> events = new ArrayList<>();
        StreamingRecognizer stream = recognizer.stream(StreamOptions.standard(), events::add);
        float[] word = ToneModel.speak("bad");
        stream.push(word, 0, word.length);
        assertThrows(AudioException.class, () -> stream.push(new float[] {0, Float.NaN}, 0, 2));
        assertThrows(AudioException.class, () -> stream.push(new float[] {-1e30f}, 0, 1));
        float[] more = join(silence(2), ToneModel.speak("cab"));
        stream.push(more, 0, more.length);
        stream.finish();
        assertEquals("bad cab", text(events));
    }

    @Test
    void aPauseMakesTheWordsFinal() {
        float[] samples = join(ToneModel.speak("a bad cab"), silence(1.5), ToneModel.speak("face"), silence(0.3));
        List<RecognitionEvent> events = events(samples, 777, StreamOptions.standard());
        assertEquals(
                List.of("a bad cab", "face"),
                only(Final.class, events).stream().map(f -> f.segment().text()).toList());
        assertEquals(
                List.of(Endpoint.Reason.PAUSE, Endpoint.Reason.END),
                only(Endpoint.class, events).stream().map(Endpoint::reason).toList());
    }

    @Test
    void longSpeechWithoutAPauseLosesNoWordAndDoublesNone() {
        String text = words(800, new Random(7));
        List<RecognitionEvent> events = events(ToneModel.speak(text), 16000, StreamOptions.standard());
        assertEquals(text, text(events));
        assertTrue(only(Endpoint.class, events).size() > 10);
        double free = 0;
        for (Final end : only(Final.class, events)) {
            for (Word word : end.segment().words()) {
                assertTrue(word.start() >= free, word::toString);
                free = word.end();
            }
        }
    }

    @Test
    void theEventsDoNotDependOnThePieces() {
        float[] samples = join(ToneModel.speak(words(30, new Random(3))), silence(2), ToneModel.speak("egg"));
        String whole = events(samples, samples.length, StreamOptions.standard()).stream()
                .map(StreamingRecognizerTest::describe)
                .collect(Collectors.joining("\n"));
        for (int piece : new int[] {160, 1001, 7680, 50000}) {
            assertEquals(
                    whole,
                    events(samples, piece, StreamOptions.standard()).stream()
                            .map(StreamingRecognizerTest::describe)
                            .collect(Collectors.joining("\n")));
        }
    }

    private static String describe(RecognitionEvent event) {
        return event instanceof Routing routing
                ? "Routing " + routing.firstStep() + " " + routing.settled() + " "
                        + java.util.Arrays.deepToString(routing.trace().expert())
                : event.toString();
    }

    @Test
    void stableWordsStayAndTheTentativeOnesBecomeStable() {
        List<RecognitionEvent> events =
                events(ToneModel.speak("bad cab face egg deaf"), 4000, StreamOptions.standard());
        List<String> before = List.of();
        int most = 0;
        for (Partial partial : only(Partial.class, events)) {
            List<String> stable = partial.stable().stream().map(Word::text).toList();
            assertEquals(before, stable.subList(0, before.size()));
            before = stable;
            most = Math.max(most, stable.size());
        }
        assertTrue(most >= 3, "stable words: " + most);
    }

    @Test
    void silenceYieldsNothingButLevels() {
        List<RecognitionEvent> events = events(silence(30), 3200, StreamOptions.standard());
        assertEquals(600, only(Level.class, events).size());
        assertEquals(600, events.size());
    }

    @Test
    void everyStepOfSpeechIsSettledOnceAndInOrder() {
        String text = words(100, new Random(9));
        List<Routing> settled =
                only(Routing.class, events(ToneModel.speak(text), 16000, StreamOptions.standard())).stream()
                        .filter(Routing::settled)
                        .toList();
        long next = settled.get(0).firstStep();
        for (Routing routing : settled) {
            assertEquals(next, routing.firstStep());
            next += routing.trace().steps();
        }
        assertEquals(ToneModel.speak(text).length / 640.0, next, 1.5);
    }
}
