package org.omniscribe.app.desktop.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports are read; other files say what they lack. */
class EvalReportTest {
    private static final String SET =
            """
            {"name": "%s", "utterances": 3, "words": 20, "substitutions": 4, "deletions": 1, "insertions": 2, "wer": %s,
             "werInterval": {"low": 0.2, "high": 0.5}, "characters": {"cer": 0.1}}""";

    @TempDir
    private Path folder;

    @Test
    void ratesAreReadAndMissingOnesAreNoNumbers() throws IOException {
        Path file = folder.resolve("r.json");
        Files.writeString(
                file,
                "{\"model\": \"m\", \"normalizer\": {\"name\": \"basic\", \"version\": \"1\"}, \"sets\": ["
                        + SET.formatted("a", "0.35") + "," + SET.formatted("b", "null") + "], \"total\": "
                        + SET.formatted("all", "0.35") + "}");
        EvalReport report = EvalReport.read(file);
        assertEquals("basic 1", report.normalizer());
        assertEquals(0.35, report.sets().get(0).wer());
        assertEquals(0.5, report.sets().get(0).high());
        assertEquals(Double.NaN, report.sets().get(1).wer());
        assertEquals(20, report.total().words());
    }

    @Test
    void whatIsNoReportSaysWhatItLacks() throws IOException {
        Path file = Files.writeString(folder.resolve("r.json"), "{\"text\": \"\"}");
        IOException e = assertThrows(IOException.class, () -> EvalReport.read(file));
        assertTrue(e.getMessage().contains("sets"), e.getMessage());
    }
}
