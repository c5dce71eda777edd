package org.omniscribe.export.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.token.ByteLevelTokenizer;

class TeacherTargetsTest {
    /** The token of the end; those of the bytes are the bytes themselves. */
    private static final int END = 256;

    /** A tokenizer of single bytes, each written as byte-level files do: visible Latin-1 as it is, others from U+0100 on. */
    private static ByteLevelTokenizer tokenizer() {
        List<String> entries = new ArrayList<>();
        int other = 0;
        for (int b = 0; b < 256; b++) {
            boolean visible = b > 32 && b < 127 || b > 160 && b != 173;
            entries.add(String.format("\"\\u%04x\": %d", visible ? b : 256 + other++, b));
        }
        String json =
                """
                {"added_tokens": [{"id": %d, "content": "<|endoftext|>", "special": true}],
                 "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
                 "decoder": {"type": "ByteLevel"},
                 "model": {"type": "BPE", "vocab": {%s, "<|endoftext|>": %d}, "merges": []}}
                """
                        .formatted(END, String.join(", ", entries), END);
        return ByteLevelTokenizer.read(json.getBytes(StandardCharsets.UTF_8));
    }

    /** A place whose reference is given, with what the teacher says there. */
    private static TeacherTargets at(int reference, int[] likeliest, float... probabilities) {
        return new TeacherTargets(new int[] {0, reference}, 1, new int[][] {likeliest}, new float[][] {probabilities});
    }

    @Test
    void aShareOfOtherWordsGoesToTheReference() {
        int[] likeliest = {'b', 'a', END};
        TeacherTargets corrected = at('a', likeliest, 0.5f, 0.3f, 0.2f).corrected(0.5, tokenizer());
        assertArrayEquals(likeliest, corrected.likeliest()[0]);
        assertArrayEquals(new float[] {0.25f, 0.65f, 0.1f}, corrected.probabilities()[0], 1e-6f);
    }

    @Test
    void casePunctuationAndDigitsKeepWhatTheyHave() {
        int[] likeliest = {'A', ',', '7', 'a'};
        float[] own = {0.4f, 0.3f, 0.2f, 0.1f};
        assertArrayEquals(own, at('a', likeliest, own).corrected(1, tokenizer()).probabilities()[0], 1e-6f);
    }

    @Test
    void aReferenceThatIsNotAmongTheLikeliestTakesTheLastPlace() {
        TeacherTargets corrected = at('c', new int[] {'b', 'A'}, 0.75f, 0.25f).corrected(1, tokenizer());
        assertEquals('c', corrected.likeliest()[0][1]);
        assertArrayEquals(new float[] {0, 1}, corrected.probabilities()[0], 1e-6f);
    }

    @Test
    void theEndIsOnlyAnotherWayOfWritingPunctuation() {
        int[] likeliest = {END, '.'};
        TeacherTargets stop = at('.', likeliest, 0.5f, 0.5f).corrected(1, tokenizer());
        assertArrayEquals(new float[] {0.5f, 0.5f}, stop.probabilities()[0], 1e-6f);
        TeacherTargets end =
                at(END, new int[] {'b', '.', END}, 0.5f, 0.25f, 0.25f).corrected(1, tokenizer());
        assertArrayEquals(new float[] {0, 0.25f, 0.75f}, end.probabilities()[0], 1e-6f);
    }

    @Test
    void noShareChangesNothing() {
        TeacherTargets own = at('a', new int[] {'b', 'c'}, 0.5f, 0.5f);
        assertArrayEquals(own.toBytes(), own.corrected(0, tokenizer()).toBytes());
    }
}
