package org.omniscribe.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.testing.TestResources;

/** Standard output that cannot be written is an error of every command, never a lost result. */
@Timeout(300)
class OutputTest {
    private static final File FULL = new File("/dev/full");
    private static final String RIVER =
            Path.of("..", "docs", "sample", "river.wav").toString();
    private static final String MODEL = TestResources.tinyModel().toString();

    @TempDir
    Path folder;

    private ProcessBuilder program(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dai.djl.offline=true",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private static void cannotBeWritten(Process process, String reason) throws IOException, InterruptedException {
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(ExitCode.ENVIRONMENT, process.waitFor(), said);
        assertTrue(said.contains(reason), said);
    }

    @Test
    void aFullDiskIsToldByEveryCommand() throws IOException, InterruptedException {
        assumeTrue(FULL.exists(), "only Linux has a file that is always full");
        Path texts = Files.writeString(folder.resolve("ref.trn"), "one two (a)\n");
        for (String[] command : List.of(
                new String[] {"--help"},
                new String[] {"transcribe", RIVER, "-m", MODEL},
                new String[] {"transcribe", RIVER, "-m", MODEL, "-f", "json", "-o", "-"},
                new String[] {"live", "--file", RIVER, "--speed", "inf", "-m", MODEL},
                new String[] {"score", "--ref", texts.toString(), "--hyp", texts.toString()},
                new String[] {"model", "info", MODEL})) {
            cannotBeWritten(program(command).redirectOutput(FULL).start(), "standard output cannot be written");
        }
    }

    @Test
    void nothingIsDoneForAReaderThatHasLeft() throws IOException, InterruptedException {
        String[] command = new String[64];
        Arrays.fill(command, RIVER);
        command[0] = "transcribe";
        command[1] = "-o";
        command[2] = "-";
        command[3] = "-m";
        command[4] = MODEL;
        Process process = program(command).start();
        process.getInputStream().close();
        cannotBeWritten(process, "has left");
    }
}
