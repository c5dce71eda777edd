package org.omniscribe.asr.audio.mpeg;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The longer tables, which are resources beside this class. */
final class Tables {
    private Tables() {}

    /** The lines of a resource, each a row of whole numbers. */
    static int[][] rows(String resource) {
        try (InputStream in = Tables.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> Arrays.stream(line.split(" "))
                            .mapToInt(Integer::parseInt)
                            .toArray())
                    .toArray(int[][]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All numbers of a resource, row after row. */
    static int[] flat(String resource) {
        return Arrays.stream(rows(resource)).flatMapToInt(Arrays::stream).toArray();
    }
}
