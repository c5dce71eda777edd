package org.omniscribe.export.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Float16Test {
    @Test
    void everyHalfSurvivesTheRoundTrip() {
        for (int bits = 0; bits < 0x10000; bits++) {
            float value = Float16.toFloat((short) bits);
            if (Float.isNaN(value)) {
                assertTrue(Float.isNaN(Float16.toFloat(Float16.toBits(value))));
            } else {
                assertEquals((short) bits, Float16.toBits(value), "half " + Integer.toHexString(bits));
            }
        }
    }

    @Test
    void roundsToTheNearestHalfAndTiesToEven() {
        // Bit patterns from numpy: np.array(x, "f4").astype("f2").view("u2").
        assertEquals((short) 0x2e66, Float16.toBits(0.1f));
        assertEquals((short) 0x3c00, Float16.toBits(1.00048828125f)); // tie, to even below
        assertEquals((short) 0x3c02, Float16.toBits(1.00146484375f)); // tie, to even above
        assertEquals((short) 0x7bff, Float16.toBits(65519.996f));
        assertEquals((short) 0x7c00, Float16.toBits(65520f));
        assertEquals((short) 0xfc00, Float16.toBits(Float.NEGATIVE_INFINITY));
        assertEquals((short) 0x0000, Float16.toBits(0x1p-25f)); // tie between 0 and the least subnormal
        assertEquals((short) 0x8002, Float16.toBits(-0x1.8p-24f));
        assertEquals((short) 0x0400, Float16.toBits(0x1.ffcp-15f + 0x1p-26f));
    }

    @Test
    void noOtherHalfIsNearer() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            float value = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(40) - 26));
            short half = Float16.toBits(value);
            double error = Math.abs((double) Float16.toFloat(half) - value);
            int magnitude = half & 0x7fff;
            if (magnitude < 0x7c00) {
                for (int other : new int[] {Math.max(magnitude - 1, 0), magnitude + 1}) {
                    if (other < 0x7c00) {
                        double distance = Math.abs(Float16.toFloat((short) other) - Math.abs((double) value));
                        assertTrue(distance >= error, value + " became " + Float16.toFloat(half));
                    }
                }
            }
        }
    }
}
