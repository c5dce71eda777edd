package org.omniscribe.app.batch;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Hands on how each job of a batch ended, in the order of the jobs, whichever ended first. Not thread-safe. */
public final class InOrder implements Consumer<BatchEvent> {
    private final Consumer<BatchEvent> listener;
    private final Map<Integer, BatchEvent> waiting = new HashMap<>();
    private int next;

    /** Hands on to a listener. */
    public InOrder(Consumer<BatchEvent> listener) {
        this.listener = listener;
    }

    /** Hands on what has ended behind jobs that never will, in order. */
    public void rest() {
        waiting.keySet().stream().sorted().toList().forEach(index -> listener.accept(waiting.remove(index)));
    }

    @Override
    public void accept(BatchEvent event) {
        if (event.last()) {
            waiting.put(event.index(), event);
        }
        for (BatchEvent last; (last = waiting.remove(next)) != null; next++) {
            listener.accept(last);
        }
    }
}
