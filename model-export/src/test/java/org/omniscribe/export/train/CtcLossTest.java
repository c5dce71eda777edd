package org.omniscribe.export.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Golden values are torch.nn.functional.ctc_loss's, written by src/test/scripts/ctc_golden.py. */
class CtcLossTest {
    private static JsonNode golden() throws IOException {
        try (InputStream in = CtcLossTest.class.getResourceAsStream("ctc-golden.json")) {
            return new ObjectMapper().readTree(in).get("cases");
        }
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }

    private static CtcLoss.Result compute(JsonNode golden) {
        float[] logProbs = new float[golden.get("logProbs").size()];
        for (int i = 0; i < logProbs.length; i++) {
            logProbs[i] = (float) golden.get("logProbs").get(i).asDouble();
        }
        int[][] targets = new int[golden.get("targets").size()][];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = ints(golden.get("targets").get(i));
        }
        return CtcLoss.compute(
                logProbs,
                golden.get("steps").asInt(),
                golden.get("tokens").asInt(),
                ints(golden.get("lengths")),
                targets);
    }

    @Test
    void lossesEqualPyTorch() throws IOException {
        for (JsonNode golden : golden()) {
            CtcLoss.Result result = compute(golden);
            for (int b = 0; b < result.loss().length; b++) {
                assertEquals(golden.get("loss").get(b).asDouble(), result.loss()[b], 1e-5);
            }
        }
    }

    @Test
    void anUtteranceOfUnknownTextAddsNothing() {
        float[] logProbs = new float[2 * 3 * 2];
        Arrays.fill(logProbs, (float) Math.log(0.5));
        CtcLoss.Result result = CtcLoss.compute(logProbs, 3, 2, new int[] {3, 3}, new int[][] {null, {1}});
        assertEquals(0, result.loss()[0]);
        assertTrue(result.loss()[1] > 0);
        assertArrayEquals(new float[6], Arrays.copyOf(result.gradient(), 6));
    }

    /** With G the gradient by log-probabilities, the gradient by logits is G - softmax * (sum of G over tokens). */
    @Test
    void gradientsEqualPyTorch() throws IOException {
        for (JsonNode golden : golden()) {
            float[] gradient = compute(golden).gradient();
            int tokens = golden.get("tokens").asInt();
            for (int row = 0; row < gradient.length; row += tokens) {
                double sum = 0;
                for (int v = 0; v < tokens; v++) {
                    sum += gradient[row + v];
                }
                for (int v = 0; v < tokens; v++) {
                    double p = Math.exp(golden.get("logProbs").get(row + v).asDouble());
                    double byLogit = gradient[row + v] - p * sum;
                    assertEquals(golden.get("logitGradient").get(row + v).asDouble(), byLogit, 2e-6);
                }
            }
        }
    }

    @Test
    void impossibleAlignmentsAreToldAndPullNowhere() {
        float[] logProbs = new float[2 * 3 * 3];
        Arrays.fill(logProbs, (float) -Math.log(3));
        CtcLoss.Result result = CtcLoss.compute(logProbs, 3, 3, new int[] {3, 3}, new int[][] {{1, 1, 2}, {1, 1}});
        assertTrue(result.impossible()[0]);
        assertEquals(0, result.loss()[0]);
        for (int i = 0; i < 9; i++) {
            assertEquals(0, result.gradient()[i]);
        }
        assertFalse(result.impossible()[1]);
        // One alignment only, "1 blank 1", each step with probability 1/3.
        assertEquals(3 * Math.log(3), result.loss()[1], 1e-6);
    }

    @Test
    void occupanciesOfAStepSumToOneAndPaddingHasNone() {
        Random random = new Random(5);
        int steps = 50;
        int tokens = 7;
        float[] logProbs = logSoftmax(random, steps, tokens);
        int[] target = random.ints(12, 1, tokens).toArray();
        CtcLoss.Result result = CtcLoss.compute(logProbs, steps, tokens, new int[] {40}, new int[][] {target});
        for (int t = 0; t < steps; t++) {
            double sum = 0;
            for (int v = 0; v < tokens; v++) {
                sum -= result.gradient()[t * tokens + v];
            }
            assertEquals(t < 40 ? 1 : 0, sum, 1e-5);
        }
    }

    @Test
    void manyStepsDoNotUnderflow() {
        int steps = 3000;
        float[] logProbs = logSoftmax(new Random(1), steps, 30);
        int[] target = new Random(2).ints(600, 1, 30).toArray();
        CtcLoss.Result result = CtcLoss.compute(logProbs, steps, 30, new int[] {steps}, new int[][] {target});
        assertTrue(Double.isFinite(result.loss()[0]) && result.loss()[0] > 0);
    }

    @Test
    void theShortestAlignmentNeedsABlankBetweenEqualTokens() {
        assertArrayEquals(new int[] {0, 1, 3, 4}, new int[] {
            CtcLoss.shortest(new int[] {}),
            CtcLoss.shortest(new int[] {4}),
            CtcLoss.shortest(new int[] {4, 4}),
            CtcLoss.shortest(new int[] {4, 4, 2})
        });
    }

    private static float[] logSoftmax(Random random, int steps, int tokens) {
        float[] x = new float[steps * tokens];
        for (int t = 0; t < steps; t++) {
            double sum = 0;
            for (int v = 0; v < tokens; v++) {
                x[t * tokens + v] = (float) random.nextGaussian();
                sum += Math.exp(x[t * tokens + v]);
            }
            for (int v = 0; v < tokens; v++) {
                x[t * tokens + v] -= (float) Math.log(sum);
            }
        }
        return x;
    }
}
