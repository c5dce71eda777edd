package org.omniscribe.eval.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Golden values: NIST sclite 2.4.10; {@code src/test/scripts/sclite_golden.py} writes them and tells how to read more. */
class SclitePairsTest {
    private static List<String> pairs() throws IOException {
        String other = System.getProperty("omniscribe.sclite.pairs");
        if (other != null) {
            return Files.readAllLines(Path.of(other));
        }
        try (InputStream in = SclitePairsTest.class.getResourceAsStream("sclite-golden.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void everyEditOfEveryPairIsSclites() throws IOException {
        List<String> lines = pairs();
        assertTrue(lines.size() > 300, "only " + lines.size() + " lines");
        for (String line : lines.subList(1, lines.size())) {
            String[] columns = line.split("\t", -1);
            String edits = columns[2];
            Alignment alignment = Alignment.ofWords(columns[0], columns[1], EditCosts.NIST);
            String ours = alignment.pairs().stream()
                    .map(pair -> pair.edit().name().substring(0, 1))
                    .collect(Collectors.joining());
            assertEquals(edits, ours, line);
            ErrorCounts counts =
                    new ErrorCounts(count(edits, 'C'), count(edits, 'S'), count(edits, 'D'), count(edits, 'I'));
            assertEquals(counts, EditDistance.words(columns[0], columns[1], EditCosts.NIST), line);
        }
    }

    private static long count(String edits, char edit) {
        return edits.chars().filter(c -> c == edit).count();
    }
}
