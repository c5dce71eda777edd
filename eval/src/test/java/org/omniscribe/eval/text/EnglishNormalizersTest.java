package org.omniscribe.eval.text;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Golden values: the original Python programs; {@code src/test/scripts/normalizer_golden.py} tells which, and how. */
class EnglishNormalizersTest {
    private static List<String> cases() throws IOException {
        String other = System.getProperty("omniscribe.normalizer.cases");
        if (other != null) {
            return Files.readAllLines(Path.of(other));
        }
        try (InputStream in = EnglishNormalizersTest.class.getResourceAsStream("normalizer-golden.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void everyOutputIsTheOriginals() throws IOException {
        List<String> lines = cases();
        assertTrue(lines.size() > 1000, "only " + lines.size() + " lines");
        assertAll(lines.subList(1, lines.size()).stream().map(EnglishNormalizersTest::check));
    }

    private static Executable check(String line) {
        String[] columns = line.split("\t", -1);
        Normalizer normalizer = Normalizers.named(columns[0]);
        return () -> assertEquals(columns[2], normalizer.normalize(columns[1].translateEscapes()), line);
    }
}
