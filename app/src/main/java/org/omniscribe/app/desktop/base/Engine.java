package org.omniscribe.app.desktop.base;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;

/**
 * The recognizer that the window works with: opened when it is first needed, and exchanged when another model is chosen.
 * Thread-safe; a recognizer in use is closed only after its last user is done.
 */
public final class Engine implements AutoCloseable {
    /**
     * What to open.
     *
     * @param model the bundle; empty for the built-in one
     * @param threads processor threads; 0 for all
     */
    public record Choice(Optional<Path> model, int threads) {
        /** What the settings say. */
        public static Choice of(Settings settings) {
            return new Choice(settings.model(), settings.threads());
        }

        /** As a recognizer takes it, with the routing. */
        RecognizerOptions options() {
            RecognizerOptions.Builder builder = RecognizerOptions.builder().routing(true);
            model.ifPresent(builder::model);
            if (threads > 0) {
                builder.threads(threads);
            }
            return builder.build();
        }
    }

    private static final class Entry {
        final Choice choice;
        final Recognizer recognizer;
        int users;

        Entry(Choice choice, Recognizer recognizer) {
            this.choice = choice;
            this.recognizer = recognizer;
        }
    }

    private Entry current;
    private boolean closed;

    /**
     * Does something with the recognizer of a choice, which is opened first if it is not the current one. Slow: never on
     * the window's thread.
     *
     * @throws org.omniscribe.asr.model.ModelException if the model cannot be used
     */
    public <T> T use(Choice choice, Function<Recognizer, T> task) {
        Entry entry = enter(choice);
        try {
            return task.apply(entry.recognizer);
        } finally {
            leave(entry);
        }
    }

    private synchronized Entry enter(Choice choice) {
        if (closed) {
            throw new IllegalStateException("the window is closing");
        }
        if (current == null || !current.choice.equals(choice)) {
            Entry next = new Entry(choice, Recognizer.open(choice.options()));
            Entry old = current;
            current = next;
            if (old != null && old.users == 0) {
                old.recognizer.close();
            }
        }
        current.users++;
        return current;
    }

    private synchronized void leave(Entry entry) {
        entry.users--;
        if (entry.users == 0 && (closed || entry != current)) {
            entry.recognizer.close();
        }
    }

    /** Frees the model, or has its last user do so. */
    @Override
    public synchronized void close() {
        closed = true;
        if (current != null && current.users == 0) {
            current.recognizer.close();
        }
    }
}
