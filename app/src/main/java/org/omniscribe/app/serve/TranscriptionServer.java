package org.omniscribe.app.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
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
    static final String LIVE_PATH = "/v1/audio/live";

    private static final Logger LOG = LoggerFactory.getLogger(TranscriptionServer.class);
    /** Threads for what takes no time, besides those of requests and live sessions: refusals, metrics, connections. */
    private static final int SPARE_THREADS = 12;

    private static final int LONGEST_MESSAGE = 1 << 20;
    private static final Duration STOP = Duration.ofSeconds(10);

    private final Server server;
    private final ServerConnector connector;
    private final Path folder;
    private boolean closed;

    private TranscriptionServer(Server server, ServerConnector connector, Path folder) {
        this.server = server;
        this.connector = connector;
        this.folder = folder;
    }

    /**
     * Begins to serve.
     *
     * @param recognizer does the work; whoever opened it closes it, after this
     * @throws IOException if the address cannot be listened at
     */
    public static TranscriptionServer start(Recognizer recognizer, ServerOptions options) throws IOException {
        QueuedThreadPool threads =
                new QueuedThreadPool(options.jobs() + options.queue() + options.live() + SPARE_THREADS, SPARE_THREADS);
        threads.setName("http");
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(options.idle().toMillis());
        server.addConnector(connector);
        server.setStopTimeout(STOP.toMillis());

        Path folder = Files.createTempDirectory("omniscribe-uploads");
        Metrics metrics = new Metrics();
        WebSocketUpgradeHandler sockets =
                WebSocketUpgradeHandler.from(server, container -> live(container, recognizer, options, metrics));
        sockets.setHandler(new TranscriptionHandler(recognizer, options, metrics, folder));
        server.setHandler(new AccessHandler(options, sockets));
        TranscriptionServer running = new TranscriptionServer(server, connector, folder);
        try {
            server.start();
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
            ServerWebSocketContainer container, Recognizer recognizer, ServerOptions options, Metrics metrics) {
        container.setMaxBinaryMessageSize(LONGEST_MESSAGE);
        container.setMaxTextMessageSize(LONGEST_MESSAGE);
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
            return new LiveSocket(recognizer, metrics, options.live(), routing);
        });
    }

    private static Object refused(
            Refusal refusal, ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
        TranscriptionHandler.refuse(refusal, request, (Response) response, callback);
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

    /** Takes no more requests, waits some seconds for those that are worked on, and deletes all uploads. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("the server did not stop as it should", e);
        }
        try (Stream<Path> left = Files.list(folder)) {
            List<Path> files = left.toList();
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.warn("{} is left over", folder, e);
        }
    }
}
