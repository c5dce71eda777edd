package org.omniscribe.app.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Run;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.testing.WavFile;

/** From recordings to a model and to transcripts, each step by the command that a user would type. */
class TrainCommandTest {
    private static final String RECIPE =
            """
            {"name": "tones",
             "network": {"subsampling": "CONV", "stacking": 4, "convChannels": 4, "width": 16, "heads": 2,
               "mlpWidth": 16, "experts": "2x2", "routing": "SHARED", "position": "RELATIVE", "positionRange": 4,
               "attention": "FULL", "convKernel": 3},
             "corpora": [{"manifest": "manifest.tsv", "weight": 1}],
             "dev": [{"name": "tones", "manifest": "manifest.tsv"}],
             "minSeconds": 0.1, "maxSeconds": 5, "steps": 3, "batchSeconds": 5, "rate": 0.01,
             "evalEvery": 2, "saveEvery": 2}
            """;

    @TempDir
    Path folder;

    private Path data;
    private Path recipe;
    private Path run;

    @BeforeEach
    void makeCorpus() throws IOException {
        data = Files.createDirectories(folder.resolve("data"));
        run = folder.resolve("run");
        recipe = Files.writeString(folder.resolve("recipe.json"), RECIPE);
        StringBuilder manifest = new StringBuilder();
        for (int u = 0; u < 4; u++) {
            WavFile.tone(data.resolve(u + ".wav"), 1, 400 + 300 * u);
            manifest.append(u + ".wav\t1.0\tspeaker\ttone " + (char) ('a' + u) + "\n");
        }
        Files.writeString(data.resolve("manifest.tsv"), manifest);
    }

    private Run train() {
        return Run.of("train", recipe.toString(), "--data", data.toString(), "--run", run.toString());
    }

    @Test
    void recordingsBecomeAModelThatTranscribes() {
        Run trained = train();
        assertEquals(ExitCode.DONE, trained.exitCode(), trained.err());
        assertTrue(trained.out().contains("update 3  tones CER"), trained.out());
        assertTrue(trained.out().endsWith("omniscribe export " + run + " -o model.zip" + System.lineSeparator()));

        Path bundle = folder.resolve("tones.zip");
        Run exported = Run.of("export", run.toString(), "-o", bundle.toString());
        assertEquals(ExitCode.DONE, exported.exitCode(), exported.err());

        Run info = Run.of("model", "info", bundle.toString());
        assertEquals(ExitCode.DONE, info.exitCode(), info.err());
        assertTrue(info.out().contains("2x2 (layers x experts)"), info.out());
        assertTrue(info.out().contains("29, character"), info.out());

        Run transcribed = Run.of(
                "transcribe", data.resolve("0.wav").toString(), "-f", "json", "-o", "-", "-m", bundle.toString());
        assertEquals(ExitCode.DONE, transcribed.exitCode(), transcribed.err());
        assertTrue(transcribed.out().contains("\"model\": \"tones\""), transcribed.out());
    }

    @Test
    void aRunThatIsAtItsEndStaysThere() throws IOException {
        assertEquals(ExitCode.DONE, train().exitCode());
        String curve = Files.readString(run.resolve("curve.jsonl"));
        Run again = train();
        assertEquals(ExitCode.DONE, again.exitCode(), again.err());
        assertTrue(again.out().contains("update 3 of 3"), again.out());
        assertEquals(curve, Files.readString(run.resolve("curve.jsonl")));
    }

    @Test
    void aRecipeThatCannotBeFollowedIsWrongUsage() throws IOException {
        Files.writeString(recipe, RECIPE.replace("\"heads\": 2", "\"heads\": 3").replace("0.01", "0"));
        Run faulty = train();
        assertEquals(ExitCode.USAGE, faulty.exitCode());
        assertTrue(faulty.err().contains("width 16 is not a multiple of heads 3; rate must be positive"), faulty.err());
        assertTrue(faulty.err().contains("Fix the file"), faulty.err());
        assertFalse(Files.exists(run));

        Files.delete(recipe);
        Run missing = train();
        assertEquals(ExitCode.USAGE, missing.exitCode());
        assertTrue(missing.err().contains("recipe.json does not exist; name a JSON file"), missing.err());
    }

    @Test
    void aDataFolderThatIsMissingIsWrongUsage() {
        data = folder.resolve("nowhere");
        Run missing = train();
        assertEquals(ExitCode.USAGE, missing.exitCode());
        assertTrue(missing.err().contains("--data " + data + " is no folder"), missing.err());
    }

    @Test
    void dataThatIsMissingIsAFailedInput() throws IOException {
        data = Files.createDirectories(folder.resolve("elsewhere"));
        Run missing = train();
        assertEquals(ExitCode.SOME_FAILED, missing.exitCode());
        assertTrue(missing.err().contains(data.resolve("manifest.tsv").toString()), missing.err());
        assertTrue(missing.err().contains("Name a manifest"), missing.err());
    }

    @Test
    void theFolderOfAnotherRecipeIsWrongUsage() throws IOException {
        assertEquals(ExitCode.DONE, train().exitCode());
        Files.writeString(recipe, RECIPE.replace("\"steps\": 3", "\"steps\": 4"));
        Run other = train();
        assertEquals(ExitCode.USAGE, other.exitCode());
        assertTrue(other.err().contains("holds a run of another recipe. Use another folder"), other.err());
        assertTrue(other.out().isEmpty(), other.out());
    }
}
