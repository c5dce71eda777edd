package org.omniscribe.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a model of random weights: it hears nonsense, but what is counted must add up all the same. */
class EvalCommandTest {
    private static final Path SAMPLES = Path.of("../docs/sample");
    private static final String MODEL = "../asr-core/src/test/resources/tiny-model.omni";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    private Path good;
    private Path mixed;

    @BeforeEach
    void manifests() throws IOException {
        good = set("good", "morning.wav\t5\ta\tGood morning, all of you.\n" + "river.wav\t5\tb\tThe river is high.\n");
        mixed = set("mixed", "morning.wav\t5\ta\t...\n" + "broken.wav\t5\tb\tlost\n" + "river.wav\t5\tb\tThe river.\n");
        Files.writeString(mixed.resolve("broken.wav"), "this is no sound");
    }

    private Path set(String name, String manifest) throws IOException {
        Path set = Files.createDirectory(folder.resolve(name));
        for (String sample : List.of("morning.wav", "river.wav")) {
            Files.copy(SAMPLES.resolve(sample), set.resolve(sample));
        }
        Files.writeString(set.resolve("manifest.tsv"), manifest);
        return set;
    }

    @Test
    void everyFileIsWrittenAndAddsUp() throws IOException {
        Path json = folder.resolve("out/report.json");
        Path jsonl = folder.resolve("out/utterances.jsonl");
        Path trn = folder.resolve("trn");
        Run run = Run.of(
                "eval",
                good.toString(),
                mixed.resolve("manifest.tsv").toString(),
                "--model",
                MODEL,
                "--json",
                json.toString(),
                "--jsonl",
                jsonl.toString(),
                "--trn",
                trn.toString());
        assertEquals(ExitCode.SOME_FAILED, run.exitCode(), run.err());
        assertTrue(run.err().contains("broken.wav"), run.err());
        List<String> table = run.out().lines().toList();
        assertTrue(table.get(0).contains("normaliser basic 1, nist costs"), run.out());
        assertTrue(table.get(2).matches("good +2 .* 0 +0"), run.out());
        assertTrue(table.get(3).matches("mixed +1 .* 1 +1"), run.out());
        assertTrue(table.get(4).matches("all +3 .* 1 +1"), run.out());

        JsonNode report = MAPPER.readTree(json.toFile());
        assertEquals(11, report.at("/total/words").asLong());
        assertEquals("morning.wav", report.at("/sets/1/noReference/0").asText());
        assertEquals("broken.wav", report.at("/sets/1/failed/0/id").asText());
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(jsonl)) {
            lines.add(MAPPER.readTree(line));
        }
        assertEquals(5, lines.size());
        for (String count : List.of("words", "correct", "substitutions", "deletions", "insertions")) {
            long sum = lines.stream().mapToLong(l -> l.path(count).asLong()).sum();
            assertEquals(report.at("/total/" + count).asLong(), sum, count);
        }
        List<String> references = Files.readAllLines(trn.resolve("good/ref.trn"));
        List<String> hypotheses = Files.readAllLines(trn.resolve("good/hyp.trn"));
        assertEquals("good morning all of you (a-00001_morning_wav)", references.get(0));
        assertEquals(lines.get(1).get("hypothesis").asText() + " (b-00002_river_wav)", hypotheses.get(1));
    }

    @Test
    void aSegmentOfAFileIsCutOutAndOneBeyondItsEndFails() throws IOException {
        Path list = Files.writeString(
                good.resolve("cut.jsonl"),
                "{\"audio\": \"river.wav\", \"start\": 0.5, \"end\": 1.75, \"channel\": 0, \"text\": \"river\"}\n"
                        + "{\"audio\": \"river.wav\", \"start\": 500, \"end\": 501, \"text\": \"late\", \"id\": \"late\"}\n"
                        + "{\"audio\": \"morning.wav\", \"text\": \"good morning\"}\n");
        Path jsonl = folder.resolve("cut.out.jsonl");
        Run run = Run.of("eval", list.toString(), "--model", MODEL, "--jsonl", jsonl.toString());
        assertEquals(ExitCode.SOME_FAILED, run.exitCode(), run.err());
        assertTrue(run.err().contains("and late begins at 500.0 s"), run.err());
        List<String> lines = Files.readAllLines(jsonl);
        assertEquals(3, lines.size());
        double heard = MAPPER.readTree(lines.get(0)).path("seconds").asDouble();
        assertEquals(1.25, heard, 1e-9, lines.get(0));
    }

    @Test
    void allDoneIsZero() {
        Run run = Run.of("eval", good.toString(), "--model", MODEL, "--normalizer", "none", "--costs", "unit");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().contains("normaliser none 1, unit costs"), run.out());
        assertFalse(run.out().contains("\nall "), "one set needs no total");
    }

    @Test
    void aBadManifestIsToldAndTheOthersAreDone() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.tsv"), "a.wav\t1\ts\ttext\nb.wav\n");
        Run run = Run.of("eval", bad.toString(), good.toString(), "--model", MODEL);
        assertEquals(ExitCode.SOME_FAILED, run.exitCode(), run.err());
        assertTrue(run.err().contains("bad.tsv: 2 faults"), run.err());
        assertTrue(run.out().contains("\ngood "), run.out());
    }

    @Test
    void nothingToRecogniseIsOne() {
        Run run = Run.of("eval", folder.resolve("nowhere").toString(), "--model", MODEL);
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        assertTrue(run.err().contains("does not exist"), run.err());
        assertEquals("", run.out());
    }

    @Test
    void wrongUsageIsTwo() {
        Run normalizer = Run.of("eval", good.toString(), "--model", MODEL, "--normalizer", "loud");
        assertEquals(ExitCode.USAGE, normalizer.exitCode());
        assertTrue(normalizer.err().contains("basic, none"), normalizer.err());
        Run twice = Run.of("eval", good.toString(), good.resolve("manifest.tsv").toString(), "--model", MODEL);
        assertEquals(ExitCode.USAGE, twice.exitCode());
        assertTrue(twice.err().contains("twice"), twice.err());
    }

    @Test
    void aMissingModelIsThree() {
        Run run = Run.of(
                "eval", good.toString(), "--model", folder.resolve("no.omni").toString());
        assertEquals(ExitCode.ENVIRONMENT, run.exitCode());
        assertTrue(run.err().contains("no.omni"), run.err());
    }
}
