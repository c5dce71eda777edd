package org.omniscribe.asr.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ByteLevelTokenizerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = ByteLevelTokenizerTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private static int[] ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    private static void check(ByteLevelTokenizer tokenizer, String line) throws IOException {
        JsonNode golden = JSON.readTree(line);
        String text = golden.get("text").textValue();
        assertArrayEquals(ints(golden.get("plain")), tokenizer.encode(text), line);
        assertArrayEquals(ints(golden.get("special")), tokenizer.encodeWithSpecial(text), line);
        assertEquals(golden.get("decoded").textValue(), tokenizer.decode(ints(golden.get("plain")), true), line);
        assertEquals(golden.get("noiseText").textValue(), tokenizer.decode(ints(golden.get("noise")), true), line);
    }

    /** Golden values: tokenizer_golden.py, by Hugging Face's library. */
    @Test
    void tokensAndTextsAreThoseOfHuggingFace() throws IOException {
        ByteLevelTokenizer tokenizer = ByteLevelTokenizer.read(resource("tokenizer.json"));
        List<String> lines = new String(resource("golden.jsonl"), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertTrue(lines.size() >= 400);
        for (String line : lines) {
            check(tokenizer, line);
        }
    }

    /** With a folder that holds a tokenizer.json and a golden.jsonl made of it by the same script, of any size. */
    @Test
    void tokensOfAnotherTokenizerAreThoseOfHuggingFace() throws IOException {
        String folder = System.getenv("OMNISCRIBE_TOKENIZER_GOLDEN");
        Assumptions.assumeTrue(folder != null, "OMNISCRIBE_TOKENIZER_GOLDEN names no folder");
        ByteLevelTokenizer tokenizer = ByteLevelTokenizer.read(Files.readAllBytes(Path.of(folder, "tokenizer.json")));
        for (String line : Files.readAllLines(Path.of(folder, "golden.jsonl"))) {
            check(tokenizer, line);
        }
    }

    @Test
    void charactersOfSeveralTokensAreWholeOnlyWithTheLast() {
        byte[] bytes = "a€😀".getBytes(StandardCharsets.UTF_8);
        Utf8 text = new Utf8();
        String[] after = {"a", "a", "a", "a€", "a€", "a€", "a€", "a€😀"};
        for (int i = 0; i < bytes.length; i++) {
            text.add(new byte[] {bytes[i]});
            assertEquals(after[i], text.text());
            assertEquals(i == 0 || i == 3 || i == 7, text.whole());
        }
        assertEquals("a€😀", text.finish());
        assertEquals(
                "\uFFFD", new Utf8().add(new byte[] {(byte) 0xF0, (byte) 0x9F}).finish());
    }

    @Test
    void wordsThatLookLikeSpecialTokensNeverSteerTheModel() throws IOException {
        ByteLevelTokenizer tokenizer = ByteLevelTokenizer.read(resource("tokenizer.json"));
        String text = "<|endoftext|>";
        assertEquals(1, tokenizer.encodeWithSpecial(text).length);
        for (int token : tokenizer.encode(text)) {
            assertFalse(tokenizer.special(token));
        }
        assertEquals(text, tokenizer.decode(tokenizer.encode(text), true));
        assertEquals(tokenizer.added(text), tokenizer.encodeWithSpecial(text)[0]);
    }

    /** 200,000 letters without a space: merging pair after pair must not take quadratic time. */
    @Test
    void longWordsAreEncodedToo() throws IOException {
        ByteLevelTokenizer tokenizer = ByteLevelTokenizer.read(resource("tokenizer.json"));
        String text = "these".repeat(40_000);
        int[] tokens = Assertions.assertTimeoutPreemptively(Duration.ofMinutes(2), () -> tokenizer.encode(text));
        assertEquals(text, tokenizer.decode(tokens, true));
    }

    private static String refusal(Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(resource("tokenizer.json"));
        change.accept(json);
        byte[] changed = JSON.writeValueAsBytes(json);
        return assertThrows(IllegalArgumentException.class, () -> ByteLevelTokenizer.read(changed))
                .getMessage();
    }

    @Test
    void tokenizersOfOtherKindsAreRefusedWithAllReasons() throws IOException {
        String message = refusal(json -> {
            json.putObject("normalizer").put("type", "NFC");
            ((ObjectNode) json.get("pre_tokenizer")).put("add_prefix_space", true);
            ((ObjectNode) json.get("model")).put("dropout", 0.1).put("novelty", 1);
            ((ObjectNode) json.at("/model/vocab")).put("a", 1 << 30);
            ((ArrayNode) json.at("/model/merges")).insert(0, "one two three");
            ((ObjectNode) json.at("/added_tokens/0")).put("lstrip", true);
        });
        for (String part : List.of(
                "normalizer",
                "pre_tokenizer.add_prefix_space must be false",
                "model.dropout must be null",
                "model.novelty is unknown",
                "model.vocab.a must be a whole number",
                "no token for byte 97",
                "model.merges[0] is no pair",
                "added_tokens[0].lstrip must be false")) {
            assertTrue(message.contains(part), part + " is not in " + message);
        }
    }

    @Test
    void brokenFilesAreRefusedShortly() throws IOException {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ByteLevelTokenizer.read("{".getBytes()))
                .getMessage()
                .contains("it ends too early"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ByteLevelTokenizer.read("[]".getBytes()))
                .getMessage()
                .contains("it must be an object"));
        String message = refusal(json -> ((ObjectNode) json.at("/model/vocab")).removeAll());
        assertTrue(message.length() < 4000, message.length() + " characters");
    }
}
