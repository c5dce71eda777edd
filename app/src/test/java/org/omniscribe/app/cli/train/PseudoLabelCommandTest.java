package org.omniscribe.app.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Run;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.testing.TestResources;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.datasets.UtteranceList;

/** With a tiny network of random weights, which hears nonsense, but always the same. */
class PseudoLabelCommandTest {
    private static final Path RIVER = Path.of("..", "docs", "sample", "river.wav");

    @TempDir
    Path folder;

    private Run label(Object... args) {
        List<String> all = new ArrayList<>(List.of(
                "pseudo-label",
                "--model",
                TestResources.tinyModel().toString(),
                "--out",
                out().toString(),
                "--min-confidence",
                "0",
                "--min-speech",
                "0"));
        Stream.of(args).map(Object::toString).forEach(all::add);
        return Run.of(all.toArray(new String[0]));
    }

    private Path out() {
        return folder.resolve("out/manifest.jsonl");
    }

    private Path recordings() throws IOException {
        Path in = Files.createDirectories(folder.resolve("in"));
        Files.copy(RIVER, in.resolve("b.wav"));
        Files.copy(RIVER, in.resolve("a.wav"));
        return in;
    }

    @Test
    void aManifestIsWrittenThatTrainingReadsAndCopiesAreTakenOnce() throws IOException {
        Run run = label(recordings(), "--min-seconds", "0.1");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        List<Utterance> utterances = UtteranceList.read(out()).utterances();
        assertFalse(utterances.isEmpty());
        for (Utterance utterance : utterances) {
            assertEquals("a.wav", utterance.audio().getFileName().toString());
            assertTrue(utterance.end() <= 5 && utterance.seconds() <= 15, utterance.toString());
            assertFalse(utterance.text().isBlank());
        }
        assertTrue(run.err().contains("1 recordings are the same sound as another"), run.err());
    }

    @Test
    void otherLimitsAreTriedWithoutRecognisingAnew() throws IOException {
        Path in = recordings();
        label(in, "--min-seconds", "0.1");
        List<String> all = Files.readAllLines(out());
        Path labels = out().resolveSibling("manifest.jsonl.labels");
        byte[] heard = Files.readAllBytes(labels);
        Run none = label(in, "--min-seconds", "14");
        assertEquals(ExitCode.DONE, none.exitCode(), none.err());
        assertTrue(none.err().startsWith("0 of "), none.err());
        assertEquals(List.of(), Files.readAllLines(out()));
        Run again = label(in, "--min-seconds", "0.1", "--jobs", "1");
        assertEquals(ExitCode.DONE, again.exitCode(), again.err());
        assertEquals(all, Files.readAllLines(out()));
        assertEquals(new String(heard), Files.readString(labels));
        Run other = label(in, "--max-seconds", "3");
        assertEquals(ExitCode.SOME_FAILED, other.exitCode());
        assertTrue(other.err().contains("was made with another model or other options"), other.err());
    }

    @Test
    void aModelAgreesWithItself() throws IOException {
        Run run = label(recordings(), "--min-seconds", "0.1", "--agree-with", TestResources.tinyModel());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        List<String> lines = Files.readAllLines(out());
        assertFalse(lines.isEmpty());
        assertTrue(lines.stream().allMatch(l -> l.contains("\"agreement\":1.0")), lines.toString());
    }

    @Test
    void badFilesAreNamedAndTheRestIsDone() throws IOException {
        Path in = recordings();
        Files.writeString(in.resolve("c.wav"), "no sound");
        Run run = label(in, "--min-seconds", "0.1");
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        assertTrue(run.err().contains("c.wav"), run.err());
        assertFalse(Files.readAllLines(out()).isEmpty());
        assertEquals(
                ExitCode.USAGE,
                label(in, "--min-speech", "7", "--max-repeats", "0").exitCode());
        assertEquals(
                ExitCode.USAGE,
                Run.of(
                                "pseudo-label",
                                in.toString(),
                                "--out",
                                folder.resolve("x.tsv").toString())
                        .exitCode());
    }
}
