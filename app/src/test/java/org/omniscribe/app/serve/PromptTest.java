package org.omniscribe.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.decode.Hotwords;

/** A prompt raises its own words, names most, and those of every text not at all. */
class PromptTest {
    private static Map<String, Double> of(String prompt) {
        Map<String, Double> weights = new TreeMap<>();
        Prompt.hotwords(prompt).ifPresent(hot -> hot.phrases().forEach(p -> weights.put(p.phrase(), p.weight())));
        return weights;
    }

    @Test
    void namesCountMostAndWordsOfEveryTextNotAtAll() {
        assertEquals(
                Map.of(
                        "kubernetes",
                        Hotwords.DEFAULT_WEIGHT,
                        "talk",
                        2.0,
                        "iphone",
                        Hotwords.DEFAULT_WEIGHT,
                        "o'neill",
                        Hotwords.DEFAULT_WEIGHT,
                        "clusters",
                        2.0),
                of("The talk is about Kubernetes clusters, an iPhone and O\u2019Neill. Clusters are it."));
    }

    @Test
    void whatIsNoWordIsLeftOut() {
        assertTrue(of("").isEmpty());
        assertTrue(of("\u5317\u4eac 3 & the a").isEmpty());
    }

    @Test
    void ofALongPromptTheEndCounts() {
        StringBuilder prompt = new StringBuilder();
        for (char a = 'a'; a <= 'z'; a++) {
            for (char b = 'a'; b <= 'z'; b++) {
                prompt.append("x").append(a).append(b).append(' ');
            }
        }
        Map<String, Double> words = of(prompt.toString());
        assertEquals(200, words.size());
        assertTrue(words.containsKey("xzz"));
    }
}
