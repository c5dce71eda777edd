package org.omniscribe.app.cli.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Run;
import org.omniscribe.app.command.ExitCode;

class ScoreCommandTest {
    @TempDir
    private Path folder;

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    @Test
    void jsonHasTheCountsOfTrnFiles() throws IOException {
        String reference = file("ref.trn", "the { big / large } cat (really) sat (a-1)\nyes (b-1)\n");
        String hypothesis = file("hyp.trn", "yes (b-1)\nThe large hat sat down (a-1)\n");
        Run run = Run.of("score", "--ref", reference, "--hyp", hypothesis, "--json");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        JsonNode node = new ObjectMapper().readTree(run.out());
        // sclite -F -D: the word that may be left out counts as correct, and so as a word.
        assertEquals(6, node.get("words").asInt());
        assertEquals(5, node.get("correct").asInt());
        assertEquals(1, node.get("substitutions").asInt());
        assertEquals(0, node.get("deletions").asInt());
        assertEquals(1, node.get("insertions").asInt());
        assertEquals(2 / 6.0, node.get("wer").asDouble(), 1e-12);
        assertEquals(2, node.get("sentences").asInt());
        assertEquals(1, node.get("sentenceErrors").asInt());
        assertEquals("nist", node.get("normalizer").get("name").asText());
    }

    @Test
    void textHasTheRateOfTablesAfterNormalizing() throws IOException {
        String reference = file("ref.tsv", "id\ttext\na-1\tTwenty-one colours.\n");
        String hypothesis = file("hyp.tsv", "a-1\t21 colors\n");
        Run run = Run.of("score", "--ref", reference, "--hyp", hypothesis, "--normalizer", "whisper-en");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().contains("word error rate  0.00 %"), run.out());
        assertTrue(run.out().contains("only one speaker"), run.out());
        assertTrue(run.out().contains("normalizer whisper-en 1, costs nist"), run.out());
    }

    @Test
    void wordsBelongToTheSegmentOfTheirMiddle() throws IOException {
        String reference = file(
                "ref.stm",
                "r 1 a 0.0 1.0 <o> one\nr 1 a 1.0 2.0 IGNORE_TIME_SEGMENT_IN_SCORING\nr 1 a 2.0 3.0 <o> three\n");
        String hypothesis = file("hyp.ctm", "r 1 0.5 0.8 one 0.9\nr 1 1.2 0.3 two\nr 1 1.8 0.6 three\n");
        Run run = Run.of("score", "--ref", reference, "--hyp", hypothesis, "--format", "stm,ctm");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().contains("2: 2 correct, 0 substituted, 0 deleted; 0 inserted"), run.out());
    }

    @Test
    void twoSystemsAreComparedByMatchedPairs() throws IOException {
        String reference = file("ref.trn", "a { b / c } d e (s-1)\none two (s-2)\n");
        String first = file("first.trn", "a b d x (s-1)\none two (s-2)\n");
        String second = file("second.trn", "a c d e (s-1)\none (s-2)\n");
        Run run = Run.of("score", "--ref", reference, "--hyp", first, "--hyp", second, "--json");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        JsonNode node = new ObjectMapper().readTree(run.out());
        assertEquals(1 / 6.0, node.at("/systems/0/wer").asDouble(), 1e-12);
        // By hand: "a b d e" and "one two" have seven characters each, and one is wrong.
        assertEquals(1 / 14.0, node.at("/systems/0/characters/cer").asDouble(), 1e-12);
        assertEquals(first, node.at("/comparisons/0/first").asText());
        assertEquals(2, node.at("/comparisons/0/mapsswe/segments").asInt());
        assertEquals(0, node.at("/comparisons/0/mapsswe/mean").asDouble());
        Run text = Run.of("score", "--ref", reference, "--hyp", first, "--hyp", second);
        assertTrue(text.out().contains("matched pairs: z 0.00, p 1.0000 over 2 segments"), text.out());
        assertEquals(
                ExitCode.USAGE,
                Run.of("score", "--ref", reference, "--hyp", first, "--hyp", first)
                        .exitCode());
    }

    @Test
    void whatIsMissingIsNamedAndTheRestScored() throws IOException {
        String reference = file("ref.trn", "one (a-1)\ntwo (a-2)\n");
        Run run = Run.of("score", "--ref", reference, "--hyp", file("hyp.trn", "one (a-1)\nx (a-9)\n"));
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        assertTrue(run.err().contains("a-2: no hypothesis"), run.err());
        assertTrue(run.err().contains("a-9: no reference"), run.err());
        assertTrue(run.out().contains("50.00 %"), run.out());
    }

    @Test
    void faultsSayWhereTheyAre() throws IOException {
        String good = file("ref.trn", "one (a-1)\n");
        Run format = Run.of("score", "--ref", good, "--hyp", good, "--format", "doc");
        assertEquals(ExitCode.USAGE, format.exitCode());
        assertTrue(format.err().contains("trn, stm,ctm, tsv, kaldi and text"), format.err());
        Run unknown = Run.of("score", "--ref", file("ref.x", ""), "--hyp", good);
        assertEquals(ExitCode.USAGE, unknown.exitCode());
        Run line = Run.of("score", "--ref", good, "--hyp", file("bad.trn", "one\n"));
        assertEquals(ExitCode.SOME_FAILED, line.exitCode());
        assertTrue(line.err().contains("bad.trn: line 1: no (id) at the end"), line.err());
    }

    @Test
    void rulesOfAGlmAreAppliedToBothSides() throws IOException {
        String rules = file(
                "a.glm",
                ";; rules\n* case_sensitive = 'F'\nUH => %HESITATION / [ ] __ [ ]\nMR => MISTER / [ ] __ [ ]\n");
        String reference = file("ref.stm", "r 1 a 0.0 3.0 <o> (%hesitation) mister brown (th-)\n");
        String hypothesis = file("hyp.ctm", "r 1 0.1 0.2 uh\nr 1 0.5 0.2 mr\nr 1 1.0 0.2 brown\n");
        Run without = Run.of("score", "--ref", reference, "--hyp", hypothesis);
        assertTrue(without.out().contains("2 substituted"), without.out());
        Run with = Run.of("score", "--ref", reference, "--hyp", hypothesis, "--glm", rules);
        assertEquals(ExitCode.DONE, with.exitCode(), with.err());
        assertTrue(with.out().contains("word error rate  0.00 %"), with.out());
        assertTrue(with.out().contains("costs nist, rules of a.glm"), with.out());
        Run json = Run.of("score", "--ref", reference, "--hyp", hypothesis, "--glm", rules, "--json");
        assertEquals("a.glm", new ObjectMapper().readTree(json.out()).get("glm").asText());
        String table = file("ref.tsv", "a-1\tyes\n");
        assertEquals(
                ExitCode.USAGE,
                Run.of("score", "--ref", table, "--hyp", table, "--glm", rules).exitCode());
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstWord() throws IOException {
        String reference = file("ref.trn", "\ufeffhello world (a_1)\nfoo bar (a_3)\n");
        String hypothesis = file("hyp.trn", "hello world (a_1)\nfoo bar (a_3)\n");
        Run run = Run.of("score", "--ref", reference, "--hyp", hypothesis);
        assertTrue(run.out().contains("word error rate  0.00 %"), run.out());
    }

    @Test
    void plainTextsAndThoseOfKaldiAreScored() throws IOException {
        String plain = file("ref.txt", "hello world\nfoo bar\n");
        Run run = Run.of("score", "--ref", plain, "--hyp", file("hyp.txt", "hello word\nfoo bar\n"));
        assertTrue(run.out().contains("word error rate  25.00 %"), run.out());
        run = Run.of("score", "--ref", plain, "--hyp", file("short.txt", "hello word\n"));
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        assertTrue(run.err().contains("has 2 lines"), run.err());
        String kaldi = file("text", "a-1 hello world\na-2 foo bar\n");
        run = Run.of("score", "--ref", kaldi, "--hyp", file("hyp", "a-2 foo bar\na-1 hello word\n"));
        assertTrue(run.out().contains("word error rate  25.00 %"), run.out());
    }

    @Test
    void tenThousandWordsInALineAreScored() throws IOException {
        StringBuilder reference = new StringBuilder();
        StringBuilder hypothesis = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            reference.append('w').append(i % 977).append(' ');
            hypothesis.append('w').append(i * 7 % 977).append(' ');
        }
        Run run = Run.of(
                "score", "--ref", file("r.trn", reference + "(l_1)\n"), "--hyp", file("h.trn", hypothesis + "(l_1)\n"));
        // As the whole table gave it in version 7803c51.
        assertTrue(run.out().contains("10000: 62 correct, 9887 substituted, 51 deleted; 51 inserted"), run.out());
        assertTrue(run.out().contains("characters       48789, error rate 51.68 %"), run.out());
    }
}
