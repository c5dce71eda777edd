package org.omniscribe.app.desktop.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.routing.RoutingTrace;

/** What was written is read, wherever it was cut off. */
class RoutingFileTest {
    private static final RoutingTrace TRACE =
            new RoutingTrace(new int[][] {{0, 2}, {1, 0}}, new float[][] {{1, 0.6f}, {0.2f, 0.4f}});

    @TempDir
    private Path folder;

    private Path written() throws IOException {
        Path file = folder.resolve("routing.bin");
        try (RoutingFile out = RoutingFile.create(file, List.of(3, 2), 0.04)) {
            out.add(1, TRACE);
            out.add(2, TRACE);
            out.add(6, TRACE);
        }
        return file;
    }

    @Test
    void stepsWithoutExpertsStayBetweenThoseWithSome() throws IOException {
        Timeline timeline = RoutingFile.read(written());
        assertEquals(List.of(3, 2), timeline.expertCounts());
        assertEquals(8, timeline.steps());
        assertEquals(
                List.of(-1, 0, 2, 2, -1, -1, 0, 2),
                List.of(0, 1, 2, 3, 4, 5, 6, 7).stream()
                        .map(step -> timeline.expert(0, step))
                        .toList(),
                "step 2 is told twice, and counts as it was told first");
        assertEquals(0.6, timeline.probability(0, 7));
    }

    @Test
    void aFileThatWasCutOffHoldsAllWholeSteps() throws IOException {
        Path file = written();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        assertEquals(7, RoutingFile.read(file).steps());
    }

    @Test
    void whatIsNoSuchFileIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(written());
        bytes[bytes.length - 2] = 2;
        for (byte[] bad : List.of(
                new byte[0],
                "RIFF".getBytes(StandardCharsets.US_ASCII),
                "omniscribe-routing 1 0 3\n".getBytes(StandardCharsets.US_ASCII),
                bytes)) {
            Path file = Files.write(folder.resolve("bad.bin"), bad);
            IOException e = assertThrows(IOException.class, () -> RoutingFile.read(file));
            assertTrue(e.getMessage().startsWith(file + " is no record of experts: "), e.getMessage());
        }
    }
}
