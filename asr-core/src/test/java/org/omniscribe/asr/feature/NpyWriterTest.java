package org.omniscribe.asr.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class NpyWriterTest {
    private static byte[] golden(String name) throws IOException {
        try (InputStream in = NpyWriterTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private static byte[] written(float[][] rows, int columns) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpyWriter.write(out, rows, columns);
        return out.toByteArray();
    }

    @Test
    void filesAreByteForByteThoseOfNumpy() throws IOException {
        float[][] rows = {{0.5f, -1.25f}, {1e-30f, 3.1415927f}, {Float.POSITIVE_INFINITY, -0.0f}};
        assertArrayEquals(golden("three-by-two.npy"), written(rows, 2));
        assertArrayEquals(golden("zero-by-eighty.npy"), written(new float[0][], 80));
    }

    @Test
    void aRowOfAnotherLengthIsRefusedBeforeAnythingIsWritten() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        float[][] rows = {{1, 2}, {3}};
        assertEquals(
                "row 1 has 1 numbers instead of 2",
                assertThrows(IllegalArgumentException.class, () -> NpyWriter.write(out, rows, 2))
                        .getMessage());
        assertEquals(0, out.size());
    }
}
