package org.omniscribe.export.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/** Checkpoints of three programs, by {@code src/test/scripts/make_whisper.py}. */
class WhisperCheckpointTest {
    private static final Path WHISPER = Path.of("src/test/resources/whisper");
    private static final WhisperDimensions SMALL = new WhisperDimensions(8, 40, 32, 4, 48, 2, 2, 280, 24);

    @TempDir
    private Path folder;

    private static WhisperCheckpoint open(String form) {
        return open(WHISPER.resolve(form));
    }

    private static WhisperCheckpoint open(Path path) {
        return WhisperCheckpoint.open(path, Optional.empty(), Set.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "ct2", "ct2/model.bin", "transformers", "transformers/model.safetensors"})
    void everyFormHasTheSameParameters(String form) {
        WhisperCheckpoint expected = open("openai");
        WhisperCheckpoint found = open(form);
        assertEquals(SMALL, found.dimensions());
        assertEquals(SMALL.shapes().keySet(), found.parameters().shapes().keySet());
        for (String name : SMALL.shapes().keySet()) {
            Tensor tensor = found.parameters().read(name);
            assertArrayEquals(SMALL.shapes().get(name), tensor.shape(), name);
            assertArrayEquals(expected.parameters().read(name).data(), tensor.data(), name);
        }
    }

    /** The largest magnitude of a row is the largest integer, and rounding is off by half of one at most. */
    @ParameterizedTest
    @CsvSource({"ct2-int8, 127", "ct2-int16, 1023"})
    void integersAreDividedByTheirScale(String form, float levels) {
        WhisperCheckpoint exact = open("ct2");
        WhisperCheckpoint rounded = open(form);
        int matrices = 0;
        for (Map.Entry<String, long[]> shape : SMALL.shapes().entrySet()) {
            float[] wanted = exact.parameters().read(shape.getKey()).data();
            float[] found = rounded.parameters().read(shape.getKey()).data();
            int columns = wanted.length / (int) shape.getValue()[0];
            boolean different = false;
            for (int i = 0; i < wanted.length; i++) {
                float largest = 0;
                for (int j = 0; j < (form.endsWith("16") ? wanted.length : columns); j++) {
                    largest = Math.max(largest, Math.abs(wanted[form.endsWith("16") ? j : i / columns * columns + j]));
                }
                assertEquals(wanted[i], found[i], 0.51f * largest / levels, shape.getKey());
                different |= wanted[i] != found[i];
            }
            matrices += different ? 1 : 0;
        }
        assertTrue(matrices > 15, matrices + " matrices are rounded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ct2", "transformers"})
    void tokensAndHeadsAreThoseOfItsConfiguration(String form) {
        WhisperCheckpoint checkpoint = open(form);
        assertEquals(List.of(List.of(0, 3), List.of(1, 0), List.of(1, 2)), checkpoint.alignmentHeads());
        assertEquals(List.of(1, 2, 7, 261, 264, 265, 266, 267, 268), checkpoint.suppress());
        assertEquals(List.of(220, 260), checkpoint.suppressAtStart());
        WhisperTokens tokens = checkpoint.tokens();
        assertEquals(261, tokens.start());
        assertEquals(260, tokens.end());
        assertEquals(Map.of("en", 262, "de", 263), tokens.languages());
        assertEquals(264, tokens.translate());
        assertEquals(265, tokens.transcribe());
        assertEquals(267, tokens.previous());
        assertEquals(268, tokens.noSpeech());
        assertEquals(269, tokens.noTimestamps());
        assertEquals(270, tokens.firstTimestamp());
    }

    @Test
    void aCheckpointWithoutConfigurationGetsTheUsualTokensAndHeads() {
        WhisperCheckpoint checkpoint = open("openai");
        assertEquals(List.of(List.of(1, 0), List.of(1, 1), List.of(1, 2), List.of(1, 3)), checkpoint.alignmentHeads());
        assertEquals(List.of(220, 260), checkpoint.suppressAtStart());
        assertTrue(checkpoint.suppress().containsAll(List.of(1, 2, 7, 261, 264, 265, 266, 267, 268)));
        assertFalse(checkpoint.suppress().contains(260));
        assertEquals(2, checkpoint.remarks().size(), checkpoint.remarks()::toString);
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce() throws IOException {
        Map<String, Tensor> tensors =
                new LinkedHashMap<>(SafeTensors.read(WHISPER.resolve("transformers/model.safetensors")));
        tensors.remove("model.encoder.layers.1.fc1.bias");
        tensors.put("model.encoder.layers.0.self_attn.k_proj.bias", new Tensor(new long[] {32}, new float[32]));
        tensors.put("model.decoder.layer_norm.weight", new Tensor(new long[] {31}, new float[31]));
        String message = refused(tensors, "{\"activation_function\": \"relu\", \"encoder_attention_heads\": 4}");
        for (String fault : List.of(
                "model.encoder.layers.1.fc1.bias is missing",
                "model.encoder.layers.0.self_attn.k_proj.bias has no place",
                "model.decoder.layer_norm.weight has shape [31], not [32]",
                "activation_function is \"relu\"")) {
            assertTrue(message.contains(fault), message);
        }
    }

    @Test
    void valuesThatAreNoNumbersAndOtherPositionsAreRefused() throws IOException {
        Map<String, Tensor> tensors =
                new LinkedHashMap<>(SafeTensors.read(WHISPER.resolve("transformers/model.safetensors")));
        tensors.get("model.encoder.conv1.bias").data()[3] = Float.NaN;
        tensors.get("model.encoder.embed_positions.weight").data()[77] += 0.1f;
        String message = refused(tensors, "{\"encoder_attention_heads\": 4}");
        assertTrue(message.contains("input.conv0.bias holds NaN at element 3"), message);
        assertTrue(message.contains("not Whisper's sinusoids"), message);
    }

    @Test
    void anOutputThatIsNotTheEmbeddingIsRefused() throws IOException {
        Map<String, Tensor> tensors =
                new LinkedHashMap<>(SafeTensors.read(WHISPER.resolve("transformers/model.safetensors")));
        Tensor embedding = tensors.get("model.decoder.embed_tokens.weight");
        tensors.put(
                "proj_out.weight",
                new Tensor(embedding.shape(), embedding.data().clone()));
        write(tensors, "{\"encoder_attention_heads\": 4}");
        assertEquals(SMALL, open(folder).dimensions());
        tensors.get("proj_out.weight").data()[5]++;
        String message = refused(tensors, "{\"encoder_attention_heads\": 4}");
        assertTrue(message.contains("proj_out.weight is not the embedding"), message);
    }

    private String refused(Map<String, Tensor> tensors, String config) throws IOException {
        write(tensors, config);
        return assertThrows(CheckpointException.class, () -> open(folder)).getMessage();
    }

    private void write(Map<String, Tensor> tensors, String config) throws IOException {
        SafeTensors.write(folder.resolve("model.safetensors"), tensors, Map.of());
        Files.writeString(folder.resolve("config.json"), config);
        Files.write(
                folder.resolve("tokenizer.json"), Files.readAllBytes(WHISPER.resolve("transformers/tokenizer.json")));
    }

    @Test
    void aTokenizerOfAnotherModelIsRefused() throws IOException {
        Files.write(folder.resolve("small.pt"), Files.readAllBytes(WHISPER.resolve("openai/small.pt")));
        assertTrue(assertThrows(CheckpointException.class, () -> open(folder.resolve("small.pt")))
                .getMessage()
                .contains("tokenizer.json is not beside it; name one with --tokens"));
        Files.writeString(
                folder.resolve("tokenizer.json"),
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 280}},"
                        + " \"added_tokens\": [{\"id\": 3, \"content\": \"<|endoftext|>\"}]}");
        String message =
                assertThrows(CheckpointException.class, () -> open(folder)).getMessage();
        for (String fault :
                List.of("\"a\" has the id 280", "no token <|startoftranscript|>", "no token of a language")) {
            assertTrue(message.contains(fault), message);
        }
    }

    /** Sizes, by which every published model is known. */
    @ParameterizedTest
    @CsvSource({
        "tiny, 4, 6, 4, 51865, 6",
        "tiny.en, 4, 6, 4, 51864, 8",
        "base, 6, 8, 6, 51865, 8",
        "small, 12, 12, 12, 51865, 10",
        "medium, 24, 16, 24, 51865, 6",
        "large-v2, 32, 20, 32, 51865, 320",
        "large-v3, 32, 20, 32, 51866, 10",
        "large-v3-turbo, 32, 20, 4, 51866, 6",
        "distil-small.en, 12, 12, 4, 51864, 24",
        "distil-large-v3, 32, 20, 2, 51866, 20"
    })
    void headsOfPublishedModelsAreKnown(
            String name, int encoder, int heads, int decoder, int vocabulary, int alignmentHeads) {
        WhisperDimensions dimensions =
                new WhisperDimensions(80, 1500, 64 * heads, heads, 256 * heads, encoder, decoder, vocabulary, 448);
        List<List<Integer>> found = WhisperHeads.of(dimensions).orElseGet(() -> WhisperHeads.upperHalf(dimensions));
        assertEquals(alignmentHeads, found.size());
        assertTrue(found.stream().allMatch(pair -> pair.get(0) < decoder && pair.get(1) < heads));
    }

    private byte[] model(int count, byte[]... variables) {
        ByteBuffer out = ByteBuffer.allocate(10000).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(6).put(text("WhisperSpec")).putInt(3).putInt(count);
        for (byte[] variable : variables) {
            out.put(variable);
        }
        return java.util.Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(bytes.length + 3)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) (bytes.length + 1))
                .put(bytes)
                .array();
    }

    private static byte[] variable(String name, int type, int bytes, byte[] data, int... shape) {
        ByteBuffer out = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        out.put(text(name)).put((byte) shape.length);
        for (int size : shape) {
            out.putInt(size);
        }
        out.put((byte) type).putInt(bytes).put(data);
        return java.util.Arrays.copyOf(out.array(), out.position());
    }

    private String refusedModel(byte[] bytes) throws IOException {
        Path file = folder.resolve("model.bin");
        Files.write(file, bytes);
        return assertThrows(CheckpointException.class, () -> CTranslate2File.open(file))
                .getMessage();
    }

    @Test
    void lengthsAndCountsAreBelievedOnlyAsFarAsBytesAreThere() throws IOException {
        assertTrue(refusedModel(model(-1)).contains("4294967295 variables where 0 bytes"));
        assertTrue(refusedModel(model(1, variable("a", 0, 12, new byte[8], 3))).contains("12 bytes where 8 are left"));
        assertTrue(refusedModel(model(1, variable("a", 0, 8, new byte[8], 3))).contains("of shape [3] and type F32"));
        assertTrue(refusedModel(model(1, variable("a", 0, 4, new byte[4], 65536, 65536, 1)))
                .contains("has 4 bytes"));
        assertTrue(refusedModel(model(1, variable("a", 9, 4, new byte[4], 1))).contains("unknown type 9"));
        assertTrue(
                refusedModel(model(1, variable("a", 1, 4, new byte[4], 2, 2))).contains("no a_scale"));
        assertTrue(refusedModel(model(3, variable("a", 0, 4, new byte[4], 1))).contains("3 variables where"));
        assertTrue(refusedModel(new byte[] {5, 0, 0, 0}).contains("binary version 5"));
        assertTrue(refusedModel(new byte[] {6, 0}).contains("too short"));
        String twice = refusedModel(model(
                3,
                variable("a", 0, 4, new byte[4], 1),
                variable("a", 0, 4, new byte[4], 1),
                variable("b", 0, 4, new byte[4], 2)));
        assertTrue(twice.contains("a is there twice") && twice.contains("b of shape [2]"), twice);
    }

    @Test
    void everyTypeIsRead() throws IOException {
        byte[] bytes = model(
                7,
                variable("f32", 0, 4, new byte[] {0, 0, -64, 63}, 1),
                variable("i8", 1, 4, new byte[] {10, -20, 30, 40}, 2, 2),
                variable("i8_scale", 0, 8, new byte[] {0, 0, 32, 65, 0, 0, 0, 63}, 2),
                variable("i16", 2, 2, new byte[] {1, -1}),
                variable("i32", 3, 4, new byte[] {-2, -1, -1, -1}),
                variable("f16", 4, 2, new byte[] {0, 62}, 1),
                variable("bf16", 5, 2, new byte[] {-64, 63}, 1));
        Path file = folder.resolve("model.bin");
        Files.write(file, bytes);
        CTranslate2File open = CTranslate2File.open(file);
        assertEquals(
                Set.of("f32", "i8", "i16", "i32", "f16", "bf16"), open.shapes().keySet());
        assertArrayEquals(new float[] {1.5f}, open.read("f32").data());
        assertArrayEquals(new float[] {1, -2, 60, 80}, open.read("i8").data());
        assertArrayEquals(new float[] {-255}, open.read("i16").data());
        assertArrayEquals(new float[] {-2}, open.read("i32").data());
        assertArrayEquals(new float[] {1.5f}, open.read("f16").data());
        assertArrayEquals(new float[] {1.5f}, open.read("bf16").data());
    }
}
