package org.omniscribe.app.desktop.base;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The threads of the window. Whatever may take longer than a frame is done on another thread than the window's.
 *
 * @param window runs tasks on the thread that alone may touch the window and the view models
 * @param io short reading and writing of files, in order
 * @param work long tasks, side by side
 */
public record Threads(Executor window, ExecutorService io, ExecutorService work) implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;

    /** Threads that do not keep the program alive. */
    public static Threads start(Executor window) {
        return new Threads(
                window,
                Executors.newSingleThreadExecutor(task -> daemon(task, "desktop-io")),
                Executors.newCachedThreadPool(task -> daemon(task, "desktop-work")));
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Lets what is to be written be written, and ends the rest. */
    @Override
    public void close() {
        work.shutdownNow();
        io.shutdown();
        try {
            io.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
