package org.omniscribe.app.desktop.live;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.base.DeskException;
import org.omniscribe.app.desktop.base.Engine;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.app.desktop.base.Notices;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.document.Document;
import org.omniscribe.app.desktop.document.DocumentLoader;
import org.omniscribe.app.desktop.timeline.RoutingFile;
import org.omniscribe.app.desktop.timeline.Timeline;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.audio.AudioRecording;
import org.omniscribe.asr.audio.AudioSource;
import org.omniscribe.asr.audio.Microphone;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.model.ModelManifest;
import org.omniscribe.asr.stream.LiveSession;
import org.omniscribe.asr.stream.RecognitionEvent;
import org.omniscribe.asr.stream.StreamOptions;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.TranscriptFormat;
import org.omniscribe.asr.transcript.TranscriptWriter;

/**
 * Recording and transcribing at once. Everything is kept on disk as it comes, so that a crash loses the last second at
 * most. Used by the window's thread alone.
 */
public final class LiveModel {
    /** What it does. */
    public enum State {
        IDLE,
        STARTING,
        RECORDING,
        PAUSED,
        /** The microphone is away; it goes on when it is back. */
        WAITING,
        /** No more sound is taken; what was said is still being recognised. */
        STOPPING;

        /** Whether a session goes on. */
        public boolean active() {
            return this != IDLE;
        }
    }

    private static final long PATIENCE_SECONDS = 20;
    private static final RecognitionEvent.Level SILENCE = new RecognitionEvent.Level(0, 0, 0);

    private final Desk desk;
    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.IDLE);
    private final ReadOnlyObjectWrapper<Document> document = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<List<Microphone>> microphones = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<List<Session.Summary>> sessions = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyLongWrapper soundRevision = new ReadOnlyLongWrapper();
    private volatile RecognitionEvent.Level level = SILENCE;
    private volatile Run run;
    private Session shown;
    private boolean writing;
    private boolean changed;

    /** Nothing is recorded yet. */
    public LiveModel(Desk desk) {
        this.desk = desk;
    }

    /** What it does. */
    public ReadOnlyObjectProperty<State> state() {
        return state.getReadOnlyProperty();
    }

    /** What is shown: the session that goes on, or the last one; null before the first. */
    public ReadOnlyObjectProperty<Document> document() {
        return document.getReadOnlyProperty();
    }

    /** Changes when the document's sound is whole and can be heard. */
    public ReadOnlyLongProperty soundRevision() {
        return soundRevision.getReadOnlyProperty();
    }

    /** What is to be told of the recording; mostly empty. */
    public ReadOnlyStringProperty message() {
        return message.getReadOnlyProperty();
    }

    /** The recording devices that were there when they were last looked for. */
    public ReadOnlyObjectProperty<List<Microphone>> microphones() {
        return microphones.getReadOnlyProperty();
    }

    /** The sessions that are kept, the newest first. */
    public ReadOnlyObjectProperty<List<Session.Summary>> sessions() {
        return sessions.getReadOnlyProperty();
    }

    /** How loud it is now; silence where nothing is recorded. */
    public RecognitionEvent.Level level() {
        return level;
    }

    /** Looks for recording devices. */
    public void findMicrophones() {
        desk.inBackground(Microphone::list, microphones::set, message::set);
    }

    /** Looks for sessions that are kept, and tells of those that were cut off. */
    public void findSessions() {
        desk.inBackground(
                () -> {
                    List<Session.Summary> summaries = new ArrayList<>();
                    for (Session session : Session.list(desk.folders().sessions())) {
                        summaries.add(session.summary());
                    }
                    return List.copyOf(summaries);
                },
                found -> {
                    sessions.set(found);
                    found.stream().filter(summary -> summary.session().cutOff()).forEach(this::offer);
                },
                desk::fail);
    }

    private void offer(Session.Summary summary) {
        String text = Strings.get(
                "live.recovered",
                summary.session().title(),
                Figures.duration(summary.seconds()),
                Integer.toString(summary.words()));
        desk.notices()
                .tell(Notices.Kind.WARNING, text, Strings.get("live.recovered.open"), () -> open(summary.session()));
    }

    private record Opened(Transcript transcript, Timeline timeline, String problem) {}

    /** Without the experts if these cannot be read: the text is worth more. */
    private static Opened read(Session session) throws IOException {
        Transcript transcript = session.read();
        try {
            return new Opened(transcript, session.timeline(), "");
        } catch (IOException e) {
            return new Opened(transcript, new Timeline(List.of(), 1), FailureText.of(e));
        }
    }

    /** Shows a session that was kept. */
    public void open(Session session) {
        if (state.get().active()) {
            message.set(Strings.get("live.busy"));
            return;
        }
        desk.inBackground(
                () -> {
                    Opened opened = read(session);
                    session.end();
                    return opened;
                },
                opened -> {
                    shown = session;
                    message.set(opened.problem());
                    document.set(DocumentLoader.open(
                            desk, opened.transcript(), opened.timeline(), session.sound(), this::soundIsWhole));
                },
                desk::fail);
    }

    /** Deletes a session that was kept. */
    public void delete(Session session) {
        desk.inBackground(
                () -> {
                    session.delete();
                    return session;
                },
                done -> {
                    if (session.equals(shown)) {
                        shown = null;
                        document.set(null);
                    }
                    findSessions();
                },
                desk::fail);
    }

    /** The session that is shown, if there is one. */
    public Optional<Session> session() {
        return Optional.ofNullable(shown);
    }

    /** Begins to record with the microphone of the settings, or the first one if none was chosen. */
    public void start() {
        if (state.get().active()) {
            return;
        }
        state.set(State.STARTING);
        message.set("");
        desk.inBackground(
                Microphone::list,
                found -> {
                    state.set(State.IDLE);
                    microphones.set(found);
                    start(found);
                },
                reason -> {
                    state.set(State.IDLE);
                    message.set(reason);
                });
    }

    private void start(List<Microphone> found) {
        Optional<String> wanted = desk.settings().get().microphone();
        Optional<Microphone> chosen = found.stream()
                .filter(microphone -> wanted.isEmpty() || microphone.name().equals(wanted.get()))
                .findFirst();
        if (chosen.isPresent()) {
            start(chosen.get());
        } else if (found.isEmpty()) {
            message.set(Strings.get("live.noMicrophone"));
        } else {
            message.set(Strings.get("live.microphoneGone", wanted.orElse("")));
        }
    }

    /** Begins to record from some source. */
    public void start(AudioSource source) {
        if (state.get().active()) {
            return;
        }
        state.set(State.STARTING);
        message.set("");
        run = new Run(source, Engine.Choice.of(desk.settings().get()));
        desk.threads().work().execute(run);
    }

    /** Stops listening for a while, or goes on. */
    public void togglePause() {
        if (run != null && run.session != null) {
            if (state.get() == State.PAUSED) {
                run.session.resume();
            } else {
                run.session.pause();
            }
        }
    }

    /** Ends the session; what was said is still recognised. */
    public void stop() {
        if (run != null && run.session != null) {
            state.set(State.STOPPING);
            run.session.stop();
        }
    }

    /**
     * Ends the session, and waits until all that was said is on its way to the disk. Not on the window's thread, which must
     * still run.
     */
    public void close() throws InterruptedException {
        Run last = run;
        if (last != null) {
            if (last.session != null) {
                last.session.stop();
            }
            last.finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** The document was corrected, or has grown: it is written soon, and once if that happens often. */
    public void save() {
        if (shown == null || document.get() == null) {
            return;
        }
        if (writing) {
            changed = true;
            return;
        }
        writing = true;
        changed = false;
        Document saved = document.get();
        Transcript transcript = saved.transcript();
        Session session = shown;
        desk.threads().io().execute(() -> {
            String failure = write(session, transcript);
            desk.threads().window().execute(() -> {
                writing = false;
                if (!failure.isEmpty()) {
                    message.set(failure);
                } else if (!changed) {
                    saved.saved();
                }
                if (changed) {
                    save();
                }
            });
        });
    }

    private static String write(Session session, Transcript transcript) {
        try {
            String json = TranscriptWriter.format(transcript, TranscriptFormat.JSON);
            AtomicFile.write(session.transcript(), out -> out.write(json));
            return "";
        } catch (IOException e) {
            return Strings.get("file.unwritten", session.transcript(), FailureText.of(e));
        }
    }

    private void soundIsWhole() {
        soundRevision.set(soundRevision.get() + 1);
    }

    /** One session. */
    private final class Run implements Runnable {
        private final AudioSource source;
        private final Engine.Choice choice;
        private final CountDownLatch finished = new CountDownLatch(1);
        private volatile LiveSession session;
        /** Null once it cannot be written. */
        private RoutingFile routing;

        Run(AudioSource source, Engine.Choice choice) {
            this.source = source;
            this.choice = choice;
        }

        @Override
        public void run() {
            String failure = "";
            try {
                desk.engine().use(choice, recognizer -> {
                    listen(recognizer);
                    return null;
                });
            } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                failure = FailureText.of(e);
            }
            String reason = failure;
            window(() -> ended(reason));
        }

        private void listen(Recognizer recognizer) {
            ModelManifest model = recognizer.model();
            Timeline timeline = new Timeline(model.architecture().experts(), model.stepSeconds());
            Session folder = begin();
            Document next =
                    new Document(folder.title(), model.name(), timeline, Optional.of(folder.sound()), List.of());
            window(() -> {
                shown = folder;
                next.setRecording(true);
                document.set(next);
            });
            try (RoutingFile experts =
                    RoutingFile.create(folder.routing(), model.architecture().experts(), model.stepSeconds())) {
                routing = experts;
                session = recognizer.listen(
                        new HeardSource(source, timeline),
                        StreamOptions.standard(),
                        Optional.of(AudioRecording.create(folder.sound())),
                        event -> hear(event, next));
                session.await();
                folder.end();
            } catch (InterruptedException e) {
                session.close();
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                window(() -> message.set(FailureText.of(e)));
            }
        }

        private Session begin() {
            try {
                return Session.begin(desk.folders().sessions(), Session.now());
            } catch (IOException e) {
                String reason = Strings.get("live.noFolder", desk.folders().sessions(), FailureText.of(e));
                throw new DeskException(reason);
            }
        }

        private void window(Runnable task) {
            desk.threads().window().execute(task);
        }

        private void ended(String failure) {
            level = SILENCE;
            run = null;
            if (document.get() != null) {
                document.get().setRecording(false);
            }
            state.set(State.IDLE);
            if (!failure.isEmpty()) {
                message.set(failure);
            }
            save();
            soundIsWhole();
            findSessions();
            finished.countDown();
        }

        /** On the threads of the session. */
        private void hear(RecognitionEvent event, Document into) {
            if (event instanceof RecognitionEvent.Level now) {
                level = now;
            } else if (event instanceof RecognitionEvent.Routing experts) {
                if (experts.settled()) {
                    into.timeline().addRouting(experts.firstStep(), experts.trace());
                    keep(experts);
                } else {
                    into.timeline().preview(experts.firstStep(), experts.trace());
                }
            } else if (event instanceof RecognitionEvent.Partial partial) {
                window(() -> into.showPartial(partial.stable(), partial.tentative()));
            } else if (event instanceof RecognitionEvent.Final last) {
                window(() -> {
                    into.append(last.segment());
                    save();
                });
            } else if (event instanceof RecognitionEvent.Endpoint) {
                window(() -> into.showPartial(List.of(), List.of()));
            } else if (event instanceof RecognitionEvent.Input input) {
                window(() -> input(input));
            }
        }

        private void keep(RecognitionEvent.Routing experts) {
            if (routing != null) {
                try {
                    routing.add(experts.firstStep(), experts.trace());
                } catch (IOException e) {
                    String reason = Strings.get("file.unwritten", routing.file(), FailureText.of(e));
                    routing = null;
                    window(() -> message.set(reason));
                }
            }
        }

        private void input(RecognitionEvent.Input input) {
            switch (input.state()) {
                case OPEN -> {
                    state.set(state.get() == State.STOPPING ? State.STOPPING : State.RECORDING);
                    message.set("");
                }
                case PAUSED -> state.set(State.PAUSED);
                case LOST -> {
                    state.set(State.WAITING);
                    message.set(input.message());
                }
                case BEHIND, UNRECORDED, FAILED -> message.set(input.message());
                case ENDED -> {}
            }
        }
    }
}
