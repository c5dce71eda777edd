package org.omniscribe.datasets.download;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The content of an answer, taken piece by piece with a limit on how long the next may take. */
final class Body implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
    private sealed interface Event {}

    private record Piece(List<ByteBuffer> buffers) implements Event {}

    private record End() implements Event {}

    private record Failure(Throwable cause) implements Event {}

    /** Never more than two: the next piece is asked for when one is taken. */
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    private volatile Flow.Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription s) {
        subscription = s;
        s.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        events.add(new Piece(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        events.add(new Failure(cause));
    }

    @Override
    public void onComplete() {
        events.add(new End());
    }

    /**
     * Waits for the next piece.
     *
     * @return empty at the end
     * @throws IOException if the connection fails or brings nothing in time
     */
    List<ByteBuffer> next(Duration limit) throws IOException, InterruptedException {
        Event event = events.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (event == null) {
            throw new HttpTimeoutException("nothing came for " + limit.toSeconds() + " s");
        }
        if (event instanceof Piece piece) {
            subscription.request(1);
            return piece.buffers;
        }
        if (event instanceof Failure failure) {
            throw new IOException(failure.cause.getMessage(), failure.cause);
        }
        return List.of();
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
