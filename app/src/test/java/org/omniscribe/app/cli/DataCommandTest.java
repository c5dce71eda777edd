package org.omniscribe.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {
    private static final Path CORPORA =
            Path.of("../datasets/src/test/resources/org/omniscribe/datasets/corpora/corpora");

    @TempDir
    Path folder;

    @Test
    void whereTellsOneOrAll() {
        Run one = Run.of("data", "where", "tedlium");
        assertEquals(ExitCode.DONE, one.exitCode(), one.err());
        assertTrue(one.out().startsWith("tedlium: TED-LIUM 3"), one.out());
        assertTrue(one.out().contains("  licence: CC BY-NC-ND 3.0"), one.out());
        assertTrue(one.out().contains("  https://www.openslr.org/resources/51/"), one.out());
        Run all = Run.of("data", "where");
        assertEquals(
                10, all.out().lines().filter(l -> l.startsWith("  licence: ")).count());
    }

    @Test
    void anUnknownCorpusIsWrongUsageAndTheKnownAreNamed() {
        Run run = Run.of("data", "where", "timit");
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertTrue(run.err().contains("no corpus \"timit\"; there are ami-ihm, chime6,"), run.err());
        assertEquals(
                ExitCode.USAGE,
                Run.of("data", "list", folder.resolve("no").toString()).exitCode());
    }

    @Test
    void listCountsAllElevenAndWarns() {
        Run run = Run.of("data", "list", CORPORA.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        List<String> lines = run.out().lines().toList();
        assertTrue(lines.get(0).matches("test set +release +utterances +hours +words"), run.out());
        assertTrue(lines.get(11).matches("voxpopuli +asr_test.tsv +2 +0.00 +8"), run.out());
        assertTrue(lines.contains("wsj: 2 utterances instead of 333: 331 are missing"), run.out());
    }

    @Test
    void listTellsWhatIsNotThereAndWhatCannotBeRead() throws IOException {
        Path test = Files.createDirectories(folder.resolve("LibriSpeech/test-clean/1/2"));
        Files.writeString(test.resolve("1-2.trans.txt"), "one A\ntwo B\n");
        Run run = Run.of("data", "list", folder.toString());
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        assertTrue(run.out().contains("librispeech        cannot be read, see below"), run.out());
        assertTrue(run.err().contains("LibriSpeech: 2 faults"), run.err());
        assertTrue(run.out().contains("tedlium: not found in " + folder + ": no folder legacy/test/stm"), run.out());
    }
}
