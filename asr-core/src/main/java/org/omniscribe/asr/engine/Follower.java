package org.omniscribe.asr.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs one task after the other in a thread of its own, while whoever gives it the tasks goes on to make the next: the
 * second stage of a pipeline, at most one task behind the first. For the use of one thread.
 */
final class Follower implements AutoCloseable {
    private final ExecutorService thread;
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    /** With a thread of that name, which begins with the first task. */
    Follower(String name) {
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread worker = new Thread(task, name);
            worker.setDaemon(true);
            return worker;
        });
    }

    /**
     * Waits for the task before, then begins with this one.
     *
     * @throws RuntimeException what the task before threw; this one is not begun
     */
    void run(Runnable task) {
        await();
        last = CompletableFuture.runAsync(task, thread);
    }

    /**
     * Waits for the last task.
     *
     * @throws RuntimeException what it threw
     */
    void await() {
        try {
            last.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            // A task throws nothing else.
            throw (Error) e.getCause();
        }
    }

    /** Waits for the last task, whatever becomes of it, and ends the thread. */
    @Override
    public void close() {
        last.handle((nothing, fault) -> null).join();
        thread.shutdown();
    }
}
