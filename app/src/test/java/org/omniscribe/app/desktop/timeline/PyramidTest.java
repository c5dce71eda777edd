package org.omniscribe.app.desktop.timeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.omniscribe.app.desktop.timeline.Pyramid.Reduction;

/** Sums over any stretch are those of its columns, however long it is; memory is bounded. */
class PyramidTest {
    private static final int COLUMNS = 5003;

    private static Pyramid filled(Reduction reduction, int[] values) {
        Pyramid pyramid = Pyramid.uniform(100_000, 1, reduction);
        for (int value : values) {
            pyramid.add(new byte[] {(byte) value});
        }
        return pyramid;
    }

    private static int[] random() {
        return new Random(5).ints(COLUMNS, 0, 256).toArray();
    }

    @Test
    void extremesOfEveryStretchEncloseThoseOfItsColumns() {
        int[] values = random();
        Pyramid highest = filled(Reduction.MAX, values);
        Random random = new Random(6);
        int[] out = new int[1];
        for (int n = 0; n < 500; n++) {
            int from = random.nextInt(COLUMNS - 1);
            int to = from + 1 + random.nextInt(COLUMNS - from);
            int most = 0;
            for (int i = from; i < to && i < COLUMNS; i++) {
                most = Math.max(most, values[i]);
            }
            assertTrue(highest.reduce(from, to, out));
            assertTrue(out[0] >= most, "a peak is never lost");
            if (to - from <= Pyramid.FACTOR) {
                assertEquals(most, out[0]);
            }
        }
    }

    @Test
    void aStretchOfWholeColumnsOfACoarserLevelIsExact() {
        int[] values = random();
        Pyramid mean = filled(Reduction.MEAN, values);
        int[] out = new int[1];
        assertTrue(mean.reduce(64, 128, out));
        double sum = 0;
        for (int i = 64; i < 128; i++) {
            sum += values[i];
        }
        assertEquals(sum / 64, out[0], 1);
    }

    @Test
    void theMostFrequentExpertWins() {
        Pyramid mode = filled(Reduction.MODE, new int[] {3, 3, 1, 1, 1, 2, 2, 7});
        int[] out = new int[1];
        mode.reduce(0, 8, out);
        assertEquals(1, out[0]);
        mode.reduce(0, 2, out);
        assertEquals(3, out[0]);
        mode.reduce(5, 7, out);
        assertEquals(2, out[0]);
        mode.reduce(1, 3, out);
        assertEquals(1, out[0], "of equally frequent ones the smallest");
    }

    @Test
    void theNewestColumnsCountBeforeACoarserLevelHasThem() {
        int[] values = new int[70];
        values[69] = 200;
        int[] out = new int[1];
        assertTrue(filled(Reduction.MAX, values).reduce(0, 70, out));
        assertEquals(200, out[0]);
    }

    @Test
    void theOldestIsForgottenAndTheRestStays() {
        Pyramid pyramid = new Pyramid(3000, Reduction.MAX, Reduction.MIN);
        for (int i = 0; i < 10_000; i++) {
            pyramid.add(new byte[] {(byte) (i % 251), (byte) (i % 13)});
        }
        assertEquals(10_000, pyramid.size());
        assertTrue(pyramid.first() > 0 && pyramid.first() <= 7000);
        assertEquals(-1, pyramid.get(0, 0));
        assertEquals(7000 % 251, pyramid.get(7000, 0));
        int[] out = {-5, -5};
        assertFalse(pyramid.reduce(0, 8, out));
        assertArrayEquals(new int[] {-5, -5}, out, "left alone where nothing is there");
        assertTrue(pyramid.reduce(9990, 20_000, out));
    }
}
