package org.omniscribe.asr.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyReaderTest {
    @TempDir
    private Path folder;

    /** The file was written by numpy: {@code src/test/scripts/npy_golden.py}. */
    @Test
    void readsWhatNumpyWrote() throws IOException {
        Path file = Path.of("src/test/resources/org/omniscribe/asr/feature/three-by-two.npy");
        NpyReader.FloatArray array = NpyReader.read(file);
        assertArrayEquals(new int[] {3, 2}, array.shape());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpyWriter.write(out, array.data(), 3, 2);
        assertArrayEquals(Files.readAllBytes(file), out.toByteArray());
    }

    @Test
    void readsBackAnyNumberOfAxesAndLongArrays() throws IOException {
        float[] data = new float[3 * 7 * 999];
        for (int i = 0; i < data.length; i++) {
            data[i] = i;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpyWriter.write(out, data, 3, 7, 999);
        NpyReader.FloatArray array = NpyReader.read(Files.write(folder.resolve("a.npy"), out.toByteArray()));
        assertArrayEquals(new int[] {3, 7, 999}, array.shape());
        assertArrayEquals(data, array.data());
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpyWriter.write(out, new float[] {1, 2}, 2);
        byte[] whole = out.toByteArray();
        assertFault("needs 8 bytes", Arrays.copyOf(whole, whole.length - 1));
        assertFault("cut off", Arrays.copyOf(whole, 40));
        assertFault("does not begin", "no array at all".getBytes(StandardCharsets.UTF_8));
        String header = new String(whole, StandardCharsets.ISO_8859_1);
        assertFault("float32", header.replace("<f4", "<f8").getBytes(StandardCharsets.ISO_8859_1));
        assertFault("C order", header.replace("False", "True ").getBytes(StandardCharsets.ISO_8859_1));
        ByteArrayOutputStream whole32 = new ByteArrayOutputStream();
        NpyWriter.write(whole32, new int[] {1, -2}, 1, 2);
        assertTrue(whole32.toString(StandardCharsets.ISO_8859_1).contains("'descr': '<i4'"));
        assertFault("float32", whole32.toByteArray());
    }

    private void assertFault(String part, byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("fault.npy"), bytes);
        FeatureException e = assertThrows(FeatureException.class, () -> NpyReader.read(file));
        assertEquals(1, e.faults().size());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
