package org.omniscribe.app.desktop.files;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;

/** A recording in the queue. Used by the window's thread alone. */
public final class QueueItem {
    /** How far it has come. */
    public enum State {
        WAITING,
        RUNNING,
        DONE,
        FAILED,
        CANCELLED;

        /** Whether nothing more will happen by itself. */
        public boolean ended() {
            return this != WAITING && this != RUNNING;
        }
    }

    private final Path recording;
    private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper();
    private State state = State.WAITING;
    private double total = Double.NaN;
    private double done;
    private double elapsed;
    private int words;
    private String message = "";
    private List<Path> outputs = List.of();
    private Optional<Path> result = Optional.empty();

    QueueItem(Path recording) {
        this.recording = recording;
    }

    /** The audio file. */
    public Path recording() {
        return recording;
    }

    /** Changes with everything else. */
    public ReadOnlyLongProperty revision() {
        return revision.getReadOnlyProperty();
    }

    /** How far it has come. */
    public State state() {
        return state;
    }

    /** Seconds of audio; NaN if not known yet. */
    public double total() {
        return total;
    }

    /** Seconds of audio that are transcribed. */
    public double done() {
        return done;
    }

    /** Seconds that it has taken so far. */
    public double elapsed() {
        return elapsed;
    }

    /** Seconds of audio a second; 0 before anything is done. */
    public double speed() {
        return elapsed > 0 ? done / elapsed : 0;
    }

    /** What part is done, 0 to 1; negative if that cannot be told. */
    public double progress() {
        return Double.isNaN(total) ? -1 : total == 0 ? 1 : Math.min(1, done / total);
    }

    /** Number of words that were found. */
    public int words() {
        return words;
    }

    /** What went wrong and what to do; of a finished one, what was odd about it; mostly empty. */
    public String message() {
        return message;
    }

    /** The files that were written. */
    public List<Path> outputs() {
        return outputs;
    }

    /** The whole result as JSON, kept until the window closes. */
    public Optional<Path> result() {
        return result;
    }

    void setTotal(double seconds) {
        total = seconds;
        touch();
    }

    void begin() {
        state = State.RUNNING;
        done = 0;
        elapsed = 0;
        message = "";
        touch();
    }

    void progress(double seconds, double of, double took) {
        done = seconds;
        elapsed = took;
        if (!Double.isNaN(of)) {
            total = of;
        }
        touch();
    }

    void finish(double seconds, int wordCount, Path json, List<Path> written, String warning) {
        state = State.DONE;
        total = seconds;
        done = seconds;
        words = wordCount;
        result = Optional.of(json);
        outputs = List.copyOf(written);
        message = warning;
        touch();
    }

    void end(State how, String why) {
        state = how;
        message = why;
        touch();
    }

    void again() {
        state = State.WAITING;
        done = 0;
        elapsed = 0;
        message = "";
        touch();
    }

    private void touch() {
        revision.set(revision.get() + 1);
    }
}
