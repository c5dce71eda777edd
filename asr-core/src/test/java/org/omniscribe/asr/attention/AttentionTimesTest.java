package org.omniscribe.asr.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AttentionTimesTest {
    /** Golden values: attention_golden.py, by median_filter and dtw of OpenAI's Whisper. */
    @Test
    void stepsAreThoseOfWhispersOwnAlignment() {
        ObjectMapper mapper = new ObjectMapper();
        for (JsonNode golden : TinyDecoder.json("times.json")) {
            float[][][] weights = mapper.convertValue(golden.get("weights"), float[][][].class);
            int[] wanted = mapper.convertValue(golden.get("steps"), int[].class);
            assertArrayEquals(
                    wanted, AttentionTimes.steps(weights, golden.get("first").intValue()));
        }
    }

    /** Against sorting every window of seven; short rows reflect more than once. */
    @Test
    void medianIsThatOfSevenSortedNeighbours() {
        Random random = new Random(5);
        for (int n = 4; n < 40; n++) {
            float[] row = new float[n];
            for (int i = 0; i < n; i++) {
                row[i] = random.nextInt(5);
            }
            float[] wanted = new float[n];
            for (int t = 0; t < n; t++) {
                float[] seven = new float[7];
                for (int k = -3; k <= 3; k++) {
                    int i = Math.abs(t + k);
                    seven[k + 3] = row[i < n ? i : 2 * (n - 1) - i];
                }
                Arrays.sort(seven);
                wanted[t] = seven[3];
            }
            float[] found = new float[n];
            AttentionTimes.median(row, found);
            assertArrayEquals(wanted, found);
        }
    }
}
