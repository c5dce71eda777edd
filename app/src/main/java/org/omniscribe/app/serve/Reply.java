package org.omniscribe.app.serve;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * An answer.
 *
 * @param status of HTTP
 * @param type of its content
 * @param body all of it
 */
record Reply(int status, String type, String body) {
    static final String JSON = "application/json";
    static final String TEXT = "text/plain; charset=utf-8";
    static final String EVENTS = "text/event-stream; charset=utf-8";

    /** Of a request that is refused, bytes that are waited for before the connection is cut, and how long for. */
    private static final long MAX_DISCARDED_BYTES = 1 << 28;

    private static final long MAX_DISCARD_NANOS = TimeUnit.SECONDS.toNanos(30);

    static Reply of(Refusal refusal) {
        return new Reply(refusal.status(), JSON, Answers.text(Answers.error(refusal)));
    }

    /** Answers a request that has been read to its end, or whose connection is to be closed. */
    void send(Response response, Callback callback) {
        head(response, status, type);
        Content.Sink.write(response, true, body, callback);
    }

    /** What every answer begins with. */
    static void head(Response response, int status, String type) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    }

    /** Refuses a request of which nothing has been read. */
    static void refuse(Refusal refusal, Request request, Response response, Callback callback) {
        refuse(refusal, new Upload(request, MAX_DISCARD_NANOS), response, callback);
    }

    /**
     * Refuses a request. A caller that is still sending does not read, and would see a broken connection only; so what it
     * sends is taken first, as it comes, and thrown away; but not for long.
     */
    static void refuse(Refusal refusal, Upload upload, Response response, Callback callback) {
        discard(upload, MAX_DISCARDED_BYTES, failure -> {
            upload.done();
            upload.answering();
            // Also where the rest is damaged; whoever has left does not get it.
            if (failure != null) {
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
            }
            of(refusal).send(response, callback);
        });
    }

    /**
     * Throws away what is still to come of a request.
     *
     * @param most bytes to wait for
     * @param then gets null at the end of the request, {@link Upload.TooSlow} if that is too far away, else what broke it
     */
    private static void discard(Upload upload, long most, Consumer<Throwable> then) {
        long left = most;
        for (Content.Chunk chunk; (chunk = upload.read()) != null; ) {
            if (Content.Chunk.isFailure(chunk)) {
                then.accept(chunk.getFailure());
                return;
            }
            left -= chunk.remaining();
            boolean last = chunk.isLast();
            chunk.release();
            if (last || left < 0) {
                then.accept(last ? null : new Upload.TooSlow());
                return;
            }
        }
        long rest = left;
        upload.demand(() -> discard(upload, rest, then));
    }
}
