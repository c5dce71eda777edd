package org.omniscribe.asr.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.token.ByteLevelTokenizer;

class WordSplitterTest {
    private final ByteLevelTokenizer tokenizer = TinyDecoder.TOKENIZER;
    private final WordSplitter splitter = new WordSplitter(tokenizer);

    private List<String> words(String text, String language) {
        return splitter.split(tokenizer.encode(text), language).stream()
                .map(WordSplitter.Span::text)
                .toList();
    }

    @Test
    void marksStayWithTheWordTheyTouch() {
        assertEquals(
                List.of("\"Don't,\"", "she", "said", "(well-known)", "-", "3.5%."),
                words(" \"Don't,\" she said (well-known) - 3.5%.", "en"));
    }

    @Test
    void charactersOfSeveralTokensAreNotTornApart() {
        assertEquals(List.of("naïve", "😀", "Привет,", "как"), words(" naïve 😀 Привет, как", "en"));
        assertEquals(
                List.of("\uFFFD"),
                splitter.split(new int[] {tokenizer.encode("😀")[0]}, "en").stream()
                        .map(WordSplitter.Span::text)
                        .toList());
    }

    @Test
    void scriptsWithoutSpacesAreDividedBehindClauses() {
        assertEquals(List.of("你好，", "世界。", "今天天气很好！"), words("你好，世界。今天天气很好！", "zh"));
        assertEquals(List.of("你好，世界。今天天气很好！"), words("你好，世界。今天天气很好！", "en"));
    }

    @Test
    void spokenTokensAreThoseWithLettersOrDigits() {
        int[] tokens = tokenizer.encode(" (the)...");
        WordSplitter.Span word = splitter.split(tokens, "en").get(0);
        StringBuilder spoken = new StringBuilder();
        for (int t = word.spokenFrom(); t < word.spokenTo(); t++) {
            spoken.append(tokenizer.decode(new int[] {tokens[t]}, true));
        }
        assertEquals("the", spoken.toString());
    }
}
