package org.omniscribe.asr.audio.vorbis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast transform against the sum that defines it (G. Sporer, used in section 4.3.6 of the specification). */
class MdctTest {
    @ParameterizedTest
    @ValueSource(ints = {64, 256, 2048})
    void equalsTheSum(int n) {
        Random random = new Random(1);
        float[] in = new float[n / 2];
        for (int k = 0; k < in.length; k++) {
            in[k] = random.nextFloat() - 0.5f;
        }
        float[] out = new float[n];
        new Mdct(n).inverse(in, out);
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int k = 0; k < in.length; k++) {
                sum += in[k] * Math.cos(Math.PI / (2 * n) * (2 * i + 1 + n / 2) * (2 * k + 1));
            }
            assertEquals(sum, out[i], 1e-3, "output " + i);
        }
    }
}
