package org.omniscribe.app.cli.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Run;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.feature.NpyReader;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.testing.TestResources;

/** Import, quantize and run, as they are typed. */
class ModelImportCommandTest {
    private static final Path CHECKPOINTS = TestResources.path("checkpoints");
    private static final Path TINY = TestResources.tinyModel();

    @TempDir
    private Path folder;

    @Test
    void anImportedModelRunsAsItDidElsewhere() throws IOException {
        Path spec = Files.writeString(folder.resolve("spec.json"), "{\"bins\": 8}");
        Path bundle = folder.resolve("dense.zip");
        Run run = Run.of(
                "model",
                "import",
                CHECKPOINTS.resolve("dense.pt").toString(),
                "-o",
                bundle.toString(),
                "--heads",
                "4",
                "--attention",
                "causal",
                "--spec",
                spec.toString(),
                "--precision",
                "float32");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().contains("dense.zip  dense  3x1 dense, width 16"), run.out());
        assertTrue(run.err().contains("layers.{l}.attention.qkv.weight"), run.err());
        assertTrue(run.err().contains("give --tokens"), run.err());

        Path out = folder.resolve("l.npy");
        Path routing = folder.resolve("r.npy");
        run = Run.of(
                "model",
                "run",
                bundle.toString(),
                "--features",
                CHECKPOINTS.resolve("dense-features.npy").toString(),
                "--out",
                out.toString(),
                "--routing",
                routing.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        NpyReader.FloatArray expected = NpyReader.read(CHECKPOINTS.resolve("dense-logprobs.npy"));
        NpyReader.FloatArray actual = NpyReader.read(out);
        assertArrayEquals(expected.shape(), actual.shape());
        assertArrayEquals(expected.data(), actual.data(), 1e-4f);
        assertTrue(new String(Files.readAllBytes(routing), java.nio.charset.StandardCharsets.ISO_8859_1)
                .contains("'shape': (3, 8)"));
    }

    @Test
    void whatIsNoWholeNetworkIsNotImported() throws IOException {
        Path bundle = folder.resolve("bundle");
        Run run = Run.of(
                "model", "import", CHECKPOINTS.resolve("switch.safetensors").toString(), "-o", bundle.toString());
        // The network takes 8 bins, not 80.
        assertEquals(ExitCode.ENVIRONMENT, run.exitCode());
        assertTrue(run.err().contains("input.weight was not found"), run.err());
        assertTrue(Files.notExists(bundle));

        Path features = folder.resolve("f.npy");
        Files.copy(CHECKPOINTS.resolve("dense-features.npy"), features);
        run = Run.of("model", "run", TINY.toString(), "--features", features.toString(), "--out", "x.npy");
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        assertTrue(run.err().contains("the model takes [frames, 80]"), run.err());
    }

    @Test
    void aWhisperModelBecomesABundleThatSaysWhatItIs() {
        Path bundle = folder.resolve("whisper");
        String source = TestResources.path("whisper").resolve("openai/small.pt").toString();
        Run run = Run.of("model", "import", source, "-o", bundle.toString(), "--heads", "4");
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertTrue(run.err().contains("Leave out --heads"), run.err());
        run = Run.of("model", "import", source, "-o", bundle.toString(), "--precision", "INT8_DYNAMIC");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.err().contains("a Whisper model of openai-whisper: 2 layers of the encoder"), run.err());
        run = Run.of("model", "info", bundle.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().contains("2 layers, 280 tokens, at most 24 a window"), run.out());
        assertTrue(run.out().contains("2, translates into English"), run.out());
        assertTrue(run.out().contains("INT8_DYNAMIC"), run.out());
    }

    @Test
    void aQuantizedModelIsSmallerAndElseTheSame() {
        Path small = folder.resolve("small.zip");
        Run run = Run.of("model", "quantize", TINY.toString(), "-o", small.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        ModelBundle before = ModelBundle.open(TINY);
        ModelBundle after = ModelBundle.open(small);
        long saved = before.sizes().get(ModelBundle.NETWORK) - after.sizes().get(ModelBundle.NETWORK);
        assertTrue(saved > 20_000, "saved " + saved);
        assertEquals(before.manifest().provenance(), after.manifest().provenance());
        assertEquals(before.vocabulary(), after.vocabulary());
    }
}
