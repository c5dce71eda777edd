package org.omniscribe.app.serve;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.omniscribe.asr.Recognizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server over one recognizer.
 *
 * <p>Memory does not grow with requests: uploads go to files, which are deleted when their request is answered, and as many
 * requests are let in as the options say; others get the status 429 at once.
 */
public final class TranscriptionServer implements AutoCloseable {
    static final String PATH = "/v1/audio/transcriptions";
    static final String TRANSLATIONS = "/v1/audio/translations";
    static final String LIVE_PATH = "/v1/audio/live";

    private static final Logger LOG = LoggerFactory.getLogger(TranscriptionServer.class);
    /** Threads for what takes no time, besides those of requests and live sessions: refusals, metrics, connections. */
    private static final int SPARE_THREADS = 12;

    private static final int MAX_MESSAGE_BYTES = 1 << 20;
    /** Time to answer those that are refused when the grace time is over. */
    private static final Duration STOP = Duration.ofSeconds(5);

    /** A connection without a request is closed after so long when the server ends. */
    private static final Duration SHUTDOWN_IDLE = Duration.ofMillis(100);

    private final Server server;
    private final ServerConnector connector;
    private final UploadFolder folder;
    private final Transcriptions transcriptions;
    private final Duration grace;
    private final Set<LiveSocket> sessions = ConcurrentHashMap.newKeySet();
    private boolean closed;

    private TranscriptionServer(Recognizer recognizer, ServerOptions options, UploadFolder folder) {
        this.folder = folder;
        grace = options.grace();
        QueuedThreadPool threads =
                new QueuedThreadPool(options.jobs() + options.queue() + options.live() + SPARE_THREADS, SPARE_THREADS);
        threads.setName("http");
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http)) {
            @Override
            protected SocketChannelEndPoint newEndPoint(
                    SocketChannel channel, ManagedSelector selector, SelectionKey key) {
                WatchedEndPoint point = new WatchedEndPoint(channel, selector, key, getScheduler(), getExecutor());
                point.setIdleTimeout(getIdleTimeout());
                return point;
            }
        };
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(options.idle().toMillis());
        connector.setShutdownIdleTimeout(SHUTDOWN_IDLE.toMillis());
        server.addConnector(connector);
        server.setErrorHandler(new ErrorReplies());
        server.setStopTimeout(grace.plus(STOP).toMillis());

        Metrics metrics = new Metrics();
        transcriptions = new Transcriptions(recognizer, options, metrics, folder.path());
        WebSocketUpgradeHandler sockets = WebSocketUpgradeHandler.from(
                server, container -> live(container, recognizer, options, metrics, sessions));
        sockets.setHandler(new TranscriptionHandler(recognizer.model(), metrics, transcriptions));
        server.setHandler(new GracefulHandler(new AccessHandler(options, sockets)));
    }

    /**
     * Begins to serve.
     *
     * @param recognizer does the work; whoever opened it closes it, after this
     * @throws IOException if the address cannot be listened at, or there is no room for uploads
     */
    public static TranscriptionServer start(Recognizer recognizer, ServerOptions options) throws IOException {
        TranscriptionServer running = new TranscriptionServer(recognizer, options, UploadFolder.create());
        try {
            running.server.start();
        } catch (Exception e) {
            running.close();
            throw new IOException(
                    "cannot listen at " + options.host() + ":" + options.port() + " (" + e.getMessage()
                            + "); another program may do so, choose another --port",
                    e);
        }
        return running;
    }

    private static void live(
            ServerWebSocketContainer container,
            Recognizer recognizer,
            ServerOptions options,
            Metrics metrics,
            Set<LiveSocket> sessions) {
        container.setMaxBinaryMessageSize(MAX_MESSAGE_BYTES);
        container.setMaxTextMessageSize(MAX_MESSAGE_BYTES);
        container.setMaxOutgoingFrames(1000);
        container.setIdleTimeout(options.idle());
        container.addMapping(LIVE_PATH, (request, response, callback) -> {
            boolean routing = Request.extractQueryParameters(request).getValue("routing") != null;
            if (routing && !options.routing()) {
                return refused(
                        Refusal.invalid("this server does not tell the routing; start it with --routing for that"),
                        request,
                        response,
                        callback);
            }
            if (metrics.live.get() >= options.live()) {
                return refused(
                        new Refusal(429, "rate_limit_error", "there are as many live sessions as this server takes"),
                        request,
                        response,
                        callback);
            }
            return new LiveSocket(recognizer, metrics, options.live(), routing, sessions);
        });
    }

    private static Object refused(
            Refusal refusal, ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
        Reply.refuse(refusal, request, (Response) response, callback);
        return null;
    }

    /** The port that it listens at. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Waits until somebody closes the server. */
    public void join() throws InterruptedException {
        server.join();
    }

    /**
     * Takes no more requests, answers those that have come in, completes live sessions, and deletes all uploads. What is not
     * done within the grace time is refused.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        transcriptions.endBy(System.nanoTime() + grace.toNanos());
        sessions.forEach(LiveSocket::complete);
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("the server did not stop as it should", e);
        }
        folder.close();
    }
}
