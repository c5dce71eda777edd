package org.omniscribe.asr.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.omniscribe.asr.attention.WindowSearch.Lists;

class WindowSearchTest {
    private static final int END = 0;

    private static WindowSearch search(int limit) {
        return new WindowSearch(END, AttentionOptions.STANDARD.withBeam(2, 1), limit, null, 0, 1);
    }

    /** Two poor ends come before the second best way on; were both counted, the best text would never end. */
    @Test
    void endsCountOnlyAmongTheBestContinuations() {
        WindowSearch search = search(10);
        search.advance(new Lists(new float[] {-0.1f, -2.4f, -5}, new long[] {1, 2, 3}, 3), 0, true);
        search.advance(
                new Lists(new float[] {-0.05f, -1.9f, -8, -0.1f, -0.6f, -8}, new long[] {3, END, 2, END, 3, 1}, 3),
                0,
                false);
        assertEquals(2, search.live().size());
        search.advance(
                new Lists(new float[] {-0.05f, -4, -5, -3, -4, -5}, new long[] {END, 1, 2, END, 1, 2}, 3), 0, false);
        assertTrue(search.live().isEmpty());
        Text best = search.best().get(0);
        assertArrayEquals(new int[] {1, 3}, best.tokens());
        assertEquals(-0.2, best.logProb(), 1e-6);
    }

    @Test
    void textsThatGrowTooLongEndWhereTheyAre() {
        WindowSearch search = search(2);
        search.advance(new Lists(new float[] {-0.1f, -2, -3}, new long[] {1, 2, 3}, 3), 0, true);
        assertEquals(2, search.live().size());
        search.advance(
                new Lists(new float[] {-0.1f, -2, -3, -0.1f, -2, -3}, new long[] {2, 1, 3, 3, 1, 2}, 3), 0, false);
        assertTrue(search.live().isEmpty());
        assertTrue(search.cut());
        assertArrayEquals(new int[] {1, 2}, search.best().get(0).tokens());
    }
}
