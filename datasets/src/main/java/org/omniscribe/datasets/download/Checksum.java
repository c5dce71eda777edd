package org.omniscribe.datasets.download;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What the bytes of a file come to.
 *
 * @param algorithm {@code SHA-256} or {@code MD5}
 * @param hex in lower case
 */
public record Checksum(String algorithm, String hex) {
    /** Checks that it has the length that the algorithm gives. */
    public Checksum {
        hex = hex.toLowerCase(Locale.ROOT);
        int digits = 2 * digest(algorithm).getDigestLength();
        if (!hex.matches("[0-9a-f]{" + digits + "}")) {
            throw new IllegalArgumentException(
                    algorithm + " has " + digits + " hexadecimal digits, not \"" + hex + "\"");
        }
    }

    /** A SHA-256. */
    public static Checksum sha256(String hex) {
        return new Checksum("SHA-256", hex);
    }

    /** An MD5, which tells damage, but no malice. */
    public static Checksum md5(String hex) {
        return new Checksum("MD5", hex);
    }

    /** Whether a file comes to this. */
    public boolean matches(Path file) throws IOException {
        MessageDigest digest = digest(algorithm);
        byte[] block = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n; (n = in.read(block)) > 0; ) {
                digest.update(block, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest()).equals(hex);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("there is no checksum " + algorithm, e);
        }
    }

    @Override
    public String toString() {
        return algorithm + " " + hex;
    }
}
