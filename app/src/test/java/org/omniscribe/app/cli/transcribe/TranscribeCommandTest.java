package org.omniscribe.app.cli.transcribe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.omniscribe.app.batch.Journal;
import org.omniscribe.app.batch.Results;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.testing.TestResources;
import org.omniscribe.asr.testing.WavFile;

/** The commands with a tiny network of random weights: what it hears is nonsense, but always the same nonsense. */
class TranscribeCommandTest {
    private static final Path SAMPLES = Path.of("..", "docs", "sample");
    private static final Path RIVER = SAMPLES.resolve("river.wav");

    private static final List<String> BATCH = List.of(Journal.NAME, Results.LINES, Results.SUMMARY);

    @TempDir
    Path folder;

    private static Run transcribe(Object... args) {
        List<String> all = new ArrayList<>(
                List.of("transcribe", "--model", TestResources.tinyModel().toString()));
        Stream.of(args).map(Object::toString).forEach(all::add);
        return Run.of(all.toArray(new String[0]));
    }

    private static List<String> names(Path in) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !BATCH.contains(name))
                    .sorted()
                    .toList();
        }
    }

    private Path copy(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.copy(RIVER, file);
    }

    @Test
    void theTextOfOneFileGoesToStandardOutput() throws IOException {
        Path talk = copy("talk.wav");
        Run run = transcribe(talk);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertFalse(run.out().isBlank());
        assertTrue(run.err().startsWith("1 recording transcribed: 4.9 s of audio"), run.err());
        assertEquals(List.of("talk.wav"), names(folder));
    }

    @Test
    void everyFormatHasItsFileNamedAfterTheRecording() throws IOException {
        copy("talk.wav");
        Path out = folder.resolve("new/out");
        String text = transcribe(folder.resolve("talk.wav")).out();
        Run run = transcribe(folder, "-f", "txt,json,SRT,vtt,ctm", "-o", out);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals("", run.out());
        assertEquals(List.of("talk.ctm", "talk.json", "talk.srt", "talk.txt", "talk.vtt"), names(out));
        assertEquals(text, Files.readString(out.resolve("talk.txt")));

        JsonNode json = new ObjectMapper().readTree(out.resolve("talk.json").toFile());
        assertEquals(folder.resolve("talk.wav").toString(), json.get("file").asText());
        assertEquals(4.895, json.get("duration").asDouble(), 1e-3);
        assertFalse(json.has("routing"));
    }

    @Test
    void withoutAFolderOutputsGoBesideTheRecordings() throws IOException {
        copy("a/talk.wav");
        copy("a/talk.mp3");
        copy("b/talk.wav");
        Run run = transcribe(folder);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(List.of("talk.mp3", "talk.mp3.txt", "talk.wav", "talk.wav.txt"), names(folder.resolve("a")));
        assertEquals(List.of("talk.txt", "talk.wav"), names(folder.resolve("b")));
    }

    @Test
    void oneBadFileStopsNoOther() throws IOException {
        copy("b.wav");
        Files.writeString(folder.resolve("a.wav"), "this is no sound");
        Path missing = folder.resolve("missing.wav");
        Path out = folder.resolve("out");
        Run run = transcribe(missing, folder, "-o", out);
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        assertEquals(List.of("b.txt"), names(out));
        assertTrue(run.err().contains("omniscribe: " + missing + ": "), run.err());
        assertTrue(run.err().contains("omniscribe: " + folder.resolve("a.wav") + ": "), run.err());
        assertTrue(run.err().contains("1 of 3 recordings transcribed, 2 failed"), run.err());
    }

    @Test
    void aFolderThatCannotBeMadeIsToldBeforeAnythingIsDone() throws IOException {
        Path out = folder.resolve("out");
        Files.writeString(out, "a file, not a folder");
        Run run = transcribe(RIVER, "-o", out);
        assertEquals(ExitCode.ENVIRONMENT, run.exitCode());
        assertTrue(run.err().contains("the journal " + out.resolve(Journal.NAME) + " cannot be kept"), run.err());
    }

    @Test
    void aBatchTellsItsResultsInTheOrderOfTheRecordings() throws IOException {
        copy("b.wav");
        copy("a.wav");
        Files.writeString(folder.resolve("c.wav"), "this is no sound");
        Path out = folder.resolve("out");
        Run run = transcribe(folder, "-o", out, "--jobs", "2");
        assertEquals(ExitCode.SOME_FAILED, run.exitCode(), run.err());
        assertTrue(run.err().contains("1 failed (1 unreadable)"), run.err());
        assertTrue(run.err().indexOf("a.wav: 4.9 s") < run.err().indexOf("b.wav: 4.9 s"), run.err());
        assertTrue(run.err().contains("results: " + out.resolve(Results.LINES)), run.err());

        ObjectMapper json = new ObjectMapper();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(out.resolve(Results.LINES))) {
            lines.add(json.readTree(line));
        }
        assertEquals(
                List.of("a.wav", "b.wav", "c.wav"),
                lines.stream()
                        .map(line ->
                                Path.of(line.get("file").asText()).getFileName().toString())
                        .toList());
        assertEquals("DONE", lines.get(0).get("status").asText());
        assertEquals(
                Files.readString(out.resolve("a.txt")).strip().replace('\n', ' '),
                lines.get(0).get("text").asText());
        assertEquals("UNREADABLE", lines.get(2).get("failure").get("kind").asText());

        JsonNode summary = json.readTree(out.resolve(Results.SUMMARY).toFile());
        assertEquals(3, summary.get("recordings").asInt());
        assertEquals(2, summary.get("transcribed").asInt());
        assertEquals(1, summary.get("failed").get("UNREADABLE").asInt());
    }

    @Test
    void standardOutputHasTheOrderOfTheRecordingsWhicheverIsDoneFirst() throws IOException {
        Path talk = copy("talk.wav");
        String one = transcribe(talk).out();
        Run run = transcribe(
                talk, WavFile.silence(folder.resolve("s1.wav"), 2), copy("again.wav"), "-o", "-", "--jobs", "3");
        assertEquals(one + one, run.out());
    }

    @Test
    void listsGiveRecordingsWithLinesOrZeroBytesBetweenThem() throws IOException {
        Path list = folder.resolve("list");
        for (String separator : List.of("\n", "\r\n", "\0")) {
            Files.writeString(
                    list,
                    copy("x" + (int) separator.charAt(0) + separator.length() + ".wav")
                            + separator
                            + RIVER
                            + separator);
            Run run = transcribe("--files-from", list, "-o", "-");
            assertEquals(ExitCode.DONE, run.exitCode(), run.err());
            assertTrue(run.err().contains("2 of 2 recordings"), run.err());
        }
    }

    @Test
    void progressForProgramsIsOneJsonObjectALine() throws IOException {
        Run run = transcribe(copy("a.wav"), "-o", folder.resolve("out"), "--progress", "json");
        List<String> names = new ArrayList<>();
        for (String line : run.err().lines().toList()) {
            names.add(new ObjectMapper().readTree(line).get("event").asText());
        }
        assertEquals(List.of("batch", "begin", "progress", "done", "end"), names);
    }

    @Test
    void resultsOfAnotherOriginAreLeftAlone() throws IOException {
        copy("a.wav");
        Path mine = Files.writeString(folder.resolve(Results.LINES), "my own results");
        Run run = transcribe(folder);
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertEquals("my own results", Files.readString(mine));
        assertEquals(List.of("a.wav"), names(folder));
    }

    @Test
    void existingOutputsStopItBeforeAnythingIsDoneUnlessSkippedOrReplaced() throws IOException {
        copy("a.wav");
        copy("b.wav");
        Path mine = Files.writeString(folder.resolve("a.txt"), "my own notes");

        Run run = transcribe(folder);
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertTrue(run.err().contains(mine + " is there already"), run.err());
        assertEquals(List.of("a.txt", "a.wav", "b.wav"), names(folder));

        assertEquals(ExitCode.DONE, transcribe(folder, "--existing", "skip").exitCode());
        assertEquals("my own notes", Files.readString(mine));
        assertEquals(List.of("a.txt", "a.wav", "b.txt", "b.wav"), names(folder));

        run = transcribe(folder, "--existing", "skip");
        assertEquals(ExitCode.DONE, run.exitCode());
        assertTrue(run.err().contains("all 2 recordings are transcribed already"), run.err());

        assertEquals(ExitCode.DONE, transcribe(folder, "--existing", "replace").exitCode());
        assertArrayEquals(Files.readAllBytes(folder.resolve("b.txt")), Files.readAllBytes(mine));
    }

    @Test
    void silenceIsAnEmptyTranscriptAndNoFailure() throws IOException {
        Run run = transcribe(WavFile.silence(folder.resolve("silence.wav"), 2));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals("", run.out());
    }

    @Test
    void standardOutputTakesAnyFormatButOnlyOne() throws IOException {
        Run run = transcribe(RIVER, "-f", "json", "-o", "-", "--routing");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(new ObjectMapper().readTree(run.out()).has("routing"), run.out());
        assertEquals(
                ExitCode.USAGE, transcribe(RIVER, "-f", "json,txt", "-o", "-").exitCode());
    }

    @Test
    void aChannelIsCountedFromOne() throws IOException {
        assertEquals(
                transcribe(RIVER).out(), transcribe(RIVER, "--channel", "1").out());
        assertEquals(ExitCode.SOME_FAILED, transcribe(RIVER, "--channel", "2").exitCode());
        for (String wrong : List.of("0", "left", "-1")) {
            Run run = transcribe(RIVER, "--channel=" + wrong);
            assertEquals(ExitCode.USAGE, run.exitCode());
            assertTrue(run.err().contains("neither mix nor a number from 1 up"), run.err());
        }
    }

    @Test
    void wrongOptionsAreToldBeforeTheModelIsOpened() {
        assertEquals(ExitCode.USAGE, Run.of("transcribe").exitCode());
        assertEquals(ExitCode.USAGE, transcribe(RIVER, "--threads", "0").exitCode());
        assertEquals(ExitCode.USAGE, transcribe(RIVER, "-f", "pdf").exitCode());
        for (String option : List.of("--jobs=0", "--max-time=0", "--max-seconds=-1", "--max-memory=0")) {
            assertEquals(ExitCode.USAGE, transcribe(RIVER, option).exitCode(), option);
        }
    }

    @Test
    void aModelThatCannotBeUsedIsThree() {
        Run run = Run.of("transcribe", RIVER.toString(), "--model", folder.toString());
        assertEquals(ExitCode.ENVIRONMENT, run.exitCode());
        assertTrue(run.err().contains("model.json is missing"), run.err());
    }

    @Test
    void aFolderWithoutRecordingsIsToldAsAFailure() {
        Run run = transcribe(folder);
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        assertTrue(run.err().contains("no recordings found"), run.err());
    }

    @Test
    void anEmptyArgumentIsWrongUsage() throws IOException {
        copy("talk.wav");
        for (List<Object> args : List.<List<Object>>of(
                List.of(""), List.of(RIVER, "-o", ""), List.of(RIVER, "--output="), List.of(RIVER, "--hotwords", ""))) {
            Run run = transcribe(args.toArray());
            assertEquals(ExitCode.USAGE, run.exitCode(), args.toString());
            assertTrue(run.err().contains("Nothing was done"), run.err());
        }
        assertEquals(List.of("talk.wav"), names(folder));
    }

    @Test
    void aNameThatEndsLikeAFormatIsTheFileOfTheOnlyRecording() throws IOException {
        Path talk = copy("talk.wav");
        Path file = folder.resolve("out/my captions.srt");
        Run run = transcribe(talk, "-o", file);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(List.of("my captions.srt"), names(folder.resolve("out")));
        assertTrue(Files.readString(file).startsWith("1\n00:00:"), Files.readString(file));
        copy("other.wav");
        run = transcribe(folder, "-o", folder.resolve("all.srt"));
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertTrue(run.err().contains("names one file, but there are several recordings"), run.err());
        run = transcribe(talk, "-f", "txt,srt", "-o", folder.resolve("all.srt"));
        assertTrue(run.err().contains("2 formats"), run.err());
        assertFalse(Files.exists(folder.resolve("all.srt")));
    }

    @Test
    void aNameAsLongAsFolderTakesIsTranscribed() throws IOException {
        Path out = folder.resolve("out");
        copy("in/" + "l".repeat(248) + ".wav");
        copy("in/" + "\u00e4".repeat(125) + ".wav");
        Run run = transcribe(folder.resolve("in"), "-f", "json", "-o", out);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(2, names(out).size());
        assertTrue(
                names(out).stream().allMatch(name -> name.endsWith(".json")),
                names(out).toString());
    }

    /** Java shows such a name with marks in it; it is made by the shell. */
    @Test
    void aNameThatIsNoTextIsFound() throws Exception {
        Path shell = Path.of("/bin/sh");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isExecutable(shell), "there is no shell here");
        Path talk = copy("talk.wav");
        String script = "cp talk.wav \"$(printf 'caf\\351.wav')\" && rm talk.wav";
        int code = new ProcessBuilder(shell.toString(), "-c", script)
                .directory(folder.toFile())
                .start()
                .waitFor();
        org.junit.jupiter.api.Assumptions.assumeTrue(code == 0, "this file system takes no such name");
        Run run = transcribe(talk.resolveSibling("caf\ufffd.wav"));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        run = transcribe(folder, "-o", folder.resolve("out"));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(List.of("caf_.txt"), names(folder.resolve("out")));
    }

    @Test
    void controlCharactersOfNamesDoNotReachTheTerminal() throws IOException {
        Path file = copy("a\u001b[31mred.wav");
        Run run = transcribe(file, "-o", folder.resolve("out"));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertFalse(run.err().contains("\u001b[31m"), run.err());
        assertTrue(run.err().contains("a\\x1b[31mred.wav"), run.err());
        Files.writeString(file, "no sound");
        assertFalse(transcribe(file).err().contains("\u001b[31m"));
    }

    @Test
    void hotWordsThatCannotBeUsedAreNamed() throws IOException {
        Path list = Files.writeString(
                folder.resolve("list"), "\ufeff\u5317\u4eac\r\nCOVID-19\r\nC++\r\n3M\r\nKubernetes,\t20\r\n");
        Run run = transcribe(RIVER, "--hotwords", list);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        for (int line = 1; line <= 4; line++) {
            assertTrue(run.err().contains("line " + line + ": "), run.err());
        }
        assertTrue(run.err().contains("line 5: \"Kubernetes,\" is taken as \"Kubernetes\""), run.err());
        assertTrue(run.err().contains("counts as 7"), run.err());
    }
}
