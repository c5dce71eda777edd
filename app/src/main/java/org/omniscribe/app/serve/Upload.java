package org.omniscribe.app.serve;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The body of a request on its way in, which is given up when it is too slow. */
final class Upload implements Content.Source {
    private static final Logger LOG = LoggerFactory.getLogger(Upload.class);

    /** The body is not there in time. */
    static final class TooSlow extends RuntimeException {
        TooSlow() {
            super("too slow", null, false, false);
        }
    }

    private final Request request;
    private final Scheduler.Task end;
    private Content.Chunk failure;
    private Runnable waiting;
    private boolean complete;

    /**
     * Begins to read.
     *
     * @param nanos time from now on after which reading fails with {@link TooSlow}
     */
    Upload(Request request, long nanos) {
        this.request = request;
        // Silence while the server itself works is no fault of the caller.
        request.addIdleTimeoutListener(this::silent);
        end = request.getComponents()
                .getScheduler()
                .schedule(() -> giveUp(new TooSlow()), Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    @Override
    public Content.Chunk read() {
        synchronized (this) {
            if (failure != null) {
                return failure;
            }
        }
        Content.Chunk chunk = request.read();
        if (chunk != null && chunk.isLast()) {
            done();
        }
        return chunk;
    }

    @Override
    public void demand(Runnable callback) {
        boolean now;
        synchronized (this) {
            now = failure != null;
            waiting = now ? null : callback;
        }
        if (now) {
            callback.run();
        } else {
            request.demand(this::resume);
        }
    }

    private void resume() {
        Runnable next;
        synchronized (this) {
            next = waiting;
            waiting = null;
        }
        if (next != null) {
            next.run();
        }
    }

    /** A parser that gives up fails what it reads; the rest can then still be thrown away, and the caller told why. */
    @Override
    public void fail(Throwable cause) {
        LOG.debug("a request is given up", cause);
    }

    /** No more time is kept: the body is there, or nobody wants it. */
    void done() {
        synchronized (this) {
            complete = true;
        }
        end.cancel();
    }

    /** Whether the connection is to be given up because nothing moved on it. */
    private boolean silent(TimeoutException e) {
        synchronized (this) {
            if (complete) {
                return answering;
            }
        }
        giveUp(new TooSlow());
        return false;
    }

    private boolean answering;

    /** From now on the caller is to take its answer. */
    synchronized void answering() {
        answering = true;
    }

    private void giveUp(Throwable cause) {
        synchronized (this) {
            if (complete || failure != null) {
                return;
            }
            failure = Content.Chunk.from(cause);
        }
        request.getComponents().getExecutor().execute(this::resume);
    }
}
