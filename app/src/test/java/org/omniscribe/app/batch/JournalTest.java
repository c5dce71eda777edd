package org.omniscribe.app.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.batch.Job.Output;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.AtomicFile.Pending;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.TranscriptFormat;

/** The journal after interruptions of every kind. */
class JournalTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve(Journal.NAME);
    }

    private Job job(String name) throws IOException {
        Path recording = folder.resolve(name + ".wav");
        if (!Files.exists(recording)) {
            Files.writeString(recording, name);
        }
        return new Job(
                recording,
                Stamp.of(recording),
                List.of(new Output(TranscriptFormat.TXT, folder.resolve(name + ".txt"))));
    }

    private static Result result(Job job) {
        return Result.done(
                job, new Transcript(job.recording().toString(), 1, "model", List.of(), Optional.empty(), List.of()));
    }

    private void done(Journal journal, String name) throws IOException {
        Job job = job(name);
        try (Pending output = AtomicFile.prepare(job.outputs().get(0).file(), out -> out.write("text of " + name))) {
            journal.done(job, "settings", List.of(output), result(job));
        }
    }

    private static String results(Journal journal) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        journal.writeResults(List.of(), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatIsDoneIsRemembered() throws IOException {
        try (Journal journal = Journal.open(folder)) {
            done(journal, "a");
            done(journal, "b");
            journal.failed(job("c"), "settings", Result.failed(job("c"), new Failure(Failure.Kind.UNREADABLE, "c")));
        }
        try (Journal journal = Journal.open(folder)) {
            assertTrue(journal.find(folder.resolve("a.wav")).get().done());
            assertFalse(journal.find(folder.resolve("c.wav")).get().done());
            assertTrue(journal.find(folder.resolve("d.wav")).isEmpty());
            assertTrue(journal.belongsToAnother(folder.resolve("A"), folder.resolve("b.wav")));
            assertFalse(journal.belongsToAnother(folder.resolve("a"), folder.resolve("a.wav")));
            assertEquals(3, results(journal).lines().count());
        }
        assertEquals("text of a", Files.readString(folder.resolve("a.txt")));
    }

    /** As a power cut may leave it, with or without the blocks of zeros that some file systems put behind. */
    @Test
    void aLineThatIsCutOffAnywhereDoesNotCountAndSpoilsNothing() throws IOException {
        try (Journal journal = Journal.open(folder)) {
            done(journal, "a");
        }
        long one = Files.size(file);
        try (Journal journal = Journal.open(folder)) {
            done(journal, "b");
        }
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            for (int zeros : new int[] {0, 40}) {
                Files.write(file, Arrays.copyOf(Arrays.copyOf(whole, length), length + (length < 21 ? 0 : zeros)));
                try (Journal journal = Journal.open(folder)) {
                    assertEquals(
                            length >= one, journal.find(folder.resolve("a.wav")).isPresent());
                    assertTrue(journal.find(folder.resolve("b.wav")).isEmpty());
                    done(journal, "b");
                }
                try (Journal journal = Journal.open(folder)) {
                    assertTrue(journal.find(folder.resolve("b.wav")).get().done());
                }
                Files.delete(file);
            }
        }
    }

    @Test
    void aLineThatRottedIsPassedOver() throws IOException {
        try (Journal journal = Journal.open(folder)) {
            done(journal, "a");
            done(journal, "b");
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[60] ^= 1;
        Files.write(file, bytes);
        try (Journal journal = Journal.open(folder)) {
            assertTrue(journal.find(folder.resolve("a.wav")).isEmpty());
            assertTrue(journal.find(folder.resolve("b.wav")).isPresent());
        }
    }

    @Test
    void outputsThatACrashKeptFromTheirPlacesAreBroughtThere() throws IOException {
        try (Journal journal = Journal.open(folder)) {
            done(journal, "a");
        }
        Path output = folder.resolve("a.txt");
        Path part = AtomicFile.part(output);
        Files.move(output, part);
        Files.writeString(output, "an older text");
        Journal.open(folder).close();
        assertEquals("text of a", Files.readString(output));
        assertFalse(Files.exists(part));

        Files.writeString(part, "half a te");
        Journal.open(folder).close();
        assertEquals("text of a", Files.readString(output), "a part with other content is not the one");
    }

    @Test
    void aFailureAfterASuccessKeepsWhatIsKnownOfTheOutputs() throws IOException {
        try (Journal journal = Journal.open(folder)) {
            done(journal, "a");
            journal.failed(job("a"), "settings", Result.failed(job("a"), new Failure(Failure.Kind.STUCK, "a")));
            assertFalse(journal.find(folder.resolve("a.wav")).get().done());
            assertEquals(
                    1, journal.find(folder.resolve("a.wav")).get().outputs().size());
        }
    }

    @Test
    void everythingCanBeMovedTogether() throws IOException {
        try (Journal journal = Journal.open(folder)) {
            done(journal, "a");
        }
        Path other = Files.createDirectory(folder.resolve("other"));
        for (String name : List.of(Journal.NAME, "a.wav", "a.txt")) {
            Files.move(folder.resolve(name), other.resolve(name));
        }
        try (Journal journal = Journal.open(other)) {
            assertTrue(journal.find(other.resolve("a.wav")).get().done());
        }
    }

    @Test
    void onlyOneHasItOpen() throws IOException {
        try (Journal journal = Journal.open(folder)) {
            done(journal, "a");
            String message = assertThrows(BatchException.class, () -> Journal.open(folder))
                    .getMessage();
            assertTrue(message.contains("another omniscribe is working in " + folder), message);
        }
        Journal.open(folder).close();
    }

    @Test
    void anythingElseOfItsNameIsLeftAlone() throws IOException {
        Files.writeString(file, "my own notes, by chance of this name");
        assertThrows(BatchException.class, () -> Journal.open(folder));
        assertEquals("my own notes, by chance of this name", Files.readString(file));
    }

    @Test
    void anEmptyOneGoesAway() {
        Journal.open(folder).close();
        assertFalse(Files.exists(file));
    }
}
