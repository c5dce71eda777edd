package org.omniscribe.app.cli.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Run;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.Microphone;
import org.omniscribe.asr.testing.TestResources;

/** With a tiny network of random weights: what it hears is nonsense, but always the same nonsense. */
class LiveCommandTest {
    private static final Path RIVER = Path.of("..", "docs", "sample", "river.wav");

    @TempDir
    Path folder;

    private static Run live(Object... args) {
        List<String> all = new ArrayList<>(
                List.of("live", "--model", TestResources.tinyModel().toString()));
        Stream.of(args).map(Object::toString).forEach(all::add);
        return Run.of(all.toArray(new String[0]));
    }

    private static Run river(Object... args) {
        List<Object> all = new ArrayList<>(List.of("--file", RIVER, "--speed", "inf"));
        all.addAll(List.of(args));
        return live(all.toArray());
    }

    @Test
    void finishedUtterancesGoToStandardOutput() {
        Run run = river();
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertFalse(run.out().isBlank());
        assertFalse(run.out().contains("\u001b"), "no escapes where there is no terminal");
        assertTrue(run.err().matches("omniscribe: 4\\.9 s heard, [1-9]\\d* words\\R"), run.err());
    }

    @Test
    void everyFormatHasItsFileAndTheSoundIsKept() throws IOException {
        Path talk = folder.resolve("new/talk");
        Path kept = folder.resolve("kept.flac");
        Run run = river("-f", "txt,srt,json", "-o", talk, "--record", kept);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(run.out(), Files.readString(folder.resolve("new/talk.txt")));
        assertTrue(Files.readString(folder.resolve("new/talk.srt")).startsWith("1\n00:00:0"));
        assertEquals(
                AudioReader.readAll(RIVER).seconds(),
                new ObjectMapper()
                        .readTree(folder.resolve("new/talk.json").toFile())
                        .get("duration")
                        .asDouble(),
                0.06);
        assertEquals(
                AudioReader.readAll(RIVER).samples().length,
                AudioReader.readAll(kept).samples().length);
    }

    @Test
    void theEndingOfOneFileIsItsFormat() throws IOException {
        Path captions = folder.resolve("talk.vtt");
        assertEquals(ExitCode.DONE, river("-o", captions).exitCode());
        assertTrue(Files.readString(captions).startsWith("WEBVTT\n"));
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Path there = Files.writeString(folder.resolve("talk.txt"), "precious");
        for (String option : List.of("-o", "--record")) {
            Run run = river(option, there);
            assertEquals(ExitCode.USAGE, run.exitCode());
            assertTrue(run.err().contains("is there already"), run.err());
        }
        assertEquals("precious", Files.readString(there));
    }

    @Test
    void aFileThatCannotBeHeardIsAFailedInput() throws IOException {
        Path notes = Files.writeString(folder.resolve("notes.wav"), "no sound");
        Run run = live("--file", notes);
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        assertTrue(run.err().startsWith("omniscribe: " + notes + ": "), run.err());
    }

    @Test
    void wrongUsageIsTold() {
        assertEquals(ExitCode.USAGE, river("-f", "srt").exitCode());
        assertEquals(ExitCode.USAGE, river("--pause", "99").exitCode());
        assertEquals(ExitCode.USAGE, live("--file", RIVER, "--speed", "fast").exitCode());
        assertEquals(ExitCode.USAGE, live("--file", RIVER, "--mic", "1").exitCode());
    }

    @Test
    void theListOfMicrophonesIsThatOfTheMachine() {
        Run run = Run.of("live", "--list");
        int devices = Microphone.list().size();
        assertEquals(devices == 0 ? ExitCode.ENVIRONMENT : ExitCode.DONE, run.exitCode());
        assertEquals(devices, run.out().lines().count());
    }
}
