package org.omniscribe.app.desktop.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Run;
import org.omniscribe.asr.testing.TestResources;

/** Reports are read; other files say what they lack. */
class EvalReportTest {
    @TempDir
    private Path folder;

    @Test
    void whatEvalWritesIsRead() throws IOException {
        Path sample = Path.of("..", "docs", "sample", "river.wav").toAbsolutePath();
        Path model = TestResources.tinyModel();
        Path set = Files.createDirectories(folder.resolve("river"));
        Files.writeString(set.resolve("manifest.tsv"), sample + "\t4.9\tslt\tthe old man\n");
        Run run = Run.of(
                "eval",
                "--run",
                folder.resolve("run").toString(),
                "-m",
                model.toString(),
                "--normalizer",
                "basic",
                set.resolve("manifest.tsv").toString());
        assertEquals(0, run.exitCode(), run.err());
        EvalReport report = EvalReport.read(folder.resolve("run/report/report.json"));
        assertEquals("basic 1", report.normalizer());
        EvalReport.Measured measured = report.systems().get(0);
        assertEquals("tiny-random", measured.name());
        EvalReport.Row row = measured.sets().get(0);
        assertEquals("river", row.name());
        assertEquals(3, row.words());
        assertEquals(1, row.utterances());
        assertEquals((row.substitutions() + row.deletions() + row.insertions()) / 3.0, row.wer(), 1e-9);
        assertTrue(row.cer() > 0, "characters are counted");
        assertEquals(3, measured.total().words());
    }

    @Test
    void whatIsNoReportSaysWhatItLacks() throws IOException {
        Path file = Files.writeString(folder.resolve("r.json"), "{\"normalizer\": {}}");
        IOException e = assertThrows(IOException.class, () -> EvalReport.read(file));
        assertTrue(e.getMessage().contains("systems"), e.getMessage());
    }
}
