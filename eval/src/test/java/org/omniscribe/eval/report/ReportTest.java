package org.omniscribe.eval.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.eval.run.Concern;
import org.omniscribe.eval.run.NistExport;
import org.omniscribe.eval.run.SetResult;
import org.omniscribe.eval.score.ErrorCounts;

class ReportTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    private Report report;
    private SystemReport parrot;

    @BeforeEach
    void evaluate() throws IOException {
        report = Fixture.report(folder);
        parrot = report.systems().get(0);
        assertEquals("parrot", parrot.info().name());
    }

    @Test
    void emptyReferencesAndBadAudioAreNamedAndInNoRate() {
        SetResult two = parrot.results().get(1);
        assertEquals(1, two.scored().size());
        assertEquals("b/2.wav", two.withoutReference().get(0).utterance().id());
        assertEquals("b/3.wav", two.failed().get(0).utterance().id());
        assertTrue(two.failed().get(0).reason().contains("broken.wav"));
        assertEquals(
                new ErrorCounts(0, 0, 1, 0), parrot.figures().get(1).score().words());
        assertEquals(
                List.of(Concern.Kind.EMPTY_REFERENCE, Concern.Kind.AUDIO_FAILED),
                report.concerns().stream().map(Concern::kind).toList(),
                "each told once, not once a system");
    }

    @Test
    void totalPoolsAllUtterances() {
        Figures total = parrot.total();
        // the cat the cat sat / the bat the sat: one substitution, one deletion; yes / nothing: one deletion.
        assertEquals(new ErrorCounts(5, 1, 2, 0), total.score().words());
        assertEquals(3.0 / 8, total.score().wer());
        assertEquals(6, total.seconds());
        assertEquals(3, total.score().sentences());
        assertEquals(2, total.score().sentenceErrors());
        assertTrue(total.byUtterance().low() <= total.score().wer());
        assertTrue(total.byUtterance().high() >= total.score().wer());
        assertTrue(Double.isNaN(total.bySpeaker().low()), "one speaker is unknown");
        assertEquals(0.4, parrot.figures().get(0).bySpeaker().high());
        assertArrayEquals(new long[] {3, 9}, total.usage()[0]);
        assertArrayEquals(new long[] {6, 0, 6}, total.usage()[1]);
        // Of six words five are right, and each has confidence 0.5.
        assertEquals(5.0 / 6 - 0.5, total.calibration().expectedError(), 1e-12);
    }

    @Test
    void everyPairIsComparedOnEverySetAndOnAll() {
        assertEquals(
                List.of("one", "two", "all"),
                report.comparisons().stream().map(Comparison::set).toList());
        Comparison one = report.comparisons().get(0);
        assertEquals("parrot", one.first());
        assertEquals("crow", one.second());
        assertEquals(2.0 / 7, one.firstWer());
        assertEquals(2.0 / 7, one.secondWer());
        assertEquals(0, one.reduction().orElseThrow());
        assertEquals(0, one.test().mean());
        // The parrot makes two errors in the first utterance, the crow in the second.
        assertEquals(2, one.test().segments());
        Comparison all = report.comparisons().get(2);
        assertEquals(3, all.utterances());
        assertEquals(1 / 3.0, all.reduction().orElseThrow(), 1e-12);
    }

    @Test
    void theAverageIsRefusedWithTheMissingColumns() {
        assertTrue(parrot.average().isEmpty());
        assertEquals(11, parrot.missingColumns().size());
        assertFalse(TextReport.format(report).contains("average"), "nothing of the eleven columns is here");
    }

    @Test
    void publishedRowsAverageToWhatWasPublished() {
        List<Published> rows = Published.all();
        assertEquals(3, rows.size());
        assertEquals(0.1148, rows.get(0).average(), 5e-5);
        assertEquals(0.1184, rows.get(1).average(), 5e-5);
        assertEquals(0.1175, rows.get(2).average(), 5e-5);
        assertEquals(0.282, rows.get(0).rates().get("chime6"), 1e-12);
    }

    @Test
    void tableSaysWhatWasMeasuredAndHow() {
        List<String> lines = TextReport.format(report).lines().toList();
        assertEquals("parrot, greedy, a cage", lines.get(0));
        assertEquals("compared with normaliser basic 1, nist costs", lines.get(1));
        assertTrue(lines.get(2).startsWith("set  utts  hours  words   WER %  95 % by utterance"), lines.get(2));
        assertTrue(
                lines.get(3)
                        .matches("one +2 +0\\.00 +7 +28\\.57 +0\\.00 - 40\\.00 +0\\.00 - 40\\.00 +1 +1 +0 .*"
                                + " 50\\.00 .* 0 +0"),
                lines.get(3));
        assertTrue(
                lines.get(4).matches("two +1 +0\\.00 +1 +100\\.00 +100\\.00 - 100\\.00 +- +0 +1 +0 +100\\.00 .* 1 +1"),
                lines.get(4));
        assertTrue(lines.get(5).matches("all +3 +0\\.00 +8 +37\\.50 .*"), lines.get(5));
        int failed = lines.indexOf("two, the audio cannot be read; in no rate (1):");
        assertTrue(lines.get(failed + 1).startsWith("  b/3.wav: " + folder.resolve("broken.wav")), lines.toString());
        int empty = lines.indexOf("two, the reference is empty once normalised; in no rate (1):");
        assertEquals("  b/2.wav: …", lines.get(empty + 1));
    }

    @Test
    void markdownAndValuesHaveTheSameFigures() {
        String markdown = TextReport.markdown(report);
        assertTrue(markdown.contains("| one | 2 | 0.00 | 7 | 28.57 |"), markdown);
        assertTrue(markdown.contains("| all | parrot | crow | 37.50 | 25.00 | 33.33 |"), markdown);
        List<String> values = CsvReport.format(report).lines().toList();
        assertEquals(7, values.size());
        assertTrue(
                values.get(1).startsWith("parrot,one,2,4.0,7,5,1,1,0,0.2857142857142857,0.0,0.4,0.0,0.4,2,"),
                values.get(1));
    }

    @Test
    void cellsOfTablesAreQuotedWhereTheyMustBe() {
        Table table = new Table(List.of("a", "b|"), List.of(List.of("x,\"y\"", "1")));
        assertEquals("a,b|\n\"x,\"\"y\"\"\",1\n", table.csv());
        assertEquals("| a | b\\| |\n|---|---:|\n| x,\"y\" | 1 |\n", table.markdown());
    }

    @Test
    void jsonHasTheFigures() throws IOException {
        JsonNode json = MAPPER.readTree(JsonReport.format(report));
        assertEquals("basic", json.at("/normalizer/name").asText());
        assertEquals("nist", json.at("/costs").asText());
        assertEquals(8, json.at("/systems/0/total/words").asLong());
        assertEquals(0.375, json.at("/systems/0/total/wer").asDouble());
        assertEquals("release 2", json.at("/systems/0/sets/1/release").asText());
        assertEquals("b/2.wav", json.at("/systems/0/sets/1/noReference/0").asText());
        assertEquals("b/3.wav", json.at("/systems/0/sets/1/failed/0/id").asText());
        assertEquals(2.0 / 7, json.at("/systems/0/sets/0/wer").asDouble());
        assertEquals(1, json.at("/systems/0/sets/0/sentenceErrors").asLong());
        assertEquals(0.4, json.at("/systems/0/sets/0/werInterval/high").asDouble());
        assertTrue(json.at("/systems/0/average").isNull());
        assertEquals(11, json.at("/systems/0/missingColumns").size());
        assertEquals("crow", json.at("/comparisons/0/second").asText());
        assertEquals(3, json.at("/published").size());
        assertEquals("audio_failed", json.at("/concerns/1/kind").asText());
    }

    @Test
    void jsonLinesHaveTheUtterances() throws IOException {
        SetResult one = parrot.results().get(0);
        JsonNode scored = MAPPER.readTree(JsonReport.line("one", one.outcomes().get(0)));
        assertEquals("The cat, the cat SAT.", scored.get("text").asText());
        assertEquals("the cat the cat sat", scored.get("reference").asText());
        assertEquals("the bat the sat", scored.get("hypothesis").asText());
        assertEquals(1, scored.get("deletions").asLong());
        assertEquals("bat", scored.at("/wordTimes/1/word").asText());
        assertEquals(0.25, scored.at("/wordTimes/1/start").asDouble());
        assertEquals(2, scored.at("/expertUsage/1/2").asInt());
        assertEquals(
                scored.get("elapsed").asDouble() / 2,
                scored.get("realTimeFactor").asDouble(),
                1e-12);
        SetResult two = parrot.results().get(1);
        JsonNode empty = MAPPER.readTree(JsonReport.line("two", two.outcomes().get(1)));
        assertEquals("noReference", empty.get("outcome").asText());
        JsonNode failed = MAPPER.readTree(JsonReport.line("two", two.outcomes().get(2)));
        assertEquals("failed", failed.get("outcome").asText());
        assertTrue(failed.get("reason").asText().contains("broken.wav"));
    }

    @Test
    void theExportHoldsTheComparedTextsAndTheWordsAsTheyCame() throws IOException {
        NistExport.write(parrot.results().get(0), folder.resolve("nist"));
        assertEquals(
                """
                the cat the cat sat (anna-00001_1_wav)
                it's here (ben2-00002_2_wav)
                """,
                Files.readString(folder.resolve("nist/ref.trn")));
        assertEquals(
                """
                the bat the sat (anna-00001_1_wav)
                it's here (ben2-00002_2_wav)
                """,
                Files.readString(folder.resolve("nist/hyp.trn")));
        assertEquals(
                """
                1 1 anna 0.000 2.000 The cat, the cat SAT.
                2 1 ben_2 0.000 2.000 It’s here
                """,
                Files.readString(folder.resolve("nist/ref.stm")));
        assertEquals(
                "1 1 0.250 0.200 bat 0.5000",
                Files.readAllLines(folder.resolve("nist/hyp.ctm")).get(1));
    }

    @Test
    void scliteCountsTheSameInTheExport() throws IOException, InterruptedException {
        Path program = Path.of("/usr/bin/sctk");
        Assumptions.assumeTrue(Files.isExecutable(program), "NIST sclite is not here (Debian: apt install sctk)");
        NistExport.write(parrot.results().get(0), folder);
        Process process = new ProcessBuilder(
                        program.toString(),
                        "sclite",
                        "-r",
                        "ref.trn",
                        "trn",
                        "-h",
                        "hyp.trn",
                        "trn",
                        "-i",
                        "rm",
                        "-s",
                        "-o",
                        "rsum",
                        "stdout")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.contains("| anna "), output);
        // sentences, words | correct, substitutions, deletions, insertions, errors, wrong sentences
        String sum = output.lines().filter(l -> l.contains("Sum")).findFirst().orElse(output);
        assertTrue(sum.strip().matches("\\| *Sum *\\| *2 +7 *\\| *5 +1 +1 +0 +2 +1 *\\|"), output);
    }
}
