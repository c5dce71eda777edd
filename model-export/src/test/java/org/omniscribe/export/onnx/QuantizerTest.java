package org.omniscribe.export.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantizerTest {
    @Test
    void aChannelIsScaledByItsLargestMagnitude() {
        Quantizer.Bytes bytes = Quantizer.round(new float[] {1, -2, 0.5f, 0, 0, 0.127f}, 3);
        assertArrayEquals(new float[] {2f / 127, 0.127f / 127}, bytes.scales());
        // Turned: a row for each input.
        assertArrayEquals(new byte[] {64, 0, -127, 0, 32, 127}, bytes.values());
    }

    @Test
    void noWeightMovesByMoreThanHalfAStep() {
        Random random = new Random(1);
        float[] rows = new float[40 * 30];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        Quantizer.Bytes bytes = Quantizer.round(rows, 30);
        for (int out = 0; out < 40; out++) {
            float scale = bytes.scales()[out];
            for (int in = 0; in < 30; in++) {
                assertEquals(rows[out * 30 + in], bytes.values()[in * 40 + out] * scale, scale * 0.5001f);
            }
        }
    }

    @Test
    void channelsOfZerosAndOfTheSmallestNumbersStayFinite() {
        Quantizer.Bytes bytes = Quantizer.round(new float[] {0, 0, Float.MIN_VALUE, -Float.MIN_VALUE}, 2);
        assertTrue(bytes.scales()[0] > 0 && bytes.scales()[1] > 0);
        assertArrayEquals(new byte[4], bytes.values());
    }
}
