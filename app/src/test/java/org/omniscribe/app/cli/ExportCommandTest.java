package org.omniscribe.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.export.checkpoint.OmniRouterParameters;
import org.omniscribe.export.checkpoint.SafeTensors;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

class ExportCommandTest {
    @TempDir
    Path folder;

    /** A checkpoint with random weights of the shape, the features and the tokens of the tiny model. */
    private Path checkpoint() {
        ModelBundle tiny = ModelBundle.open(TranscribeCommandTest.MODEL);
        Architecture architecture = tiny.architecture();
        Random random = new Random(1);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        OmniRouterParameters.shapes(architecture).forEach((name, shape) -> {
            float[] values = new float[(int) LongStream.of(shape).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian() * 0.2f;
            }
            tensors.put(name, new Tensor(shape, values));
        });
        Map<String, String> metadata = Map.of(
                "name", "small",
                "architecture", new ObjectMapper().valueToTree(architecture).toString(),
                "features", FeatureSpec.standard().toJson().toString(),
                "tokens", String.join("\n", tiny.vocabulary().tokens()));
        Path file = folder.resolve("small.safetensors");
        SafeTensors.write(file, tensors, metadata);
        return file;
    }

    @Test
    void aCheckpointBecomesABundleThatTranscribes() throws IOException {
        Path card = Files.writeString(folder.resolve("card.json"), "{\"name\": \"mine\", \"licence\": \"CC0-1.0\"}");
        Path bundle = folder.resolve("mine.zip");
        Run run = Run.of("export", checkpoint().toString(), "-o", bundle.toString(), "--card", card.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().startsWith(bundle + "  mine  2x4 shared"), run.out());

        run = Run.of("transcribe", Path.of("..", "docs", "sample", "river.wav").toString(), "-m", bundle.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
    }

    @Test
    void whatIsNoCheckpointIsToldAndLeavesNoBundle() throws IOException {
        Path file = Files.writeString(folder.resolve("a.safetensors"), "nothing");
        Path bundle = folder.resolve("bundle");
        Run run = Run.of("export", file.toString(), "-o", bundle.toString());
        assertEquals(ExitCode.ENVIRONMENT, run.exitCode());
        assertTrue(run.err().startsWith("omniscribe: " + file), run.err());
        assertFalse(Files.exists(bundle));
    }

    @Test
    void aBundleMustBeNamed() {
        assertEquals(ExitCode.USAGE, Run.of("export", "a.safetensors").exitCode());
    }
}
