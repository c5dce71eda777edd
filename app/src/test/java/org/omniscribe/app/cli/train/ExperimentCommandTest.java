package org.omniscribe.app.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Run;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.testing.WavFile;

class ExperimentCommandTest {
    private static final String CONFIG =
            """
            {"recipe": {"name": "tones",
               "network": {"subsampling": "CONV", "stacking": 4, "convChannels": 4, "width": 16, "heads": 2,
                 "mlpWidth": 16, "experts": "2x2", "routing": "SHARED", "position": "NONE", "positionRange": 0,
                 "attention": "FULL", "convKernel": 3},
               "corpora": [{"manifest": "manifest.tsv", "weight": 8}],
               "minSeconds": 0.1, "maxSeconds": 5, "steps": 20, "batchSeconds": 5, "rate": 0.01,
               "evalEvery": 20, "saveEvery": 20},
             "routings": ["DENSE", "SHARED"], "experts": [2], "seeds": [1], "permutations": 1,
             "test": [{"name": "tones", "manifest": "manifest.tsv"}]}
            """;

    @TempDir
    Path folder;

    private Path config;

    @BeforeEach
    void makeCorpus() throws IOException {
        config = Files.writeString(folder.resolve("study.json"), CONFIG);
        StringBuilder manifest = new StringBuilder();
        for (int u = 0; u < 3; u++) {
            WavFile.tone(folder.resolve(u + ".wav"), 1, 400 + 300 * u);
            manifest.append(u + ".wav\t1.0\tspeaker\ttone " + (char) ('a' + u) + "\n");
        }
        Files.writeString(folder.resolve("manifest.tsv"), manifest);
    }

    private Run experiment() {
        return Run.of(
                "experiment",
                config.toString(),
                "--data",
                folder.toString(),
                "--out",
                folder.resolve("out").toString());
    }

    @Test
    void theGridIsTrainedMeasuredAndNotTrainedTwice() throws IOException {
        Run run = experiment();
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        List<String> rows = run.out().lines().filter(l -> l.startsWith("| ")).toList();
        assertEquals(3, rows.size(), run.out());
        assertTrue(rows.get(1).startsWith("| dense | 1 |"), run.out());
        assertTrue(rows.get(2).startsWith("| Omni-router, 2 | 1 |"), run.out());
        Path out = folder.resolve("out");
        for (String chart : List.of("loss", "wer", "permuted", "agreement", "entropy")) {
            assertTrue(Files.readString(out.resolve(chart + ".svg")).endsWith("</svg>\n"), chart);
        }
        FileTime before = Files.getLastModifiedTime(out.resolve("shared-2-seed1/model.zip"));
        Run again = experiment();
        assertEquals(ExitCode.DONE, again.exitCode(), again.err());
        assertEquals(run.out(), again.out());
        assertEquals(before, Files.getLastModifiedTime(out.resolve("shared-2-seed1/model.zip")));
    }

    @Test
    void variantsDifferInWhatTheySayAndAreMeasuredWithALanguageModelToo() throws IOException {
        Files.writeString(
                config,
                CONFIG.replace(
                        "\"routings\": [\"DENSE\", \"SHARED\"], \"experts\": [2]",
                        "\"variants\": [{\"name\": \"base\", \"change\": {}},"
                                + " {\"name\": \"no-convolution\", \"change\": {\"network\": {\"convKernel\": 0}}}]"));
        Run without = experiment();
        assertEquals(ExitCode.DONE, without.exitCode(), without.err());
        List<String> rows =
                without.out().lines().filter(l -> l.startsWith("| ")).toList();
        assertTrue(rows.get(0).contains("| against base % |"), without.out());
        assertTrue(rows.get(1).startsWith("| base | 1 |"), without.out());
        assertTrue(rows.get(2).startsWith("| no-convolution | 1 |"), without.out());
        String recipe = Files.readString(folder.resolve("out/no-convolution-seed1.json"));
        assertTrue(recipe.contains("\"convKernel\" : 0"), recipe);
        assertTrue(recipe.contains("\"width\" : 16"), recipe);
        Path text = Files.writeString(folder.resolve("text.txt"), "tone a\ntone b\ntone c\n");
        Path model = folder.resolve("lm.bin");
        Run made = Run.of("lm", "train", text.toString(), "--order", "2", "--out", model.toString());
        assertEquals(ExitCode.DONE, made.exitCode(), made.err());
        Run with = Run.of(
                "experiment",
                config.toString(),
                "--data",
                folder.toString(),
                "--out",
                folder.resolve("out").toString(),
                "--lm",
                model.toString());
        assertEquals(ExitCode.DONE, with.exitCode(), with.err());
        assertFalse(with.err().contains("network 1 of 2"), with.err());
        assertTrue(
                Files.readString(folder.resolve("out/base-seed1/result.json")).contains("\"withLanguageModel\""));
    }

    @Test
    void aConfigThatCannotBeFollowedIsWrongUsage() throws IOException {
        Files.writeString(config, CONFIG.replace("\"2x2\"", "\"1x2-1x4\"").replace("\"seeds\": [1]", "\"seeds\": []"));
        Run run = experiment();
        assertEquals(ExitCode.USAGE, run.exitCode(), run.err());
        assertTrue(run.err().contains("seeds is empty; recipe.network.experts must be of the form 6x4"), run.err());
    }
}
