package org.omniscribe.datasets.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on this machine that behaves as badly as it is told to. */
final class TestServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    /** The header Range of every request, or "all". */
    final List<String> asked = new CopyOnWriteArrayList<>();

    /** What happens when a file is asked for. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    TestServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            asked.add(range == null ? "all" : range);
            try (exchange) {
                answers.getOrDefault(exchange.getRequestURI().getPath(), e -> e.sendResponseHeaders(404, -1))
                        .to(exchange);
            } catch (IOException e) {
                // The client went, or was left without what it was promised: both are what tests want.
            }
        });
        server.start();
    }

    TestServer on(String path, Answer answer) {
        answers.put(path, answer);
        return this;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** Serves a file as a good server does, ranges and all. */
    static Answer file(byte[] content, String mark) {
        return exchange -> part(exchange, content, mark, content.length);
    }

    /** Serves a file, and cuts the connection after so many bytes, each time. */
    static Answer cutting(byte[] content, String mark, int after) {
        return exchange -> part(exchange, content, mark, after);
    }

    static void part(HttpExchange exchange, byte[] content, String mark, int most) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        String condition = exchange.getRequestHeaders().getFirst("If-Range");
        int from = 0;
        exchange.getResponseHeaders().set("ETag", mark);
        if (range != null && (condition == null || condition.equals(mark))) {
            from = Integer.parseInt(range.replaceAll("\\D", ""));
            if (from >= content.length) {
                exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            exchange.sendResponseHeaders(206, content.length - from);
        } else {
            exchange.sendResponseHeaders(200, content.length);
        }
        exchange.getResponseBody().write(Arrays.copyOfRange(content, from, Math.min(content.length, from + most)));
        exchange.getResponseBody().flush();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
