package org.omniscribe.app.cli.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Run;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.feature.NpyWriter;
import org.omniscribe.asr.testing.WavFile;

class FeaturesCommandTest {
    @TempDir
    private Path folder;

    private Path audio;
    private Path out;

    @BeforeEach
    void writeTwoAndAHalfSecondsOfSound() throws IOException {
        audio = folder.resolve("tone.wav");
        out = folder.resolve("tone.npy");
        WavFile.write(audio, 40000, i -> (short) (8000 * Math.sin(i * (0.05 + i * 1e-5)) + i % 97));
    }

    private Path spec(String json) throws IOException {
        return Files.writeString(folder.resolve("spec.json"), json);
    }

    private void assertWritten(FeatureSpec spec) throws IOException {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        float[][] frames =
                new LogMelFrontEnd(spec).features(AudioReader.readAll(audio).samples());
        NpyWriter.write(expected, frames, spec.bins());
        assertArrayEquals(expected.toByteArray(), Files.readAllBytes(out));
    }

    @Test
    void writesTheFinishedFramesOfTheStandardSpecification() throws IOException {
        Run run = Run.of("features", audio.toString(), "--out", out.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals("", run.out());
        assertEquals(out + ": 248 frames of 80 bins, one every 0.01 s" + System.lineSeparator(), run.err());
        assertWritten(FeatureSpec.standard());
    }

    @Test
    void aSpecificationFileNamesOnlyWhatDiffers() throws IOException {
        String json = "{\"bins\": 40, \"fft\": 400, \"padding\": \"REFLECT\", \"normalization\": \"NONE\"}";
        Run run = Run.of("features", audio.toString(), "--spec", spec(json).toString(), "--out", out.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertWritten(FeatureSpec.standard().changedBy(json));
    }

    @Test
    void allFaultsOfASpecificationAreOneUsageError() throws IOException {
        Path spec = spec("{\"bins\": 0, \"fmax\": 9000, \"colour\": 1}");
        Run run = Run.of("features", audio.toString(), "--spec", spec.toString(), "--out", out.toString());
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertTrue(
                run.err()
                        .contains(spec + ": mel: bins must be from 1 to 8192, not 0; unknown field colour;"
                                + " mel.fmax 9000.0 is above half the sampleRate, 8000.0"),
                run.err());
        assertFalse(Files.exists(out));
    }

    @Test
    void aSpecificationForAnotherRateIsRefused() throws IOException {
        Path spec = spec("{\"sampleRate\": 44100}");
        Run run = Run.of("features", audio.toString(), "--spec", spec.toString(), "--out", out.toString());
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertTrue(run.err().contains("sampleRate must be 16000"), run.err());
    }

    @Test
    void aMissingSpecificationFileIsAUsageError() {
        Path spec = folder.resolve("none.json");
        Run run = Run.of("features", audio.toString(), "--spec", spec.toString(), "--out", out.toString());
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertTrue(run.err().contains(spec + ": cannot be read"), run.err());
    }

    @Test
    void anUnreadableRecordingIsOneFailedInput() throws IOException {
        Path text = Files.writeString(folder.resolve("letter.wav"), "Dear reader, this is a letter and no sound.");
        Run run = Run.of("features", text.toString(), "--out", out.toString());
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        assertTrue(run.err().contains(text.toString()), run.err());
        assertFalse(Files.exists(out));
    }

    @Test
    void anOutputThatCannotBeWrittenIsAProblemOfTheEnvironment() {
        Path nowhere = folder.resolve("no-such-folder").resolve("tone.npy");
        Run run = Run.of("features", audio.toString(), "--out", nowhere.toString());
        assertEquals(ExitCode.ENVIRONMENT, run.exitCode());
        assertTrue(run.err().contains(nowhere + ": cannot be written"), run.err());
    }

    /** The help text repeats the standard values by hand. */
    @Test
    void helpTellsTheStandardSpecification() {
        String help = Run.of("features", "--help").out().replaceAll("\\s+", " ");
        FeatureSpec.standard().toJson().properties().forEach(part -> {
            if (part.getValue().isValueNode()) {
                assertInHelp(help, part.getKey() + " " + part.getValue().asText());
                return;
            }
            assertInHelp(help, part.getKey() + ": ");
            part.getValue().properties().forEach(field -> {
                String value = field.getValue().asText().replaceAll("\\.0$", "").replace("1.0E-10", "1e-10");
                assertInHelp(help, field.getKey() + " " + value);
            });
        });
    }

    private static void assertInHelp(String help, String words) {
        assertTrue(help.contains(words), words + " in " + help);
    }
}
