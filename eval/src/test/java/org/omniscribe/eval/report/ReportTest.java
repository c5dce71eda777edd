package org.omniscribe.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.omniscribe.eval.run.SetResult;
import org.omniscribe.eval.score.ErrorCounts;

class ReportTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    private Report report;

    @BeforeEach
    void evaluate() throws IOException {
        report = Fixture.report(folder);
    }

    @Test
    void emptyReferencesAndBadAudioAreNamedAndInNoRate() {
        SetResult two = report.sets().get(1);
        assertEquals(1, two.scored().size());
        assertEquals("b/2.wav", two.withoutReference().get(0).utterance().id());
        assertEquals("b/3.wav", two.failed().get(0).utterance().id());
        assertTrue(two.failed().get(0).reason().contains("broken.wav"));
        assertEquals(new ErrorCounts(0, 0, 1, 0), two.score().words());
    }

    @Test
    void totalPoolsAllUtterances() {
        SetResult total = report.total();
        // the cat the cat sat / the bat the sat: one substitution, one deletion; yes / nothing: one deletion.
        assertEquals(new ErrorCounts(5, 1, 2, 0), total.score().words());
        assertEquals(3.0 / 8, total.score().wer());
        assertEquals(6, total.seconds());
        assertEquals(3, total.score().sentences());
        assertEquals(2, total.score().sentenceErrors());
        assertTrue(total.werInterval().low() <= total.score().wer());
        assertTrue(total.werInterval().high() >= total.score().wer());
    }

    @Test
    void tableSaysWhatWasMeasuredAndHow() {
        List<String> lines = TextReport.format(report).lines().toList();
        assertEquals(
                "model parrot, normaliser basic 1, nist costs, interval by bootstrap over utterances", lines.get(0));
        assertEquals(
                "set  utts  hours  words   WER %    95 % interval  S  D  I   CER %   SER %    RTF  no ref  failed",
                lines.get(1));
        assertTrue(lines.get(2).matches("one +2 +0\\.00 +7 +28\\.57 +0\\.00 - 40\\.00 +1 +1 +0 .* 50\\.00 .* 0 +0"));
        assertTrue(lines.get(3).matches("two +1 +0\\.00 +1 +100\\.00 +100\\.00 - 100\\.00 +0 +1 +0 +100\\.00 .* 1 +1"));
        assertTrue(lines.get(4).matches("all +3 +0\\.00 +8 +37\\.50 .*"), lines.get(4));
        assertEquals("two, reference empty once normalised (1):", lines.get(5));
        assertEquals("  b/2.wav", lines.get(6));
        assertEquals("two, audio failed (1):", lines.get(7));
        assertTrue(lines.get(8).startsWith("  b/3.wav: " + folder.resolve("broken.wav")), lines.get(8));
    }

    @Test
    void jsonHasTheFigures() throws IOException {
        JsonNode json = MAPPER.readTree(JsonReport.format(report));
        assertEquals("basic", json.at("/normalizer/name").asText());
        assertEquals("nist", json.at("/costs").asText());
        assertEquals(8, json.at("/total/words").asLong());
        assertEquals(0.375, json.at("/total/wer").asDouble());
        assertEquals("b/2.wav", json.at("/sets/1/noReference/0").asText());
        assertEquals("b/3.wav", json.at("/sets/1/failed/0/id").asText());
        assertEquals(2.0 / 7, json.at("/sets/0/wer").asDouble());
        assertEquals(1, json.at("/sets/0/sentenceErrors").asLong());
        assertEquals(0.4, json.at("/sets/0/werInterval/high").asDouble());
    }

    @Test
    void jsonLinesHaveTheUtterances() throws IOException {
        SetResult one = report.sets().get(0);
        JsonNode scored = MAPPER.readTree(JsonReport.line("one", one.outcomes().get(0)));
        assertEquals("The cat, the cat SAT.", scored.get("text").asText());
        assertEquals("the cat the cat sat", scored.get("reference").asText());
        assertEquals("the bat the sat", scored.get("hypothesis").asText());
        assertEquals(1, scored.get("deletions").asLong());
        assertEquals("bat", scored.at("/wordTimes/1/word").asText());
        assertEquals(0.25, scored.at("/wordTimes/1/start").asDouble());
        SetResult two = report.sets().get(1);
        JsonNode empty = MAPPER.readTree(JsonReport.line("two", two.outcomes().get(1)));
        assertEquals("noReference", empty.get("outcome").asText());
        JsonNode failed = MAPPER.readTree(JsonReport.line("two", two.outcomes().get(2)));
        assertEquals("failed", failed.get("outcome").asText());
        assertTrue(failed.get("reason").asText().contains("broken.wav"));
    }

    @Test
    void trnHoldsTheComparedTexts() throws IOException {
        TrnExport.write(report.total(), folder.resolve("trn"));
        assertEquals(
                """
                the cat the cat sat (anna-00001_1_wav)
                it's here (ben2-00002_2_wav)
                yes (unknown-00003_1_wav)
                """,
                Files.readString(folder.resolve("trn/ref.trn")));
        assertEquals(
                """
                the bat the sat (anna-00001_1_wav)
                it's here (ben2-00002_2_wav)
                 (unknown-00003_1_wav)
                """,
                Files.readString(folder.resolve("trn/hyp.trn")));
    }

    @Test
    void scliteCountsTheSameInTheExport() throws IOException, InterruptedException {
        Path program = Path.of("/usr/bin/sctk");
        Assumptions.assumeTrue(Files.isExecutable(program), "NIST sclite is not here (Debian: apt install sctk)");
        TrnExport.write(report.total(), folder);
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
        assertTrue(output.contains("| anna  "), output);
        // sentences, words | correct, substitutions, deletions, insertions, errors, wrong sentences
        String sum = output.lines().filter(l -> l.contains("Sum")).findFirst().orElse(output);
        assertTrue(sum.strip().matches("\\| *Sum *\\| *3 +8 *\\| *5 +1 +2 +0 +3 +2 *\\|"), output);
    }
}
