package org.omniscribe.asr.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LetterToSoundTest {
    private static Pronunciations dictionary(String... lines) {
        Map<String, List<List<String>>> words = new LinkedHashMap<>();
        for (String line : lines) {
            List<String> parts = List.of(line.split(" "));
            words.put(parts.get(0), List.of(parts.subList(1, parts.size())));
        }
        return new Pronunciations(words);
    }

    @Test
    void newWordsSoundLikeThoseThatAreSpelledAlike() {
        LetterToSound rules = new LetterToSound(dictionary(
                "hop HH AA P",
                "hat HH AE T",
                "hot HH AA T",
                "sit S IH T",
                "sad S AE D",
                "tap T AE P",
                "pit P IH T",
                "pot P AA T",
                "bit B IH T",
                "bite B AY T",
                "kite K AY T",
                "site S AY T",
                "kit K IH T",
                "fox F AA K S",
                "box B AA K S",
                "fix F IH K S",
                "set S EH T",
                "pet P EH T"));
        Map<String, List<String>> said = rules.pronounce(List.of("sot", "mob", "pox", "sites", "12"));
        assertEquals(List.of("S", "AA", "T"), said.get("sot"));
        assertEquals(List.of("P", "AA", "K", "S"), said.get("pox"), "two phones of one letter");
        assertEquals(List.of("S", "AY", "T", "S"), said.get("sites"), "the silent letter changes the one before");
        assertEquals(List.of("AA", "B"), said.get("mob"), "a letter that no word has is silent");
        assertEquals(4, said.size(), "what has no known letter has no sound");
    }
}
