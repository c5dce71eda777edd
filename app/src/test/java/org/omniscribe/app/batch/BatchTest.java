package org.omniscribe.app.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.batch.Plan.Existing;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.testing.TestResources;
import org.omniscribe.asr.testing.WavFile;
import org.omniscribe.asr.transcript.TranscriptFormat;

/** Batches with a tiny network of random weights. */
class BatchTest {
    private static final List<TranscriptFormat> FORMATS = List.of(TranscriptFormat.TXT, TranscriptFormat.JSON);
    private static Recognizer recognizer;

    @TempDir
    Path folder;

    private final List<BatchEvent> events = new ArrayList<>();

    @BeforeAll
    static void open() {
        recognizer = Recognizer.open(RecognizerOptions.builder()
                .model(TestResources.tinyModel())
                .threads(1)
                .build());
    }

    @AfterAll
    static void close() {
        recognizer.close();
    }

    private Plan plan(Path in, Path out, Journal journal, String settings, Existing existing) {
        return Plan.of(
                AudioFiles.find(List.of(in), true).inputs(), FORMATS, out, existing, Optional.of(journal), settings);
    }

    /** One run of the program: everything in a folder to another, as far as it is not done. */
    private Plan run(Path in, Path out, int workers, Limits limits) {
        try (Journal journal = Journal.open(out)) {
            Plan plan = plan(in, out, journal, "s", Existing.FAIL);
            assertEquals(List.of(), plan.inTheWay());
            events.clear();
            new Batch(
                            new BatchSettings(recognizer)
                                    .workers(workers)
                                    .limits(limits)
                                    .journal(journal, "s"),
                            plan.jobs(),
                            events::add)
                    .run();
            return plan;
        }
    }

    private List<String> of(Class<? extends BatchEvent> kind) {
        return events.stream()
                .filter(kind::isInstance)
                .map(event -> event.job().recording().getFileName().toString())
                .sorted()
                .toList();
    }

    /** All visible files but the journal. */
    static Map<String, String> content(Path folder) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (!name.equals(Journal.NAME)) {
                    content.put(name, Files.readString(file));
                }
            }
        }
        return content;
    }

    @Test
    void severalThreadsMakeWhatOneMakes() throws IOException {
        for (int i = 0; i < 6; i++) {
            WavFile.noise(folder.resolve("in/" + i + ".wav"), 1 + 0.1 * (i * 5 % 6));
        }
        Files.writeString(folder.resolve("in/bad.wav"), "no sound");
        run(folder.resolve("in"), folder.resolve("one"), 1, Limits.NONE);
        run(folder.resolve("in"), folder.resolve("three"), 3, Limits.NONE);
        assertEquals(content(folder.resolve("one")), content(folder.resolve("three")));
        assertEquals(12, content(folder.resolve("one")).size());
        assertEquals(List.of("bad.wav"), of(BatchEvent.Failed.class));
    }

    @Test
    void aSecondRunDoesWhatFailedAndWhatChangedAndNothingElse() throws IOException {
        Path in = folder.resolve("in");
        Path out = folder.resolve("out");
        WavFile.noise(in.resolve("a.wav"), 1);
        WavFile.noise(in.resolve("b.wav"), 1.2);
        Files.writeString(in.resolve("c.wav"), "no sound");
        run(in, out, 2, Limits.NONE);
        assertEquals(List.of("a.wav", "b.wav"), of(BatchEvent.Done.class));

        WavFile.noise(in.resolve("b.wav"), 1.4);
        WavFile.noise(in.resolve("c.wav"), 1);
        WavFile.noise(in.resolve("d.wav"), 1);
        String before = Files.readString(out.resolve("b.json"));
        assertEquals(1, run(in, out, 2, Limits.NONE).already());
        assertEquals(List.of("b.wav", "c.wav", "d.wav"), of(BatchEvent.Done.class));
        assertFalse(before.equals(Files.readString(out.resolve("b.json"))));

        Files.delete(out.resolve("a.txt"));
        run(in, out, 2, Limits.NONE);
        assertEquals(List.of("a.wav"), of(BatchEvent.Done.class), "its output was deleted");
        assertEquals(8, content(out).size());
    }

    @Test
    void outputsThatWereEditedOrMadeOtherwiseAreInTheWay() throws IOException {
        Path in = folder.resolve("in");
        Path out = folder.resolve("out");
        WavFile.noise(in.resolve("a.wav"), 1);
        WavFile.noise(in.resolve("b.wav"), 1);
        run(in, out, 1, Limits.NONE);
        Files.writeString(out.resolve("a.txt"), "corrected by hand");
        WavFile.noise(in.resolve("a.wav"), 1.1);
        try (Journal journal = Journal.open(out)) {
            Plan same = plan(in, out, journal, "s", Existing.FAIL);
            assertEquals(List.of(out.resolve("a.txt")), same.inTheWay());
            assertFalse(same.otherwise());
            Plan otherwise = plan(in, out, journal, "another model", Existing.FAIL);
            assertEquals(4, otherwise.inTheWay().size());
            assertTrue(otherwise.otherwise());
            assertEquals(
                    2, plan(in, out, journal, "another model", Existing.SKIP).already());
            assertEquals(
                    2,
                    plan(in, out, journal, "another model", Existing.REPLACE)
                            .jobs()
                            .size());
        }
    }

    @Test
    void aNewcomerDoesNotTakeTheNameOfOneThatIsDone() throws IOException {
        Path in = folder.resolve("in");
        Path out = folder.resolve("out");
        WavFile.noise(in.resolve("talk.wav"), 1);
        run(in, out, 1, Limits.NONE);
        String first = Files.readString(out.resolve("talk.json"));
        WavFile.noise(in.resolve("talk.wave"), 1.3);
        run(in, out, 1, Limits.NONE);
        assertEquals(first, Files.readString(out.resolve("talk.json")));
        assertTrue(Files.exists(out.resolve("talk.wave.json")));
        assertEquals(2, run(in, out, 1, Limits.NONE).already());
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs mkfifo")
    void aStuckRecordingIsAbandonedAndNamedAndTheRestGoesOn() throws IOException, InterruptedException {
        Path pipe = folder.resolve("a.wav");
        assertEquals(
                0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor(), "nobody will ever write into it");
        Path good = WavFile.noise(folder.resolve("b.wav"), 1);
        List<Job> jobs = Stream.of(pipe, good)
                .map(path -> Job.toStandardOutput(path, TranscriptFormat.TXT))
                .toList();
        Limits limits = new Limits(Double.POSITIVE_INFINITY, Optional.empty(), Duration.ofMillis(300), Long.MAX_VALUE);
        boolean ended = new Batch(new BatchSettings(recognizer).limits(limits), jobs, events::add).run();
        assertFalse(ended);
        Failure failure = events.stream()
                .filter(BatchEvent.Failed.class::isInstance)
                .map(event -> ((BatchEvent.Failed) event).failure())
                .findFirst()
                .orElseThrow();
        assertEquals(Failure.Kind.STUCK, failure.kind());
        assertEquals(pipe + ": came no further for 0.3 s, and was abandoned", failure.message());
        assertEquals(List.of("b.wav"), of(BatchEvent.Done.class));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs mkfifo")
    void aRecordingThatNeedsTooMuchMemoryIsAbandonedAndNamedAndTheRestGoesOn()
            throws IOException, InterruptedException {
        Path pipe = folder.resolve("a.wav");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Path good = WavFile.noise(folder.resolve("b.wav"), 1);
        List<Job> jobs = Stream.of(pipe, good)
                .map(path -> Job.toStandardOutput(path, TranscriptFormat.TXT))
                .toList();
        Limits limits = new Limits(Double.POSITIVE_INFINITY, Optional.empty(), Limits.NONE.silence(), 32 << 20);
        List<byte[]> held = new ArrayList<>();
        boolean ended = new Batch(new BatchSettings(recognizer).limits(limits), jobs, event -> {
                    events.add(event);
                    if (held.isEmpty()) {
                        held.add(new byte[128 << 20]);
                    }
                })
                .run();
        assertFalse(ended);
        assertEquals(List.of("a.wav"), of(BatchEvent.Failed.class));
        assertEquals(List.of("b.wav"), of(BatchEvent.Done.class));
        assertTrue(
                events.toString().contains("needs more than the 32 MB that --max-memory allows, and was abandoned"),
                events::toString);
        assertEquals(1, held.size());
    }

    @Test
    void aRecordingThatIsTooLongIsLeftOut() throws IOException {
        WavFile.noise(folder.resolve("in/a.wav"), 3);
        WavFile.noise(folder.resolve("in/b.wav"), 1);
        Limits limits = new Limits(2, Optional.empty(), Limits.NONE.silence(), Long.MAX_VALUE);
        run(folder.resolve("in"), folder.resolve("out"), 1, limits);
        assertEquals(List.of("a.wav"), of(BatchEvent.Failed.class));
        assertEquals(List.of("b.wav"), of(BatchEvent.Done.class));
    }

    @Test
    void aRecordingThatChangesWhileItIsReadFails() throws IOException {
        Path file = WavFile.noise(folder.resolve("a.wav"), 1);
        List<Job> jobs = List.of(Job.toStandardOutput(file, TranscriptFormat.TXT));
        new Batch(new BatchSettings(recognizer), jobs, event -> {
                    events.add(event);
                    try {
                        Files.write(file, new byte[10], StandardOpenOption.APPEND);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .run();
        assertEquals(List.of("a.wav"), of(BatchEvent.Failed.class));
        assertTrue(events.toString().contains("CHANGED"), events::toString);
    }

    @Test
    void aFullDiskEndsTheBatchAndLosesNothing() throws IOException {
        Configuration disk = Configuration.unix().toBuilder()
                .setMaxSize(4 << 20)
                .setBlockSize(512)
                .setMaxCacheSize(0)
                .build();
        try (FileSystem files = Jimfs.newFileSystem(disk)) {
            Path in = files.getPath("/in");
            Path out = files.getPath("/out");
            for (int i = 0; i < 8; i++) {
                WavFile.noise(in.resolve(i + ".wav"), 1);
            }
            Path filler = files.getPath("/filler");
            long free = Files.getFileStore(in).getUsableSpace();
            Files.write(filler, new byte[(int) free - 12 * 512]);

            String message = assertThrows(BatchException.class, () -> run(in, out, 2, Limits.NONE))
                    .getMessage();
            assertTrue(message.contains("make room") && message.contains("start again"), message);
            int done = of(BatchEvent.Done.class).size();
            assertTrue(done > 0 && done < 8, done + " done");
            assertEquals(2 * done, content(out).size(), () -> "no halves: " + events);

            Files.delete(filler);
            assertEquals(done, run(in, out, 2, Limits.NONE).already());
            assertEquals(16, content(out).size());
            assertEquals(Files.readString(out.resolve("0.txt")), Files.readString(out.resolve("7.txt")));
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsToldBeforeAnythingIsDone() throws IOException {
        WavFile.noise(folder.resolve("in/a.wav"), 1);
        Path out = Files.writeString(folder.resolve("out"), "a file, not a folder");
        String message = assertThrows(
                        BatchException.class, () -> run(folder.resolve("in"), out.resolve("x"), 1, Limits.NONE))
                .getMessage();
        assertTrue(message.contains("cannot be kept") && message.contains("Name a folder"), message);
        assertEquals(List.of(), events);
    }
}
