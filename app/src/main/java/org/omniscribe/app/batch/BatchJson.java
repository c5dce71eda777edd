package org.omniscribe.app.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells other programs of a batch, one JSON object a line, each with {@code event} and the {@code time} since the start in
 * seconds, as things happen: {@code batch}, {@code begin}, {@code progress} (once a second and recording at most),
 * {@code done}, {@code failed}, {@code message}, {@code end}.
 */
public final class BatchJson implements BatchReport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double INTERVAL = 1;

    private final PrintWriter out;
    private final PrintWriter err;
    private final long start = System.nanoTime();
    private final Map<Integer, Double> told = new TreeMap<>();
    private final InOrder ended = new InOrder(this::text);

    public BatchJson(PrintWriter out, PrintWriter err, int jobs, int already, int workers) {
        this.out = out;
        this.err = err;
        print(event("batch").put("files", jobs).put("already", already).put("jobs", workers));
    }

    @Override
    public void accept(BatchEvent event) {
        String file = event.job().recording().toString();
        if (event instanceof BatchEvent.Begun) {
            print(event("begin").put("index", event.index()).put("file", file));
        } else if (event instanceof BatchEvent.Reached at) {
            Double before = told.get(at.index());
            if (before == null || elapsed() - before >= INTERVAL) {
                told.put(at.index(), elapsed());
                ObjectNode node = event("progress")
                        .put("index", at.index())
                        .put("file", file)
                        .put("seconds", rounded(at.seconds()));
                print(Double.isNaN(at.total()) ? node : node.put("total", rounded(at.total())));
            }
        } else if (event instanceof BatchEvent.Done done) {
            told.remove(done.index());
            ObjectNode node = event("done")
                    .put("index", done.index())
                    .put("file", file)
                    .put("seconds", rounded(done.seconds()))
                    .put("words", done.words());
            done.warnings().forEach(node.putArray("warnings")::add);
            print(node);
        } else if (event instanceof BatchEvent.Failed failed) {
            told.remove(failed.index());
            print(event("failed")
                    .put("index", failed.index())
                    .put("file", file)
                    .put("kind", failed.failure().kind().name())
                    .put("message", failed.failure().message()));
        }
        ended.accept(event);
    }

    private void text(BatchEvent event) {
        if (event instanceof BatchEvent.Done done && done.text().isPresent()) {
            out.print(done.text().get());
            out.flush();
        }
    }

    @Override
    public void line(String text) {
        print(event("message").put("message", text));
    }

    @Override
    public void end(Summary summary, int already, String where) {
        ended.rest();
        ObjectNode node = event("end")
                .put("done", summary.done())
                .put("already", already)
                .put("failed", summary.failed())
                .put("audioSeconds", rounded(summary.audioSeconds()))
                .put("results", where);
        ObjectNode kinds = node.putObject("failures");
        summary.failures().forEach((kind, count) -> kinds.put(kind.name(), count));
        print(node);
    }

    @Override
    public double elapsed() {
        return (System.nanoTime() - start) * 1e-9;
    }

    private ObjectNode event(String name) {
        return JSON.createObjectNode().put("event", name).put("time", rounded(elapsed()));
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }

    private void print(ObjectNode node) {
        try {
            err.println(JSON.writeValueAsString(node));
            err.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event cannot be written as JSON", e);
        }
    }

    @Override
    public void close() {
        err.flush();
    }
}
