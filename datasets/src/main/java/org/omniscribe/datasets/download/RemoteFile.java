package org.omniscribe.datasets.download;

import java.net.URI;
import java.util.Optional;

/**
 * A file on a server.
 *
 * @param uri its address, http or https
 * @param bytes how long it is; {@link #UNKNOWN} if that was not published
 * @param checksum what was published of its content
 * @param page the page that links to it, sent as the referrer, which some servers want to see
 * @param token what the server knows the user by; it is sent to this address's server only, and never on to another
 */
public record RemoteFile(URI uri, long bytes, Optional<Checksum> checksum, Optional<URI> page, Optional<String> token) {
    /** The {@link #bytes()} of a file whose length was not published. */
    public static final long UNKNOWN = -1;

    /** Checks the address, the length and the token. */
    public RemoteFile {
        if (token.isPresent() && !token.get().matches("[!-~]+")) {
            throw new IllegalArgumentException("an access token is of letters, digits and signs, without spaces");
        }
        if (uri.getHost() == null
                || uri.getPath() == null
                || !String.valueOf(uri.getScheme()).matches("https?")) {
            throw new IllegalArgumentException(uri + " is no http or https address");
        }
        if (bytes < UNKNOWN) {
            throw new IllegalArgumentException("bytes must be at least 0, or -1 if unknown, not " + bytes);
        }
    }

    /** A file for everybody. */
    public RemoteFile(URI uri, long bytes, Optional<Checksum> checksum, Optional<URI> page) {
        this(uri, bytes, checksum, page, Optional.empty());
    }

    /** A file of known length and content. */
    public RemoteFile(String uri, long bytes, Checksum checksum) {
        this(URI.create(uri), bytes, Optional.of(checksum), Optional.empty());
    }

    /** A file of known content. */
    public RemoteFile(String uri, Checksum checksum) {
        this(uri, UNKNOWN, checksum);
    }

    /** A file of which only the address is known. */
    public RemoteFile(String uri) {
        this(URI.create(uri), UNKNOWN, Optional.empty(), Optional.empty());
    }

    /** The same, with the page that links to it. */
    public RemoteFile from(String linking) {
        return new RemoteFile(uri, bytes, checksum, Optional.of(URI.create(linking)), token);
    }

    /** The last part of its path. */
    public String name() {
        String path = uri.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
