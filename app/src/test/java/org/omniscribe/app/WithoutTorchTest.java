package org.omniscribe.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.testing.TestResources;

/** PyTorch serves training alone: a transcription does not load it, even where it is on the class path. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks into /proc")
class WithoutTorchTest {
    private static final int LOADED = 9;

    /** Transcribes in a Java machine of its own, as other tests of this module do load PyTorch. */
    static final class Transcription {
        private Transcription() {}

        public static void main(String[] args) throws IOException, ClassNotFoundException {
            Class.forName("ai.djl.pytorch.engine.PtEngineProvider");
            Run run = Run.of("transcribe", args[0], "-m", args[1]);
            List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
            if (maps.stream().noneMatch(line -> line.contains("onnxruntime"))) {
                throw new IllegalStateException("ONNX Runtime is not loaded: " + run.err());
            }
            System.exit(maps.stream().anyMatch(line -> line.contains("torch")) ? LOADED : run.exitCode());
        }
    }

    @Test
    void aTranscriptionDoesNotLoadIt() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Transcription.class.getName(),
                        Path.of("..", "docs", "sample", "river.wav").toString(),
                        TestResources.tinyModel().toString())
                .inheritIO()
                .start();
        assertEquals(ExitCode.DONE, process.waitFor());
    }
}
