package org.omniscribe.app.serve;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets in as many requests as can be worked on or wait, and of these as many to work as there are jobs, in order. */
final class Gate {
    /** How often whoever waits is looked after. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Semaphore places;
    private final Semaphore jobs;
    private final Metrics metrics;

    Gate(int jobs, int queue, Metrics metrics) {
        this.places = new Semaphore(jobs + queue);
        this.jobs = new Semaphore(jobs, true);
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
        metrics.waiting.incrementAndGet();
        try {
            while (!jobs.tryAcquire(Math.min(LOOK_NANOS, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                look.run();
                if (System.nanoTime() - deadline >= 0) {
                    throw new Refusal(
                            503, "server_error", "the server did not come to this request in time; try again later");
                }
            }
        } finally {
            metrics.waiting.decrementAndGet();
        }
        long begun = System.nanoTime();
        metrics.working.incrementAndGet();
        try {
            return work.get();
        } finally {
            metrics.working.decrementAndGet();
            metrics.workSeconds.add((System.nanoTime() - begun) * 1e-9);
            jobs.release();
        }
    }
}
