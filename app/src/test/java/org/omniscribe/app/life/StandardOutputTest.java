package org.omniscribe.app.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What cannot be written to standard output is never lost without a word. */
class StandardOutputTest {
    /** Takes some bytes and no more. */
    private static OutputStream full(int room, String reason) {
        return new OutputStream() {
            private int left = room;

            @Override
            public void write(int b) throws IOException {
                if (left-- <= 0) {
                    throw new IOException(reason);
                }
            }
        };
    }

    @Test
    void textGoesOutInItsEncodingAndLinesAtOnce() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintWriter out = StandardOutput.to(bytes, StandardCharsets.UTF_8)) {
            out.println("naïve");
            assertEquals("naïve" + System.lineSeparator(), bytes.toString(StandardCharsets.UTF_8));
            out.printf(Locale.ROOT, "%d words%n", 2);
            out.print('x');
            out.print("y".toCharArray());
        }
        assertEquals(
                String.format("naïve%n2 words%nxy"),
                bytes.toString(StandardCharsets.UTF_8),
                "what was held back, at the end");
    }

    @Test
    void everyWayToWriteTellsThatItCannot() {
        List<Consumer<PrintWriter>> ways = List.of(
                out -> out.println("text"),
                out -> out.println(),
                out -> out.println(1.5),
                out -> out.printf("%d%n", 3),
                out -> {
                    out.print("text");
                    out.flush();
                },
                out -> {
                    out.append("text");
                    out.write('x');
                    out.flush();
                });
        for (Consumer<PrintWriter> way : ways) {
            PrintWriter out = StandardOutput.to(full(0, "No space left on device"), StandardCharsets.UTF_8);
            OutputException e = assertThrows(OutputException.class, () -> way.accept(out));
            assertTrue(e.getMessage().contains("No space left on device"), e.getMessage());
            assertThrows(OutputException.class, out::flush, "it is told until the end");
        }
    }

    @Test
    void aReaderThatLeftIsToldApartFromAFullDisk() {
        PrintWriter out = StandardOutput.to(full(10, "Broken pipe"), StandardCharsets.UTF_8);
        out.println("12345");
        OutputException e = assertThrows(OutputException.class, () -> out.println("67890"));
        assertTrue(e.getMessage().contains("has left"), e.getMessage());
    }
}
