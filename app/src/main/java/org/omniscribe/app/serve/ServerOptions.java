package org.omniscribe.app.serve;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.io.Faults;

/**
 * How a server serves.
 *
 * @param host address to listen at
 * @param port port to listen at; 0 for any that is free
 * @param names by which callers reach the server, besides {@code localhost} and the host
 * @param token what callers must give as bearer token; empty if anybody may call
 * @param jobs requests that are worked on at the same time, at least 1
 * @param queue requests that may wait besides, at least 0; more are refused with status 429
 * @param live live sessions at the same time, at least 0; more are refused with status 429
 * @param mostBytes largest request, in bytes
 * @param longestSeconds longest recording, in seconds of audio
 * @param timeout longest time from the first byte of a request to its answer
 * @param idle time without a byte after which a connection is closed
 * @param grace time for requests that have come in when the server is closed; after it they are refused
 * @param routing whether callers may ask for the experts of every step, from which can be guessed what was said
 * @param channel what becomes of the channels of recordings
 */
public record ServerOptions(
        String host,
        int port,
        List<String> names,
        Optional<String> token,
        int jobs,
        int queue,
        int live,
        long mostBytes,
        double longestSeconds,
        Duration timeout,
        Duration idle,
        Duration grace,
        boolean routing,
        Channel channel) {
    /** Checks all fields and reports every fault at once. */
    public ServerOptions {
        names = List.copyOf(names);
        Faults faults = new Faults();
        faults.range("port", port, 0, 65535);
        if (token.filter(String::isBlank).isPresent()) {
            faults.add("the token is blank");
        }
        if (names.stream().anyMatch(String::isBlank)) {
            faults.add("a name of the server is blank");
        }
        if (jobs < 1 || queue < 0 || live < 0 || jobs > 1024 || queue > 100_000 || live > 1024) {
            faults.add("jobs must be from 1 to 1024, the queue from 0 to 100000, live sessions from 0 to 1024");
        }
        if (mostBytes < 1 || !(longestSeconds > 0)) {
            faults.add("the largest request and the longest recording must be positive");
        }
        if (timeout.isNegative() || timeout.isZero() || idle.isNegative() || idle.isZero() || grace.isNegative()) {
            faults.add("times must be positive");
        }
        faults.orThrow();
    }
}
