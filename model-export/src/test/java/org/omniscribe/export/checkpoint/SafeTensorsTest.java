package org.omniscribe.export.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

class SafeTensorsTest {
    @TempDir
    Path folder;

    /** The file and its values come from src/test/scripts/make_safetensors.py. */
    @Test
    void readsAFileOfAnotherProgram() throws URISyntaxException {
        Path golden = Path.of(SafeTensorsTest.class
                .getResource("/safetensors/golden.safetensors")
                .toURI());
        Map<String, Tensor> tensors = SafeTensors.read(golden);
        assertEquals(List.of("weight", "half", "step", "brain", "empty"), List.copyOf(tensors.keySet()));
        assertArrayEquals(new long[] {2, 3}, tensors.get("weight").shape());
        assertArrayEquals(
                new float[] {0, 1 / 3f, 2 / 3f, 1, 4 / 3f, 5 / 3f},
                tensors.get("weight").data());
        assertArrayEquals(
                new float[] {
                    0f, -0f, 1f, -2.5f, 65504f, 6.097555160522461e-05f, 5.960464477539063e-08f, 0.0999755859375f
                },
                tensors.get("half").data());
        assertArrayEquals(new long[0], tensors.get("step").shape());
        assertArrayEquals(new float[] {123456}, tensors.get("step").data());
        assertArrayEquals(
                new float[] {1.5f, -3f, 0.099609375f}, tensors.get("brain").data());
        assertArrayEquals(new long[] {0, 4}, tensors.get("empty").shape());
        assertEquals(Map.of("kind", "golden", "umlaut", "ä▁"), SafeTensors.metadata(golden));
    }

    @Test
    void writesWhatItReads() {
        Random random = new Random(1);
        float[] large = new float[700_001]; // more than two buffers, and not a multiple of one
        for (int i = 0; i < large.length; i++) {
            large[i] = (float) random.nextGaussian();
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("z", new Tensor(new long[] {large.length}, large));
        tensors.put("a \"quoted\" ▁", new Tensor(new long[] {1, 2}, new float[] {Float.MIN_VALUE, -0f}));
        tensors.put("scalar", new Tensor(new long[0], new float[] {3}));
        Path file = folder.resolve("x.safetensors");

        SafeTensors.write(file, tensors, Map.of("k", "v\n"));
        Map<String, Tensor> read = SafeTensors.read(file);
        assertEquals(List.copyOf(tensors.keySet()), List.copyOf(read.keySet()));
        tensors.forEach((name, tensor) -> {
            assertArrayEquals(tensor.shape(), read.get(name).shape());
            assertArrayEquals(tensor.data(), read.get(name).data());
        });
        assertEquals(Map.of("k", "v\n"), SafeTensors.metadata(file));

        SafeTensors.write(file, tensors, Map.of(), SafeTensors.Type.F16);
        float[] halves = SafeTensors.read(file).get("z").data();
        for (int i = 0; i < large.length; i++) {
            assertEquals(Float16.toFloat(Float16.toBits(large[i])), halves[i]);
        }
        assertEquals(Map.of(), SafeTensors.metadata(file));
    }

    @Test
    void dataBeginsAtAMultipleOfEightBytes() throws IOException {
        for (int length = 1; length <= 8; length++) {
            Path file = folder.resolve("aligned" + length);
            SafeTensors.write(file, Map.of("n".repeat(length), new Tensor(new long[] {1}, new float[] {1})), Map.of());
            assertEquals(0, (Files.size(file) - 4) % 8);
        }
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Tensor one = new Tensor(new long[] {1}, new float[] {1});
        SafeTensors.write(file, Map.of("w", one), Map.of());
        byte[] before = Files.readAllBytes(file);
        Tensor huge = new Tensor(new long[] {1}, new float[] {1e6f});

        CheckpointException fault = assertThrows(
                CheckpointException.class,
                () -> SafeTensors.write(file, Map.of("w", huge), Map.of(), SafeTensors.Type.F16));
        assertTrue(fault.getMessage().contains("too large for F16"), fault.getMessage());
        assertArrayEquals(before, Files.readAllBytes(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void anOldTemporaryFileIsNoHindrance() throws IOException {
        Files.write(folder.resolve(".x.safetensors.part"), new byte[1000]);
        Path file = folder.resolve("x.safetensors");
        SafeTensors.write(file, Map.of("w", new Tensor(new long[] {1}, new float[] {1})), Map.of());
        assertArrayEquals(new float[] {1}, SafeTensors.read(file).get("w").data());
        assertFalse(Files.exists(folder.resolve(".x.safetensors.part")));
    }

    @Test
    void namesAllFaultsOfAHeaderAtOnce() throws IOException {
        Path file = raw(
                """
                {"a":{"dtype":"U4","shape":[2],"data_offsets":[0,8]},
                 "b":{"dtype":"F32","shape":[2,-1],"data_offsets":[0,8]},
                 "c":{"dtype":"F32","shape":[3],"data_offsets":[8,16]},
                 "d":{"dtype":"F32","shape":[3],"data_offsets":[16]},
                 "__metadata__":{"n":1}}""",
                16);
        assertFaults(
                file,
                "tensor a has dtype \"U4\"",
                "tensor b has shape [2,-1]",
                "needs 12 bytes but has 8",
                "tensor d has data_offsets [16]",
                "its header: __metadata__.n must be a text, not");
    }

    @Test
    void refusesHolesOverlapsAndMissingData() throws IOException {
        String two = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}}";
        assertFaults(raw(two.formatted(8, 12), 12), "tensor b begins at byte 8 of the data, not at 4");
        assertFaults(raw(two.formatted(0, 4), 4), "tensor b begins at byte 0 of the data, not at 4");
        assertFaults(raw(two.formatted(4, 8), 6), "describes 8 bytes of data, the file has 6; it is cut off");
        assertFaults(raw(two.formatted(4, 8), 9), "describes 8 bytes of data, the file has 9");
    }

    @Test
    void refusesWhatIsNoSafetensorsFile() throws IOException {
        assertFaults(folder.resolve("missing"), "there is no such file");
        assertFaults(folder, "cannot be read");
        assertFaults(Files.write(folder.resolve("short"), new byte[5]), "has 5 bytes");
        assertFaults(
                Files.write(folder.resolve("text"), "hello, this is a text".getBytes(StandardCharsets.UTF_8)),
                "no safetensors file or it is cut off");
        assertFaults(raw("not json at all", 0), "not well-formed JSON");
        assertFaults(raw("[1, 2]", 0), "its header: it must be an object");
        assertFaults(raw("{\"a\":1,\"a\":2}", 0), "its header: a is there twice");
        assertFaults(
                raw("{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4],\"data_offsets\":[0,4]}}", 4),
                "which is no list of sizes");
    }

    @Test
    void refusesIntegersThatAFloatCannotHold() throws IOException {
        String one = "{\"n\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}";
        for (long value : new long[] {(1L << 24) + 1, Long.MAX_VALUE}) {
            Path file = raw(one, 8);
            byte[] bytes = Files.readAllBytes(file);
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(bytes.length - 8, value);
            Files.write(file, bytes);
            assertFaults(file, "tensor n holds " + value);
        }
    }

    @Test
    void aTensorRefusesAWrongShape() {
        assertThrows(IllegalArgumentException.class, () -> new Tensor(new long[] {2, 2}, new float[3]));
        assertThrows(IllegalArgumentException.class, () -> new Tensor(new long[] {-1}, new float[0]));
    }

    private Path raw(String header, int data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        return Files.write(folder.resolve("raw" + Arrays.hashCode(bytes.array())), bytes.array());
    }

    private static void assertFaults(Path file, String... parts) {
        String message = assertThrows(CheckpointException.class, () -> SafeTensors.read(file))
                .getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "\"" + part + "\" is missing from: " + message);
        }
        assertTrue(message.startsWith(file.toString()), message);
    }
}
