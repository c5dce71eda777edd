package org.omniscribe.app.life;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.omniscribe.asr.model.NativeCalls;
import org.slf4j.LoggerFactory;

/**
 * Ends the program, and never while ONNX Runtime works, which would crash it.
 *
 * <p>INT (Ctrl-C), TERM and HUP ask the work at hand to end: it stops to begin anything new, completes what it has begun
 * within its grace time, and writes what it has. The exit code is then 128 and the number of the signal: 130 after INT, 143
 * after TERM. A second signal, or the end of the grace time, ends the program at once; what was being written to a file is
 * then thrown away, and what was there before stays.
 */
public final class Life {
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    /** Signals are told by codes from here on. */
    private static final int OF_SIGNAL = 128;

    /** How long the network is waited for, which works on some seconds of sound at a time. */
    private static final Duration NETWORK = Duration.ofSeconds(30);

    private static final Object LOCK = new Object();
    private static final List<Work> WORKS = new ArrayList<>();
    private static final CountDownLatch ENDING = new CountDownLatch(1);
    private static int signal;

    private Life() {}

    /** Work that a signal asks to end. */
    public static final class Work implements AutoCloseable {
        private final Duration grace;
        private final Runnable stop;

        private Work(Duration grace, Runnable stop) {
            this.grace = grace;
            this.stop = stop;
        }

        /** It has come to an end, or is of no matter any more. */
        @Override
        public void close() {
            synchronized (LOCK) {
                WORKS.remove(this);
            }
        }
    }

    /** From now on signals are handled as this class says. To be called once, when the program starts. */
    public static void begin() {
        SIGNALS.forEach(name -> Signals.handle(name, Life::caught));
    }

    /**
     * Work begins that a signal is to end.
     *
     * @param grace how long the program goes on after a signal, until its exit at the latest
     * @param stop asks the work to end and returns at once; called on another thread, once at most. If the signal has come
     *     already, it is called here and now
     */
    public static Work work(Duration grace, Runnable stop) {
        Work work = new Work(grace, stop);
        boolean late;
        synchronized (LOCK) {
            late = signal != 0;
            WORKS.add(work);
        }
        if (late) {
            stop.run();
        }
        return work;
    }

    /** Something to do. */
    @FunctionalInterface
    public interface Task<T, E extends Exception> {
        /** Does it. */
        T run() throws E;
    }

    /** Does something that a signal is to end, as {@link #work} says. */
    public static <T, E extends Exception> T during(Duration grace, Runnable stop, Task<T, E> task) throws E {
        Work work = work(grace, stop);
        try {
            return task.run();
        } finally {
            work.close();
        }
    }

    /** Whether a signal has asked the program to end. */
    public static boolean ending() {
        synchronized (LOCK) {
            return signal != 0;
        }
    }

    /**
     * Ends the program.
     *
     * @param code what to exit with, unless a signal has asked for the end
     */
    public static void exit(int code) {
        ENDING.countDown();
        int number;
        synchronized (LOCK) {
            number = signal;
        }
        end(number == 0 ? code : OF_SIGNAL + number);
    }

    /** A signal has come; on a thread of its own. */
    private static void caught(int number) {
        List<Work> asked;
        synchronized (LOCK) {
            asked = signal == 0 ? List.copyOf(WORKS) : List.of();
            signal = signal == 0 ? number : signal;
        }
        // The innermost first.
        for (int i = asked.size() - 1; i >= 0; i--) {
            try {
                asked.get(i).stop.run();
            } catch (RuntimeException e) {
                LoggerFactory.getLogger(Life.class).warn("what is at work cannot be stopped", e);
            }
        }
        asked.stream().map(work -> work.grace).max(Comparator.naturalOrder()).ifPresent(Life::awaitEnd);
        exit(OF_SIGNAL + number);
    }

    private static void awaitEnd(Duration grace) {
        try {
            if (ENDING.await(grace.toNanos(), TimeUnit.NANOSECONDS)) {
                // Whoever has begun it ends it.
                new CountDownLatch(1).await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(int code) {
        if (NativeCalls.end(NETWORK)) {
            System.exit(code);
        }
        // The hook of ONNX Runtime would free what is in use.
        Runtime.getRuntime().halt(code);
    }
}
