package org.omniscribe.asr.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.audio.AudioFeed;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.AudioRecording;
import org.omniscribe.asr.audio.AudioSource;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.audio.PlayedFile;
import org.omniscribe.asr.model.ToneModel;
import org.omniscribe.asr.stream.RecognitionEvent.Final;
import org.omniscribe.asr.stream.RecognitionEvent.Input;
import org.omniscribe.asr.stream.RecognitionEvent.Input.State;
import org.omniscribe.asr.stream.RecognitionEvent.Level;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LiveSessionTest extends ToneModelTest {
    /** What a microphone does, one thing after the other: sound, or the exception that a real one throws. */
    private static final class Script implements AudioSource {
        private final Deque<Object> acts;
        private float[] sound = new float[0];
        private int at;
        private int opened;

        Script(Object... acts) {
            this.acts = new ArrayDeque<>(List.of(acts));
        }

        @Override
        public String name() {
            return "script";
        }

        @Override
        public boolean live() {
            return true;
        }

        @Override
        public AudioFeed open() {
            opened++;
            if (acts.peek() instanceof Refusal) {
                acts.remove();
                throw trouble();
            }
            return new AudioFeed() {
                @Override
                public int read(float[] buffer, int offset, int length) {
                    if (at == sound.length) {
                        Object act = acts.poll();
                        if (act == null) {
                            return -1;
                        }
                        if (act instanceof Runnable run) {
                            run.run();
                            sound = new float[320];
                        } else if (act instanceof float[] samples) {
                            sound = samples;
                        } else {
                            throw trouble();
                        }
                        at = 0;
                    }
                    int n = Math.min(length, sound.length - at);
                    System.arraycopy(sound, at, buffer, offset, n);
                    at += n;
                    return n;
                }

                @Override
                public void close() {}
            };
        }
    }

    /** The next attempt to open the microphone fails. */
    private enum Refusal {
        REFUSED
    }

    /** The microphone is unplugged. */
    private enum Loss {
        UNPLUGGED
    }

    private static AudioException trouble() {
        try (AudioFeed feed = new PlayedFile(temp.resolve("no such file"), new Channel.Mix(), 1).open()) {
            throw new AssertionError("opened " + feed);
        } catch (AudioException e) {
            return e;
        }
    }

    private static final class Log implements Consumer<RecognitionEvent> {
        private final List<RecognitionEvent> events = new ArrayList<>();

        @Override
        public synchronized void accept(RecognitionEvent event) {
            events.add(event);
        }

        synchronized List<String> story() {
            return events.stream()
                    .map(e -> e instanceof Input i
                            ? i.state().name()
                            : e instanceof Final f ? f.segment().text() : "")
                    .filter(s -> !s.isEmpty())
                    .toList();
        }
    }

    private static List<String> story(AudioSource source) throws InterruptedException {
        Log log = new Log();
        try (LiveSession session = recognizer.listen(source, StreamOptions.standard(), Optional.empty(), log)) {
            session.await();
        }
        return log.story();
    }

    @Test
    void aFilePlaysThePartOfTheMicrophone() throws InterruptedException {
        Path file = temp.resolve("talk.wav");
        float[] speech = ToneModel.speak("a bad cab");
        try (AudioRecording recording = AudioRecording.create(file)) {
            recording.write(speech, 0, speech.length);
        }
        assertEquals(
                List.of("OPEN", "a bad cab", "ENDED"),
                story(new PlayedFile(file, new Channel.Mix(), Double.POSITIVE_INFINITY)));
    }

    @Test
    void aMicrophoneThatIsUnpluggedIsWaitedFor() throws InterruptedException {
        assertEquals(
                List.of("OPEN", "bad", "LOST", "OPEN", "cab", "ENDED").stream()
                        .sorted()
                        .toList(),
                story(new Script(ToneModel.speak("bad"), Loss.UNPLUGGED, Refusal.REFUSED, ToneModel.speak("cab")))
                        .stream()
                        .sorted()
                        .toList());
    }

    @Test
    void aMicrophoneThatCannotBeOpenedAtFirstEndsTheSession() throws InterruptedException {
        assertEquals(List.of("FAILED"), story(new Script(Refusal.REFUSED, ToneModel.speak("bad"))));
    }

    @Test
    void aFileThatCannotBeReadEndsTheSessionWithItsReason() throws InterruptedException {
        Log log = new Log();
        AudioSource source = new PlayedFile(temp.resolve("missing.wav"), new Channel.Mix(), 1);
        try (LiveSession session = recognizer.listen(source, StreamOptions.standard(), Optional.empty(), log)) {
            session.await();
        }
        assertEquals(
                List.of(new Input(
                        State.FAILED,
                        temp.resolve("missing.wav") + ": there is no such file. Check the name and the folder.")),
                log.events);
    }

    @Test
    void aPauseFinishesWhatWasSaidAndGivesTheMicrophoneBack() throws InterruptedException {
        LiveSession[] session = new LiveSession[1];
        Object ready = new Object();
        Script script = new Script(
                ToneModel.speak("bad"),
                (Runnable) () -> {
                    synchronized (ready) {
                        session[0].pause();
                    }
                },
                ToneModel.speak("cab"));
        Log log = new Log();
        synchronized (ready) {
            session[0] = recognizer.listen(script, StreamOptions.standard(), Optional.empty(), event -> {
                log.accept(event);
                if (event instanceof Input input && input.state() == State.PAUSED) {
                    session[0].resume();
                }
            });
        }
        session[0].await();
        assertEquals(
                List.of("OPEN", "PAUSED", "OPEN", "ENDED"),
                log.story().stream().filter(s -> s.matches("[A-Z]+")).toList());
        assertEquals(
                List.of("bad", "cab"),
                log.story().stream().filter(s -> s.matches("[a-z]+")).toList());
        assertEquals(2, script.opened);
    }

    @Test
    void stoppingKeepsWhatWasSaid() throws InterruptedException {
        LiveSession[] session = new LiveSession[1];
        Object ready = new Object();
        Script script = new Script(ToneModel.speak("bad cab"), (Runnable) () -> {
            synchronized (ready) {
                session[0].stop();
            }
        });
        Log log = new Log();
        synchronized (ready) {
            session[0] = recognizer.listen(script, StreamOptions.standard(), Optional.empty(), log);
        }
        session[0].await();
        assertEquals(List.of("OPEN", "bad cab", "ENDED"), log.story());
    }

    @Test
    void whatIsHeardIsKept() throws Exception {
        Path file = temp.resolve("kept.flac");
        float[] speech = ToneModel.speak("egg");
        Log log = new Log();
        try (LiveSession session = recognizer.listen(
                new Script(speech), StreamOptions.standard(), Optional.of(AudioRecording.create(file)), log)) {
            session.await();
        }
        assertEquals(speech.length, AudioReader.readAll(file).samples().length);
        assertTrue(Files.size(file) < 2L * speech.length);
        long levels = log.events.stream().filter(Level.class::isInstance).count();
        assertEquals(speech.length / (AudioClip.SAMPLE_RATE / 20), levels);
    }

    @Test
    void aListenerThatFailsEndsTheSession() throws InterruptedException {
        List<RecognitionEvent> events = new ArrayList<>();
        LiveSession session = recognizer.listen(
                new Script(ToneModel.speak("bad")), StreamOptions.standard(), Optional.empty(), event -> {
                    synchronized (events) {
                        events.add(event);
                    }
                    if (event instanceof Final) {
                        throw new IllegalStateException("the window is gone");
                    }
                });
        session.await();
        assertEquals(
                new Input(State.FAILED, "unexpected java.lang.IllegalStateException: the window is gone"),
                events.get(events.size() - 1));
    }
}
