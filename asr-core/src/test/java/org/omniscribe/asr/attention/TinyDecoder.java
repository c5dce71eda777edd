package org.omniscribe.asr.attention;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.omniscribe.asr.model.AttentionSpec;
import org.omniscribe.asr.model.NetworkFile;
import org.omniscribe.asr.model.RuntimeOptions;
import org.omniscribe.asr.token.ByteLevelTokenizer;

/** The random decoder that attention_golden.py makes, and what OpenAI's Whisper makes of it. */
final class TinyDecoder {
    static final JsonNode GOLDEN = json("search.json");
    static final AttentionSpec SPEC = spec();
    static final ByteLevelTokenizer TOKENIZER =
            ByteLevelTokenizer.read(bytes("/org/omniscribe/asr/token/tokenizer.json"));

    private TinyDecoder() {}

    static byte[] bytes(String name) {
        try (InputStream in = TinyDecoder.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String name) {
        try {
            return new ObjectMapper().readTree(bytes(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AttentionSpec spec() {
        return new ObjectMapper().convertValue(GOLDEN.get("spec"), AttentionSpec.class);
    }

    static BeamSearchDecoder open() {
        return open(SPEC);
    }

    static BeamSearchDecoder open(AttentionSpec spec) {
        return BeamSearchDecoder.open(
                spec,
                TOKENIZER,
                NetworkFile.of(direct("cross.onnx")),
                NetworkFile.of(direct("decoder.onnx")),
                0.02,
                new RuntimeOptions(RuntimeOptions.Device.CPU, 1, 6000));
    }

    static ByteBuffer direct(String name) {
        byte[] bytes = bytes(name);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** The windows of the golden values. */
    static List<EncodedWindow> windows() {
        List<EncodedWindow> windows = new ArrayList<>();
        for (JsonNode golden : GOLDEN.get("windows")) {
            float[] encoded = new float[golden.get("encoded").size()];
            for (int i = 0; i < encoded.length; i++) {
                encoded[i] = golden.get("encoded").get(i).floatValue();
            }
            windows.add(new EncodedWindow(
                    encoded,
                    golden.get("steps").intValue(),
                    golden.get("seconds").doubleValue()));
        }
        return windows;
    }
}
