package org.omniscribe.datasets.download;

import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * How patient a download is.
 *
 * @param answer how long a server may take to answer
 * @param silence how long a connection may bring nothing
 * @param tries how many failures in a row, none of which brought a byte, end it
 * @param firstWait the pause after the first of them; it doubles with each, up to {@link #MAX_WAIT}
 * @param mirror turns an address into that of the server to ask instead
 */
public record DownloadSettings(
        Duration answer, Duration silence, int tries, Duration firstWait, UnaryOperator<URI> mirror) {
    /** No pause between tries is longer. */
    public static final Duration MAX_WAIT = Duration.ofMinutes(1);

    /** For servers on the internet. */
    public static final DownloadSettings DEFAULT = new DownloadSettings(
            Duration.ofSeconds(30), Duration.ofMinutes(1), 7, Duration.ofSeconds(1), UnaryOperator.identity());

    /** The same, asking other servers. */
    public DownloadSettings with(UnaryOperator<URI> servers) {
        return new DownloadSettings(answer, silence, tries, firstWait, servers);
    }
}
