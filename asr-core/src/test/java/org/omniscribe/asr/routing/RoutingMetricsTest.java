package org.omniscribe.asr.routing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Golden values come from numpy, scipy and a search over all a cache could do: src/test/scripts/routing_golden.py. */
class RoutingMetricsTest {
    private static final double EXACT = 1e-12;

    private static final int[] FIRST = sequence(1, 400, 60);
    private static final int[] SECOND = second();

    private static int[] sequence(long seed, int length, int stay) {
        long x = seed;
        int[] out = new int[length];
        for (int t = 0; t < length; t++) {
            x = (x * 1103515245 + 12345) % (1L << 31);
            if (t == 0 || (x >> 16) % 100 >= stay) {
                x = (x * 1103515245 + 12345) % (1L << 31);
                out[t] = (int) ((x >> 16) % 4);
            } else {
                out[t] = out[t - 1];
            }
        }
        return out;
    }

    private static int[] second() {
        int[] other = sequence(7, 400, 70);
        for (int t = 0; t < other.length; t++) {
            other[t] = t % 3 == 0 ? other[t] : (FIRST[t] + 1) % 4;
        }
        return other;
    }

    private static Contingency table() {
        Contingency table = new Contingency(4, 4);
        for (int t = 0; t < FIRST.length; t++) {
            table.add(FIRST[t], SECOND[t]);
        }
        return table;
    }

    @Test
    void informationEqualsTheReference() {
        assertEquals(1.9778516877177093, Contingency.entropy(table().rowSums()), EXACT);
        assertEquals(0.8269267526721146, table().mutualInformation(), EXACT);
        assertEquals(0.41474085689608536, table().explained(), EXACT);
        assertEquals(0, new Contingency(3, 2).mutualInformation());
    }

    @Test
    void theBestRenamingEqualsTheReference() {
        assertEquals(0.0625, table().match(), EXACT);
        assertEquals(0.755, table().bestMatch(), EXACT);
        double[][] cost = new double[6][6];
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 6; j++) {
                cost[i][j] = (i * 7 + j * 13) * 2654435761L % 1000 / 10.0;
            }
        }
        int[] columns = Contingency.assignment(cost);
        double sum = 0;
        for (int i = 0; i < 6; i++) {
            sum += cost[i][columns[i]];
        }
        assertEquals(130, sum, EXACT);
    }

    @Test
    void layersOfDifferentSizeMatchWhatTheyCan() {
        Contingency table = new Contingency(2, 3);
        table.add(0, 2);
        table.add(1, 2);
        table.add(1, 0);
        table.add(1, 0);
        assertEquals(0.75, table.bestMatch(), EXACT);
    }

    @Test
    void coverageOfSegmentsEqualsTheReference() {
        assertEquals(0.6225, RoutingMetrics.segmentCoverage(FIRST, 8, 1), EXACT);
        assertEquals(0.885, RoutingMetrics.segmentCoverage(FIRST, 8, 2), EXACT);
        assertEquals(0.4875, RoutingMetrics.segmentCoverage(FIRST, 25, 1), EXACT);
        assertEquals(0.91, RoutingMetrics.segmentCoverage(FIRST, 60, 3), EXACT);
    }

    @Test
    void aCacheThatKnowsTheFutureIsTheBestThereIs() {
        int[] start = Arrays.copyOf(FIRST, 120);
        assertEquals(0.65, RoutingMetrics.cacheHitRate(start, 120, 1), EXACT);
        assertEquals(0.825, RoutingMetrics.cacheHitRate(start, 120, 2), EXACT);
        assertEquals(0.9083333333333333, RoutingMetrics.cacheHitRate(start, 120, 3), EXACT);
    }

    @Test
    void aCacheThatKnowsLessHitsLess() {
        int[] round = {0, 1, 2, 0, 1, 2, 0, 1, 2};
        assertEquals(0, RoutingMetrics.cacheHitRate(round, 0, 2), "the least recently used is what comes next");
        assertTrue(RoutingMetrics.cacheHitRate(round, 3, 2) > 0);
    }

    @Test
    void segmentsAddUp() {
        assertArrayEquals(new int[] {2, 1, 3}, RoutingMetrics.segments(new int[] {1, 1, 0, 2, 2, 2}));
        assertArrayEquals(new int[0], RoutingMetrics.segments(new int[0]));
    }

    @Test
    void theCommitteeIsTheSmallestThatRulesEverywhere() {
        double[][] shares = {{0.4, 0.3, 0.2, 0.1}, {0.05, 0.35, 0.3, 0.3}};
        RoutingMetrics.Committee committee = RoutingMetrics.committee(shares);
        assertArrayEquals(new int[] {0, 1, 2}, committee.experts(), "no two have more than half in both");
        assertEquals(0.7, committee.least(), EXACT);
        assertEquals(0.8, committee.mean(), EXACT);
        assertArrayEquals(
                new int[] {2},
                RoutingMetrics.committee(new double[][] {{0.2, 0.2, 0.6}}).experts());
    }

    @Test
    void usageCountsEveryStep() {
        ExpertUsage usage = new ExpertUsage(List.of(2, 4));
        usage.add(new RoutingTrace(new int[][] {{0, 0, 1, 0}, {3, 3, 2, 1}}, new float[2][4]));
        assertArrayEquals(new long[] {3, 1}, usage.counts(0));
        assertArrayEquals(new double[] {0, 0.25, 0.25, 0.5}, usage.shares(1));
        assertEquals(1.5, usage.entropy(1), EXACT);
        RoutingTrace beyond = new RoutingTrace(new int[][] {{2}, {0}}, new float[2][1]);
        assertThrows(IllegalArgumentException.class, () -> usage.add(beyond));
    }
}
