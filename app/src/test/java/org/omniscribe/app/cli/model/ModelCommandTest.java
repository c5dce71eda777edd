package org.omniscribe.app.cli.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Run;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.testing.TestResources;

class ModelCommandTest {
    @TempDir
    Path folder;

    @Test
    void infoTellsNetworkInputTrainingAndErrorRates() {
        Run run = Run.of("model", "info", TestResources.tinyModel().toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        for (String told : List.of(
                "tiny-random",
                "GPL-3.0-or-later",
                "2, width 32, 4 heads, experts 48 wide inside",
                "2x4 (layers x experts)",
                "parameters               ",
                "shared: 1 router for all routed layers",
                "25 a second, each from 4 frames, by convolutions of 8 channels",
                "80, HTK, 20 to 7600 Hz, power",
                "random, for tests",
                "not measured",
                "model.onnx                   0.1 MB  ",
                "tokens.txt                    66 B   ")) {
            assertTrue(run.out().contains(told), told + " in " + run.out());
        }
    }

    @Test
    void infoOfADamagedBundleIsThree() throws IOException {
        Path damaged = Files.writeString(folder.resolve("damaged.zip"), "no zip");
        Run run = Run.of("model", "info", damaged.toString());
        assertEquals(ExitCode.ENVIRONMENT, run.exitCode());
        assertTrue(run.err().contains(damaged.toString()), run.err());
    }

    @Test
    void listNamesEveryBundleAndTellsOfDamagedOnes() throws IOException {
        Files.copy(TestResources.tinyModel(), folder.resolve("a.zip"));
        Files.writeString(folder.resolve("b.zip"), "no zip");
        Files.copy(TestResources.tinyModel(), folder.resolve("c.omni"));
        Files.writeString(folder.resolve("d.txt"), "no model");
        Run run = Run.of("model", "list", folder.toString());
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        for (String name : List.of("a.zip", "c.omni")) {
            assertTrue(run.out().contains(folder.resolve(name) + "  tiny-random  2x4 shared, width 32"), run.out());
        }
        assertTrue(run.err().contains(folder.resolve("b.zip").toString()), run.err());
    }

    @Test
    void listOfWhatIsNoFolderIsAFailure() {
        Run run = Run.of("model", "list", folder.resolve("missing").toString());
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        assertTrue(run.err().contains("missing cannot be read as a folder"), run.err());
    }

    @Test
    void modelAloneIsWrongUsage() {
        assertEquals(ExitCode.USAGE, Run.of("model").exitCode());
    }
}
