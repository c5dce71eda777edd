package org.omniscribe.app.desktop.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.omniscribe.app.batch.AudioFiles;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.base.Engine;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.app.desktop.base.Notices;
import org.omniscribe.app.desktop.base.Settings;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.files.QueueItem.State;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.TranscriptFormat;
import org.omniscribe.asr.transcript.TranscriptWriter;

/**
 * The queue: recordings are transcribed one after the other, as soon as they are added. What fails is told at its line,
 * and the rest goes on. Used by the window's thread alone.
 */
public final class FilesModel {
    private static final double NANOS = 1e9;

    private final Desk desk;
    private final LongSupplier clock;
    private final ObservableList<QueueItem> items = FXCollections.observableArrayList();
    private final ObservableList<QueueItem> shown = FXCollections.unmodifiableObservableList(items);
    private final ReadOnlyBooleanWrapper paused = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper summary = new ReadOnlyStringWrapper("");
    private Path results;
    private Job job;

    /** An empty queue. */
    public FilesModel(Desk desk) {
        this(desk, System::nanoTime);
    }

    FilesModel(Desk desk, LongSupplier clock) {
        this.desk = desk;
        this.clock = clock;
    }

    /** The recordings in the order in which they were added; to be watched and not to be changed. */
    public ObservableList<QueueItem> items() {
        return shown;
    }

    /** Whether the queue rests. */
    public ReadOnlyBooleanProperty paused() {
        return paused.getReadOnlyProperty();
    }

    /** Whether there is something to do. */
    public ReadOnlyBooleanProperty busy() {
        return busy.getReadOnlyProperty();
    }

    /** How far all of it is, in words. */
    public ReadOnlyStringProperty summary() {
        return summary.getReadOnlyProperty();
    }

    /** Adds files, and the recordings in and below folders; what is in the queue already is left out. */
    public void add(List<Path> named) {
        desk.inBackground(
                () -> AudioFiles.find(named, true),
                found -> {
                    found.failures().forEach((path, reason) -> desk.fail(path + ": " + reason));
                    found.inputs().forEach(input -> add(input.path()));
                    if (found.inputs().isEmpty() && found.failures().isEmpty()) {
                        desk.notices().tell(Notices.Kind.WARNING, Strings.get("files.none"));
                    }
                    refresh();
                    next();
                },
                desk::fail);
    }

    private void add(Path recording) {
        Path path = recording.toAbsolutePath().normalize();
        if (items.stream().anyMatch(item -> item.recording().equals(path))) {
            return;
        }
        QueueItem item = new QueueItem(path);
        items.add(item);
        desk.threads().io().execute(() -> {
            double seconds = seconds(path);
            desk.threads().window().execute(() -> {
                if (item.state() == State.WAITING) {
                    item.setTotal(seconds);
                    refresh();
                }
            });
        });
    }

    /** The length by the header; what cannot be read tells why when its turn comes. */
    private static double seconds(Path path) {
        try (AudioReader reader = AudioReader.open(path)) {
            return reader.seconds();
        } catch (RuntimeException e) {
            return Double.NaN;
        }
    }

    /** Rests after the piece that is being worked on, or goes on. */
    public void setPaused(boolean value) {
        paused.set(value);
        if (job != null) {
            job.setPaused(value);
        }
        refresh();
        next();
    }

    /** Does not do a recording, or stops doing it. */
    public void cancel(QueueItem item) {
        if (job != null && job.item == item) {
            job.cancel();
        } else if (item.state() == State.WAITING) {
            item.end(State.CANCELLED, "");
            refresh();
        }
    }

    /** Cancels all that is not done. */
    public void cancelAll() {
        List.copyOf(items).forEach(this::cancel);
    }

    /** Does one again that failed or was cancelled. */
    public void retry(QueueItem item) {
        if (item.state().ended()) {
            item.again();
            refresh();
            next();
        }
    }

    /** Takes one out of the list; its files stay. */
    public void remove(QueueItem item) {
        cancel(item);
        items.remove(item);
        refresh();
    }

    /** Takes those out of the list that have ended. */
    public void clearEnded() {
        items.removeIf(item -> item.state().ended());
        refresh();
    }

    private void next() {
        if (job != null || paused.get()) {
            return;
        }
        Optional<QueueItem> waiting =
                items.stream().filter(item -> item.state() == State.WAITING).findFirst();
        waiting.ifPresent(item -> {
            item.begin();
            job = new Job(item, desk.settings().get());
            desk.threads().work().execute(job);
            refresh();
        });
    }

    private void refresh() {
        busy.set(items.stream().anyMatch(item -> !item.state().ended()));
        summary.set(summarize());
    }

    private String summarize() {
        int ended = 0;
        int failed = 0;
        double done = 0;
        double elapsed = 0;
        double left = 0;
        boolean known = true;
        for (QueueItem item : items) {
            ended += item.state() == State.DONE ? 1 : 0;
            failed += item.state() == State.FAILED ? 1 : 0;
            if (item.state() == State.DONE || item.state() == State.RUNNING) {
                done += item.done();
                elapsed += item.elapsed();
            }
            if (!item.state().ended()) {
                known &= !Double.isNaN(item.total());
                left += Double.isNaN(item.total()) ? 0 : item.total() - item.done();
            }
        }
        if (items.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(Strings.get("files.summary", ended, items.size()));
        if (failed > 0) {
            text.append(" · ").append(Strings.get("files.summary.failed", failed));
        }
        if (done > 0) {
            text.append(" · ").append(Strings.get("files.summary.audio", Figures.duration(done)));
        }
        if (elapsed > 0) {
            text.append(" · ").append(Strings.get("files.speed", Math.round(done / elapsed)));
        }
        if (paused.get() && busy.get()) {
            text.append(" · ").append(Strings.get("files.summary.paused"));
        } else if (busy.get() && known && elapsed > 0 && done > 0) {
            text.append(" · ").append(Strings.get("files.left", Figures.duration(left * elapsed / done)));
        }
        return text.toString();
    }

    /** The folder for results, which is made when the first is there and goes when the program ends. */
    private synchronized Path results() throws IOException {
        if (results == null) {
            results = Files.createTempDirectory("omniscribe-");
            results.toFile().deleteOnExit();
        }
        return results;
    }

    /** Where a transcript goes: named after the recording, and never in place of a file that is there already. */
    static Path output(Path recording, Optional<Path> folder, TranscriptFormat format) {
        String full = recording.getFileName().toString();
        int dot = full.lastIndexOf('.');
        String name = dot > 0 ? full.substring(0, dot) : full;
        Path in = folder.orElse(recording.getParent());
        Path file = in.resolve(name + "." + format.extension());
        for (int n = 2; Files.exists(file); n++) {
            file = in.resolve(name + " (" + n + ")." + format.extension());
        }
        return file;
    }

    /** One recording on its way. */
    private final class Job implements Runnable {
        private final QueueItem item;
        private final Settings settings;
        private boolean resting;
        private boolean cancelled;
        private long restedNanos;

        Job(QueueItem item, Settings settings) {
            this.item = item;
            this.settings = settings;
        }

        synchronized void setPaused(boolean value) {
            resting = value;
            notifyAll();
        }

        synchronized void cancel() {
            cancelled = true;
            notifyAll();
        }

        @Override
        public void run() {
            try {
                long[] begin = {0};
                Transcript transcript = desk.engine().use(Engine.Choice.of(settings), recognizer -> {
                    begin[0] = clock.getAsLong();
                    return recognizer.transcribe(item.recording(), (done, total) -> at(begin[0], done, total));
                });
                List<Path> written = new ArrayList<>();
                for (TranscriptFormat format : settings.formats()) {
                    Path file = output(item.recording(), settings.outputFolder(), format);
                    AtomicFile.write(file, out -> TranscriptWriter.write(transcript, format, out));
                    written.add(file);
                }
                Path json = Files.createTempFile(results(), "result", ".json");
                json.toFile().deleteOnExit();
                TranscriptWriter.write(transcript, TranscriptFormat.JSON, json);
                String warning = String.join(" ", transcript.warnings());
                int words = transcript.words().size();
                end(() -> item.finish(transcript.duration(), words, json, written, warning));
            } catch (CancellationException e) {
                end(() -> item.end(State.CANCELLED, ""));
            } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
                String reason = FailureText.of(e);
                end(() -> item.end(State.FAILED, reason));
            }
        }

        private void end(Runnable how) {
            desk.threads().window().execute(() -> {
                how.run();
                job = null;
                refresh();
                next();
            });
        }

        private void at(long begin, double done, double total) {
            rest();
            double took = (clock.getAsLong() - begin - restedNanos) / NANOS;
            desk.threads().window().execute(() -> {
                if (item.state() == State.RUNNING) {
                    item.progress(done, total, took);
                    refresh();
                }
            });
        }

        private synchronized void rest() {
            long from = clock.getAsLong();
            try {
                while (resting && !cancelled) {
                    wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                cancelled = true;
            }
            restedNanos += clock.getAsLong() - from;
            if (cancelled) {
                throw new CancellationException();
            }
        }
    }
}
