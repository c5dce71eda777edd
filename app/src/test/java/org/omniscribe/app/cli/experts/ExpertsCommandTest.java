package org.omniscribe.app.cli.experts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Run;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.testing.TestResources;

/** With a model of random weights: what it hears is nonsense, but what becomes of its experts is not. */
class ExpertsCommandTest {
    private static final Path SAMPLES = Path.of("../docs/sample");
    private static final String MODEL = TestResources.tinyModel().toString();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path set;

    @BeforeEach
    void set() throws IOException {
        set = Files.createDirectory(folder.resolve("set"));
        for (String sample : List.of("morning.wav", "river.wav")) {
            Files.copy(SAMPLES.resolve(sample), set.resolve(sample));
        }
        Files.writeString(
                set.resolve("manifest.tsv"),
                "morning.wav\t5\ta\tgood morning\n" + "river.wav\t5\tb\tthe river is high\n");
    }

    @Test
    void theReportTellsWhatItHeardAndWhatItCouldNotRead() throws IOException {
        Path page = folder.resolve("out/report.html");
        Path json = folder.resolve("report.json");
        Path speakers = Files.writeString(folder.resolve("speakers.tsv"), "a\tf\nb\tm\n");
        Run run = Run.of(
                "experts",
                "report",
                set.toString(),
                SAMPLES.resolve("river.wav").toString(),
                folder.resolve("no.wav").toString(),
                "--model",
                MODEL,
                "--against",
                MODEL,
                "--speakers",
                speakers.toString(),
                "--out",
                page.toString(),
                "--json",
                json.toString());
        assertEquals(ExitCode.SOME_FAILED, run.exitCode(), run.err());
        assertTrue(run.err().contains("no.wav"), run.err());
        assertTrue(run.out().contains("2x4 (layers x experts)"), run.out());
        JsonNode first = JSON.readTree(json.toFile()).at("/models/0");
        assertEquals(3, first.get("recordings").asInt());
        assertEquals("sample", first.at("/corpora/1").asText());
        assertTrue(first.at("/layers/0/routerEntropy").isNumber());
        assertTrue(first.at("/layers/0/knowledge/speaker/explained").isNumber());
        assertTrue(Files.readString(page).contains("tiny-random"));
    }

    @Test
    void ablationComparesWithTheModelAsItIs() throws IOException {
        Path json = folder.resolve("trials.json");
        Run run = Run.of(
                "experts",
                "ablate",
                set.toString(),
                "--model",
                MODEL,
                "--try",
                "disable:1@2",
                "--try",
                "permute:3",
                "--try",
                "top-p:1",
                "--try",
                "roe:2:0",
                "--json",
                json.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        JsonNode trials = JSON.readTree(json.toFile()).get("trials");
        assertEquals(5, trials.size());
        double plain = trials.at("/0/loss").asDouble();
        assertTrue(plain > 0);
        assertTrue(Math.abs(plain - trials.at("/2/loss").asDouble()) > 1e-6, "permuted experts make a difference");
        assertEquals(plain, trials.at("/4/loss").asDouble(), 1e-4, "two routings without noise make none");
        assertTrue(run.out().lines().toList().get(2).startsWith("disable:1@2"), run.out());
    }

    @Test
    void whatCannotBeTriedIsWrongUsage() {
        for (String wrong :
                List.of("disable:4", "permute:1@3", "permute:1@2-1", "top-p:0", "roe:0", "roe:x", "force")) {
            Run run = Run.of("experts", "ablate", set.toString(), "--model", MODEL, "--try", wrong);
            assertEquals(ExitCode.USAGE, run.exitCode(), wrong + ": " + run.err());
        }
    }

    @Test
    void aPrunedModelIsSmallerAndTranscribesAndCanBePrunedAgain() {
        Path small = folder.resolve("small.zip");
        Run pruned = Run.of(
                "experts",
                "prune",
                "--calibrate",
                set.toString(),
                "--keep",
                "2",
                "--model",
                MODEL,
                "-o",
                small.toString(),
                "--test",
                set.toString());
        assertEquals(ExitCode.DONE, pruned.exitCode(), pruned.err());
        assertTrue(pruned.out().contains("MB before"), pruned.out());
        assertTrue(pruned.out().contains("\nbefore ") && pruned.out().contains("\nnow "), pruned.out());
        Run info = Run.of("model", "info", small.toString());
        assertTrue(info.out().contains("tiny-random-keep2") && info.out().contains("EASY_EP"), info.out());
        String wav = SAMPLES.resolve("river.wav").toString();
        assertEquals(
                ExitCode.DONE, Run.of("transcribe", wav, "-m", small.toString()).exitCode());

        Path smaller = folder.resolve("smaller.zip");
        Run merged = Run.of(
                "experts",
                "merge",
                "--calibrate",
                set.toString(),
                "--keep",
                "1",
                "-m",
                small.toString(),
                "-o",
                smaller + "");
        assertEquals(ExitCode.DONE, merged.exitCode(), merged.err());
        Run again = Run.of(
                "experts",
                "merge",
                "--calibrate",
                set.toString(),
                "--keep",
                "1",
                "-m",
                smaller + "",
                "-o",
                smaller + "");
        assertEquals(ExitCode.USAGE, again.exitCode(), "nothing is left to take away");
    }

    @Test
    void moreExpertsCanWorkOnAStep() {
        String wav = SAMPLES.resolve("river.wav").toString();
        String plain = Run.of("transcribe", wav, "-m", MODEL).out();
        Run all = Run.of("transcribe", wav, "-m", MODEL, "--top-p", "1");
        assertEquals(ExitCode.DONE, all.exitCode(), all.err());
        assertFalse(all.out().equals(plain), "all experts at once write something else");
        Run several = Run.of("transcribe", wav, "-m", MODEL, "--roe", "3", "--roe-temperature", "0");
        assertEquals(plain, several.out(), several.err());
        assertEquals(
                ExitCode.USAGE,
                Run.of("transcribe", wav, "--roe", "2", "--top-p", "1").exitCode());
        assertEquals(ExitCode.USAGE, Run.of("transcribe", wav, "--top-p", "2").exitCode());
    }
}
