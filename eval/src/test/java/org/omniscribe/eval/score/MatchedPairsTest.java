package org.omniscribe.eval.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Golden values: NIST sc_stats of SCTK 2.4.10; {@code src/test/scripts/mapsswe_golden.py} writes them. */
class MatchedPairsTest {
    /** Half of the last digit that sc_stats prints. */
    private static final double PRINTED = 0.00051;

    private static Alignment align(String reference, String hypothesis) {
        return Alignment.ofWords(reference, hypothesis, EditCosts.NIST);
    }

    @Test
    void segmentsAndZAreThoseOfScStats() throws IOException {
        Map<String, List<String[]>> tests = new HashMap<>();
        try (InputStream in = MatchedPairsTest.class.getResourceAsStream("mapsswe-golden.tsv")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split("\t", -1))
                    .forEach(row -> tests.computeIfAbsent(row[0], k -> new ArrayList<>())
                            .add(row));
        }
        assertEquals(12, tests.size());
        for (List<String[]> rows : tests.values()) {
            MatchedPairs pairs = MatchedPairs.compare(
                    rows.stream().map(row -> align(row[1], row[2])).toList(),
                    rows.stream().map(row -> align(row[1], row[3])).toList());
            String[] found = rows.get(0);
            assertEquals(Integer.parseInt(found[4]), pairs.segments());
            assertEquals(Double.parseDouble(found[5]), pairs.mean(), PRINTED);
            assertEquals(Double.parseDouble(found[6]), pairs.deviation(), PRINTED);
            assertEquals(Double.parseDouble(found[7]), pairs.z(), PRINTED);
        }
    }

    @Test
    void probabilitiesAreThoseOfTheNormalDistribution() {
        // Python: math.erfc(z / math.sqrt(2))
        assertEquals(1, MatchedPairs.twoSided(0));
        assertEquals(0.31731050786291415, MatchedPairs.twoSided(1), 1e-14);
        assertEquals(0.05000000000000004, MatchedPairs.twoSided(1.959963984540054), 1e-14);
        assertEquals(6.334248366623993e-05, MatchedPairs.twoSided(4), 1e-14);
        assertEquals(1.9731752900754024e-09, MatchedPairs.twoSided(6), 1e-18);
    }

    @Test
    void equalOutputsDoNotDiffer() {
        List<Alignment> same = List.of(align("a b c", "a x c"));
        assertEquals(new MatchedPairs(1, 0, 0, 0, 1), MatchedPairs.compare(same, same));
        List<Alignment> right = List.of(align("a b", "a b"));
        assertEquals(new MatchedPairs(0, 0, 0, 0, 1), MatchedPairs.compare(right, right));
        assertThrows(IllegalArgumentException.class, () -> MatchedPairs.compare(same, right));
        assertThrows(IllegalArgumentException.class, () -> MatchedPairs.compare(same, List.of()));
    }

    @Test
    void averageIsOverAllElevenColumns() {
        // The published row of the 246M Omni-router model, and its average.
        double[] row = {17.8, 28.2, 16.4, 8.4, 15.0, 13.5, 3.3, 7.3, 3.7, 4.2, 8.5};
        Map<String, Double> rates = new HashMap<>();
        for (int i = 0; i < row.length; i++) {
            rates.put(MacroAverage.COLUMNS.get(i), row[i]);
        }
        rates.put("another", 99.0);
        assertEquals(11.48, MacroAverage.of(rates), 0.005);
        rates.remove("fleurs");
        rates.put("wsj", Double.NaN);
        String message = assertThrows(IllegalArgumentException.class, () -> MacroAverage.of(rates))
                .getMessage();
        assertTrue(message.contains("fleurs, wsj missing"), message);
        assertEquals(0.1, MacroAverage.relativeReduction(0.2, 0.18), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> MacroAverage.relativeReduction(0, 1));
    }
}
