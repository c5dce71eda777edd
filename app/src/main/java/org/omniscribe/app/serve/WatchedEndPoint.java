package org.omniscribe.app.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that can be asked whether the caller has left, while its request is worked on and nobody reads from it. What is
 * read for that is kept for the next request.
 */
final class WatchedEndPoint extends SocketChannelEndPoint {
    private static final int MAX_EARLY_BYTES = 4096;

    private final Executor executor;
    private final Object reading = new Object();
    /** In the mode in which Jetty keeps buffers: from position to limit is what was read. */
    private ByteBuffer early = BufferUtil.EMPTY_BUFFER;

    private boolean ended;

    WatchedEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, Executor executor) {
        super(channel, selector, key, scheduler);
        this.executor = executor;
    }

    /**
     * Whether the caller of a request has closed its connection. Only to be asked when the whole request has been read and
     * before its answer is complete.
     */
    static boolean left(Request request) {
        EndPoint point = request.getConnectionMetaData().getConnection().getEndPoint();
        return point instanceof WatchedEndPoint watched && watched.left();
    }

    private boolean left() {
        synchronized (reading) {
            if (ended || !isOpen()) {
                return true;
            }
            if (early.capacity() == 0) {
                early = BufferUtil.allocate(MAX_EARLY_BYTES);
            }
            if (BufferUtil.space(early) == 0) {
                return false;
            }
            int position = BufferUtil.flipToFill(early);
            try {
                ended = getChannel().read(early) < 0;
            } catch (IOException e) {
                ended = true;
            } finally {
                BufferUtil.flipToFlush(early, position);
            }
            return ended;
        }
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        synchronized (reading) {
            if (early.hasRemaining()) {
                int position = BufferUtil.flipToFill(buffer);
                int count = BufferUtil.put(early, buffer);
                BufferUtil.flipToFlush(buffer, position);
                notIdle();
                return count;
            }
            return super.fill(buffer);
        }
    }

    @Override
    protected void needsFillInterest() {
        synchronized (reading) {
            if (!early.hasRemaining() && !ended) {
                super.needsFillInterest();
                return;
            }
        }
        executor.execute(() -> getFillInterest().fillable());
    }
}
