package org.omniscribe.app.serve;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets in as many requests as can be worked on or wait, and of these as many to work as there are jobs, in order. */
final class Gate {
    /** How often whoever waits is looked after. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Semaphore places;
    /** Those who wait, the first first. */
    private final Deque<Object> line = new ArrayDeque<>();

    private int free;
    private final Metrics metrics;

    Gate(int jobs, int queue, Metrics metrics) {
        this.places = new Semaphore(jobs + queue);
        this.free = jobs;
        this.metrics = metrics;
    }

    /** Whether there is no place at the moment. */
    boolean full() {
        return places.availablePermits() == 0;
    }

    /** Whether there was a place; it is to be given back with {@link #leave}. */
    boolean enter() {
        boolean entered = places.tryAcquire();
        if (entered) {
            metrics.open.incrementAndGet();
        }
        return entered;
    }

    void leave() {
        metrics.open.decrementAndGet();
        places.release();
    }

    /** What is done when a request's turn has come. */
    @FunctionalInterface
    interface Work<T> {
        T get();
    }

    /**
     * Waits for a turn and works.
     *
     * @param deadline when to give up, as {@link System#nanoTime} counts
     * @param look called a few times a second while it waits; what it throws ends the waiting
     * @throws Refusal if the turn does not come in time
     */
    <T> T work(long deadline, Runnable look, Work<T> work) throws InterruptedException {
        await(deadline, look);
        long begun = System.nanoTime();
        metrics.working.incrementAndGet();
        try {
            return work.get();
        } finally {
            metrics.working.decrementAndGet();
            metrics.workSeconds.add((System.nanoTime() - begun) * 1e-9);
            synchronized (line) {
                free++;
                line.notifyAll();
            }
        }
    }

    /** Whoever looks up keeps its place in the line. */
    private void await(long deadline, Runnable look) throws InterruptedException {
        Object place = new Object();
        synchronized (line) {
            line.add(place);
            metrics.waiting.incrementAndGet();
        }
        try {
            while (!turn(place, Math.min(LOOK_NANOS, deadline - System.nanoTime()))) {
                look.run();
                if (System.nanoTime() - deadline >= 0) {
                    throw new Refusal(
                            503, "server_error", "the server did not come to this request in time; try again later");
                }
            }
        } finally {
            synchronized (line) {
                metrics.waiting.decrementAndGet();
                line.remove(place);
                line.notifyAll();
            }
        }
    }

    /** Whether the turn of a place comes within a time; then a job is taken. */
    private boolean turn(Object place, long nanos) throws InterruptedException {
        long until = System.nanoTime() + nanos;
        synchronized (line) {
            for (long left; free == 0 || line.peek() != place; ) {
                left = until - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(line, left);
            }
            free--;
            return true;
        }
    }
}
