package org.omniscribe.app.cli.eval;

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
import org.omniscribe.app.Run;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.testing.TestResources;

/** With a model of random weights: it hears nonsense, but what is counted must add up all the same. */
class EvalCommandTest {
    private static final Path SAMPLES = Path.of("../docs/sample");
    private static final String MODEL = TestResources.tinyModel().toString();
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

    /** Every command with the tiny model in a run of its own. */
    private Run eval(String... args) {
        List<String> all =
                new ArrayList<>(List.of("eval", "--run", folder.resolve("run").toString()));
        all.addAll(List.of(args));
        return Run.of(all.toArray(String[]::new));
    }

    private Run recognise(Path... sets) {
        List<String> args = new ArrayList<>(List.of("--model", MODEL, "--normalizer", "basic"));
        for (Path set : sets) {
            args.add(set.toString());
        }
        return eval(args.toArray(String[]::new));
    }

    private List<JsonNode> utterances() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("run/report/tiny-random/utterances.jsonl"))) {
            lines.add(MAPPER.readTree(line));
        }
        return lines;
    }

    private JsonNode report() throws IOException {
        return MAPPER.readTree(folder.resolve("run/report/report.json").toFile());
    }

    @Test
    void everyFileIsWrittenAndAddsUp() throws IOException {
        Run run = recognise(good, mixed.resolve("manifest.tsv"));
        assertEquals(ExitCode.SOME_FAILED, run.exitCode(), run.err());
        assertTrue(run.err().contains("broken.wav"), run.err());
        List<String> table = run.out().lines().toList();
        assertTrue(table.get(1).contains("normaliser basic 1, nist costs"), run.out());
        assertTrue(table.get(3).matches("good +2 .* 0 +0"), run.out());
        assertTrue(table.get(4).matches("mixed +1 .* 1 +1"), run.out());
        assertTrue(table.get(5).matches("all +3 .* 1 +1"), run.out());

        JsonNode system = report().at("/systems/0");
        assertEquals(11, system.at("/total/words").asLong());
        assertEquals("morning.wav", system.at("/sets/1/noReference/0").asText());
        assertEquals("broken.wav", system.at("/sets/1/failed/0/id").asText());
        List<JsonNode> lines = utterances();
        assertEquals(5, lines.size());
        for (String count : List.of("words", "correct", "substitutions", "deletions", "insertions")) {
            long sum = lines.stream().mapToLong(l -> l.path(count).asLong()).sum();
            assertEquals(system.at("/total/" + count).asLong(), sum, count);
        }
        long steps = 0;
        for (JsonNode line : lines) {
            for (JsonNode expert : line.at("/expertUsage/0")) {
                steps += expert.asLong();
            }
        }
        long total = 0;
        for (JsonNode expert : system.at("/total/expertUsage/0")) {
            total += expert.asLong();
        }
        assertTrue(total > 0);
        assertEquals(total, steps);
        Path nist = folder.resolve("run/report/tiny-random/good");
        assertEquals(
                "good morning all of you (a-00001_morning_wav)",
                Files.readAllLines(nist.resolve("ref.trn")).get(0));
        assertEquals(
                (lines.get(1).get("hypothesis").asText() + " (b-00002_river_wav)").strip(),
                Files.readAllLines(nist.resolve("hyp.trn")).get(1));
        assertTrue(Files.readString(folder.resolve("run/report/report.md")).contains("| good | 2 |"));
        assertTrue(Files.readString(folder.resolve("run/report/report.csv")).contains("tiny-random,good,2,"));
    }

    @Test
    void aSegmentOfAFileIsCutOutAndOneBeyondItsEndFails() throws IOException {
        Path list = Files.writeString(
                good.resolve("cut.jsonl"),
                "{\"audio\": \"river.wav\", \"start\": 0.5, \"end\": 1.75, \"channel\": 0, \"text\": \"river\"}\n"
                        + "{\"audio\": \"river.wav\", \"start\": 500, \"end\": 501, \"text\": \"late\", \"id\":"
                        + " \"late\"}\n"
                        + "{\"audio\": \"morning.wav\", \"text\": \"good morning\"}\n");
        Run run = recognise(list);
        assertEquals(ExitCode.SOME_FAILED, run.exitCode(), run.err());
        assertTrue(run.err().contains("and late begins at 500.0 s"), run.err());
        List<JsonNode> lines = utterances();
        assertEquals(3, lines.size());
        assertEquals(1.25, lines.get(0).path("seconds").asDouble(), 1e-9);
    }

    @Test
    void aRunGoesOnWhereItWasAndIsScoredAgainWithoutAudio() throws IOException {
        assertEquals(ExitCode.DONE, recognise(good).exitCode());
        Path log = folder.resolve("run/systems/tiny-random.jsonl");
        List<String> lines = Files.readAllLines(log);
        Files.writeString(log, lines.get(0) + "\n" + lines.get(1).substring(0, 40));
        Run again = recognise(good);
        assertEquals(ExitCode.DONE, again.exitCode(), again.err());
        assertTrue(again.err().contains("1 of 2 utterances to recognise"), again.err());
        assertEquals(lines.get(0), Files.readAllLines(log).get(0));

        Files.delete(good.resolve("river.wav"));
        Run scored = eval("--normalizer", "none", "--costs", "unit");
        assertEquals(ExitCode.DONE, scored.exitCode(), scored.err());
        assertTrue(scored.out().contains("normaliser none 1, unit costs"), scored.out());
        assertEquals(2, Files.readAllLines(log).size());
        assertEquals("The river is high.", utterances().get(1).get("reference").asText());
    }

    @Test
    void allDoneIsZeroAndOneSetNeedsNoTotal() {
        Run run = recognise(good);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertFalse(run.out().contains("\nall "), run.out());
    }

    @Test
    void anImportedSystemIsComparedWithTheModel() throws IOException {
        Path trn = Files.writeString(
                folder.resolve("sphinx.trn"), "good morning all of you (morning -1)\nthe river is nigh (river -2)\n");
        assertEquals(ExitCode.DONE, recognise(good).exitCode());
        Run run = eval("--import", "sphinx=" + trn, "--normalizer", "basic");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        JsonNode report = report();
        assertEquals("sphinx", report.at("/systems/1/name").asText());
        assertEquals(1.0 / 9, report.at("/systems/1/total/wer").asDouble(), 1e-12);
        assertTrue(report.at("/systems/1/total/realTimeFactor").isNull());
        assertEquals("tiny-random", report.at("/comparisons/0/first").asText());
        assertTrue(run.out().contains("matched-pairs test"), run.out());

        Files.writeString(trn, "good morning all of you (morning)\nlost (nowhere)\n");
        Run part = eval("--import", "sphinx=" + trn);
        assertEquals(ExitCode.SOME_FAILED, part.exitCode(), part.err());
        assertTrue(part.out().contains("nowhere"), part.out());
        assertTrue(part.out().contains("all its words count as deleted (1)"), part.out());
    }

    @Test
    void allTenBenchmarksAreFoundRecognisedAndAveraged() throws IOException {
        Path corpora = TestResources.path("org/omniscribe/datasets/corpora/corpora");
        Run run = eval("--data", corpora.toString(), "--model", MODEL, "--normalizer", "nist");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.err().contains("librispeech-other: "), run.err());
        assertTrue(
                run.out().contains("callhome, switchboard with NIST's choices and the rules of en20000405_hub5.glm"),
                run.out());
        JsonNode system = report().at("/systems/0");
        double sum = 0;
        for (JsonNode set : system.at("/sets")) {
            assertTrue(set.at("/sentences").asInt() > 0, set.toString());
            sum += set.at("/wer").asDouble();
        }
        assertEquals(11, system.at("/sets").size());
        assertEquals(0, system.get("missingColumns").size());
        assertEquals(sum / 11, system.get("average").asDouble(), 1e-9);
        assertTrue(run.out().contains("not all of them the test sets as published, see the warnings"), run.out());

        Run some = eval("--set", "librispeech-other,common-voice", "--normalizer", "basic");
        assertEquals(ExitCode.DONE, some.exitCode(), some.err());
        assertEquals(2, report().at("/systems/0/sets").size());
        assertTrue(report().at("/systems/0/average").isNull());
        assertTrue(some.out().contains("no average over the eleven columns: ami-ihm, "), some.out());
        assertEquals(
                ExitCode.USAGE,
                eval("--set", "nothing", "--normalizer", "basic").exitCode());
    }

    @Test
    void aBadManifestIsToldAndTheOthersAreDone() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.tsv"), "a.wav\t1\ts\ttext\nb.wav\n");
        Run run = recognise(bad, good);
        assertEquals(ExitCode.SOME_FAILED, run.exitCode(), run.err());
        assertTrue(run.err().contains("bad.tsv: 2 faults"), run.err());
        assertTrue(run.out().contains("\ngood "), run.out());
    }

    @Test
    void nothingToRecogniseIsOne() {
        Run run = recognise(folder.resolve("nowhere"));
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        assertTrue(run.err().contains("does not exist"), run.err());
        assertEquals("", run.out());
    }

    @Test
    void wrongUsageIsTwo() {
        Run normalizer = eval(good.toString(), "--model", MODEL, "--normalizer", "loud");
        assertEquals(ExitCode.USAGE, normalizer.exitCode());
        assertTrue(normalizer.err().contains("basic, none"), normalizer.err());
        Run twice = recognise(good, good.resolve("manifest.tsv"));
        assertEquals(ExitCode.USAGE, twice.exitCode());
        assertTrue(twice.err().contains("twice"), twice.err());
        Run nothing = eval();
        assertEquals(ExitCode.USAGE, nothing.exitCode());
        assertTrue(nothing.err().contains("there is no run in"), nothing.err());
    }

    @Test
    void aMissingModelIsThree() {
        Run run = eval(good.toString(), "--model", folder.resolve("no.omni").toString());
        assertEquals(ExitCode.ENVIRONMENT, run.exitCode());
        assertTrue(run.err().contains("no.omni"), run.err());
    }
}
