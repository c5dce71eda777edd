package org.omniscribe.eval.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.datasets.NistReferences;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.score.ScoreException;
import org.omniscribe.eval.text.Normalizer;
import org.omniscribe.eval.text.Normalizers;

/** Sets that NIST wrote the references of. Counts are those of csrfilt.sh -dh and sclite -F -D of SCTK 2.4.10. */
class ScoringTest {
    private static final List<String> RULES = List.of(
            ";; rules",
            "* format = 'NIST1'",
            "* case_sensitive = 'F'",
            "[he's] => [{ he is / he has }] / [ ] __ [ ]",
            "[uh] => [(%hesitation)] / [ ] __ [ ]",
            "[mr.] => [mister] / [ ] __ [ ]");
    private static final String CHOICES =
            "HE HAS (%HESITATION) GONE TO { MISTER / THE } (TH-) FALKNER { GONNA / @ } QU-";
    private static final String PLAIN = "HE HAS GONE TO MISTER FALKNER GONNA";
    private static final String HEARD = "he's gone to uh mr. faulkner quickly";

    @TempDir
    Path folder;

    private ErrorCounts counts(NistReferences nist, Normalizer normalizer) throws IOException {
        return score(nist, normalizer).scored().get(0).scored().words();
    }

    private SetResult score(NistReferences nist, Normalizer normalizer) throws IOException {
        TestSet set = new TestSet(
                "switchboard",
                true,
                "",
                List.of(
                        new Utterance("u", Path.of("sw_1.sph"), 0, 9, 0, "s", PLAIN),
                        new Utterance("th", Path.of("sw_1.sph"), 9, 10, 0, "s", "")),
                List.of(),
                nist);
        Path trn = Files.writeString(folder.resolve("h.trn"), HEARD + " (u)\nthem (th)\n");
        try (RunFolder run = RunFolder.open(Files.createTempDirectory(folder, "run"))) {
            run.save(set);
            TestSet kept = run.sets().get(0);
            assertEquals(nist, kept.nist(), "a run keeps all that it is scored by");
            SystemLog log = run.system(SystemInfo.importedFrom("x", "h.trn"));
            log.replaceAll(ImportedOutput.read(trn, List.of(kept)).recognitions());
            return new Scoring(normalizer, EditCosts.NIST).score(kept, log);
        }
    }

    private static NistReferences nist(String glm, List<String> rules) {
        return new NistReferences(Map.of("u", CHOICES, "th", "(TH-)"), glm, rules);
    }

    @Test
    void choicesAndRulesCountWhereTheNormalizerTakesThem() throws IOException {
        assertEquals(new ErrorCounts(9, 1, 0, 0), counts(nist("r.glm", RULES), Normalizers.NIST));
        assertEquals(new ErrorCounts(4, 4, 1, 0), counts(nist("", List.of()), Normalizers.NIST));
    }

    @Test
    void otherNormalizersTakeThePlainReading() throws IOException {
        assertEquals(
                counts(NistReferences.NONE, Normalizers.WHISPER_EN),
                counts(nist("r.glm", RULES), Normalizers.WHISPER_EN));
    }

    @Test
    void anUtteranceOfWordsThatMayBeLeftOutCountsOnlyWithThem() throws IOException {
        assertEquals(
                new ErrorCounts(1, 0, 0, 0),
                score(nist("r.glm", RULES), Normalizers.NIST)
                        .scored()
                        .get(1)
                        .scored()
                        .words());
        assertEquals(
                1,
                score(nist("r.glm", RULES), Normalizers.WHISPER_EN)
                        .withoutReference()
                        .size());
    }

    @Test
    void faultyNotationIsToldWithItsPlace() {
        NistReferences faulty = new NistReferences(Map.of("u", "{ A / B"), "", List.of());
        String message = assertThrows(ScoreException.class, () -> counts(faulty, Normalizers.NIST))
                .getMessage();
        assertTrue(message.contains("switchboard, u: "), message);
        assertTrue(message.contains("a { without a }"), message);
    }
}
