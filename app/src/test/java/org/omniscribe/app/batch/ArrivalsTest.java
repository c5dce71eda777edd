package org.omniscribe.app.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrivalsTest {
    @TempDir
    Path folder;

    private final Arrivals arrivals = new Arrivals();

    private List<String> look() {
        return arrivals.look(AudioFiles.find(List.of(folder), true).inputs()).stream()
                .map(input -> input.path().getFileName().toString())
                .toList();
    }

    @Test
    void aRecordingArrivesOnceWhenNobodyWritesItAnyMore() throws IOException {
        Path a = Files.writeString(folder.resolve("a.wav"), "1");
        assertEquals(List.of(), look());
        Files.writeString(a, "12");
        Path b = Files.writeString(folder.resolve("b.wav"), "1");
        assertEquals(List.of(), look(), "it has grown");
        assertEquals(List.of("a.wav", "b.wav"), look());
        assertEquals(List.of(), look());

        Files.setLastModifiedTime(b, FileTime.fromMillis(0));
        assertEquals(List.of(), look());
        assertEquals(List.of("b.wav"), look(), "it was changed");

        Files.delete(a);
        assertEquals(List.of(), look());
        Files.writeString(a, "12");
        assertEquals(List.of(), look());
        assertEquals(List.of("a.wav"), look(), "it is another one");
    }
}
