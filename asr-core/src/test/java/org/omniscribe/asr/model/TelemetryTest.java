package org.omniscribe.asr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime reports nothing to anybody, however the program was started. */
class TelemetryTest {
    /** Longer than ONNX Runtime 1.29 bears where its reports are on. */
    private static final int LONG = 6000;

    @TempDir
    Path home;

    @BeforeEach
    void onlyWhereThereIsSomethingToSwitchOff() {
        Assumptions.assumeFalse(Platform.isWindows(), "ONNX Runtime for Windows sends nothing over the network");
    }

    /** Starts ONNX Runtime as the library does, and tells what the C library then has in the environment. */
    static final class Start {
        public static void main(String... args) {
            AcousticModel.environment();
            System.err.println("reports off: " + Telemetry.value());
        }
    }

    @Test
    void reportsAreOffBeforeTheRuntimeIsLoadedAlsoWithALongCommandLine() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                Start.class.getName(),
                "x".repeat(LONG)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove(Telemetry.VARIABLE);
        builder.environment().put("HOME", home.toString());
        builder.environment().put("TMPDIR", home.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), said);
        assertEquals(0, process.exitValue(), said);
        assertTrue(said.contains("reports off: 1"), said);
        // Its uploader would keep a database of what is to be sent, and the number of this machine.
        try (var files = Files.walk(home)) {
            List<Path> left = files.filter(Files::isRegularFile).toList();
            assertFalse(left.stream().anyMatch(file -> file.toString().endsWith(".db")), left.toString());
        }
    }
}
