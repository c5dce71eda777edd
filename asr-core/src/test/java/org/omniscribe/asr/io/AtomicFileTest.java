package org.omniscribe.asr.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    private List<String> names(Path in) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void writesUtf8IntoFoldersThatItMakes() throws IOException {
        Path file = folder.resolve("a/b/c.txt");
        AtomicFile.write(file, out -> out.write("caf\u00e9"));
        assertEquals("caf\u00e9", Files.readString(file));
        AtomicFile.write(file, out -> out.write("again"));
        assertEquals("again", Files.readString(file));
        assertEquals(List.of("c.txt"), names(file.getParent()));
    }

    @Test
    void aFailureLeavesWhatWasThereAndNothingElse() throws IOException {
        Path file = folder.resolve("c.txt");
        Files.writeString(file, "before");
        assertThrows(
                IOException.class,
                () -> AtomicFile.write(file, out -> {
                    out.write("half");
                    out.flush();
                    throw new IOException("disk full");
                }));
        assertEquals("before", Files.readString(file));
        assertEquals(List.of("c.txt"), names(folder));
    }

    /** Ends its Java machine, as Ctrl-C does, while a file is being written. */
    static final class Interrupted {
        public static void main(String[] args) throws IOException {
            AtomicFile.write(Path.of(args[0]), out -> {
                out.write("half");
                out.flush();
                System.exit(130);
            });
        }
    }

    @Test
    void anInterruptedProgramLeavesNoHalfFile() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Interrupted.class.getName(),
                        folder.resolve("c.txt").toString())
                .inheritIO()
                .start();
        assertEquals(130, process.waitFor());
        assertEquals(List.of(), names(folder));
    }
}
