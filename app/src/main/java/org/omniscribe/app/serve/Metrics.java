package org.omniscribe.app.serve;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** What a server has done, in the text form of Prometheus. Thread-safe. */
final class Metrics {
    final AtomicInteger waiting = new AtomicInteger();
    final AtomicInteger coming = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger working = new AtomicInteger();
    final AtomicInteger live = new AtomicInteger();
    final DoubleAdder audioSeconds = new DoubleAdder();
    final DoubleAdder liveSeconds = new DoubleAdder();
    final DoubleAdder workSeconds = new DoubleAdder();
    private final Map<Integer, LongAdder> answers = new ConcurrentSkipListMap<>();

    void answered(int status) {
        answers.computeIfAbsent(status, s -> new LongAdder()).increment();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        head(text, "omniscribe_requests_total", "counter", "transcription requests by status of the answer");
        answers.forEach((status, count) -> text.append("omniscribe_requests_total{status=\"")
                .append(status)
                .append("\"} ")
                .append(count.sum())
                .append('\n'));
        one(text, "omniscribe_requests_coming", "gauge", "requests whose body is on its way in", coming.get());
        one(text, "omniscribe_requests_open", "gauge", "requests that are there and have no answer yet", open.get());
        one(text, "omniscribe_requests_working", "gauge", "requests that are worked on", working.get());
        one(text, "omniscribe_requests_waiting", "gauge", "requests that wait for their turn", waiting.get());
        one(text, "omniscribe_live_sessions", "gauge", "live sessions that are open", live.get());
        one(text, "omniscribe_audio_seconds_total", "counter", "audio transcribed for requests", audioSeconds.sum());
        one(text, "omniscribe_live_seconds_total", "counter", "audio heard in live sessions", liveSeconds.sum());
        one(text, "omniscribe_work_seconds_total", "counter", "time spent on requests", workSeconds.sum());
        return text.toString();
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void one(StringBuilder text, String name, String type, String help, double value) {
        head(text, name, type, help);
        text.append(name)
                .append(' ')
                .append(String.format(Locale.ROOT, "%.3f", value))
                .append('\n');
    }
}
