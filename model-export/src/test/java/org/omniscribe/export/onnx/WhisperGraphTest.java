package org.omniscribe.export.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.omniscribe.asr.feature.NpyReader;
import org.omniscribe.asr.model.AttentionSpec;
import org.omniscribe.export.checkpoint.WhisperCheckpoint;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/** Expected values are those of openai-whisper's classes, by {@code src/test/scripts/make_whisper.py}. */
class WhisperGraphTest {
    private static final Path WHISPER = Path.of("src/test/resources/whisper");
    private static final double TOLERANCE = 1e-4;
    private static final int BINS = 8;
    private static final int VOCABULARY = 280;
    private static final long[] TEXT = {261, 262, 265, 269, 40, 257, 100, 3, 258, 77};
    private static final float[] NOTHING = new float[VOCABULARY];

    private static WhisperGraphs graphs(String form, Precision precision) throws OrtException {
        WhisperCheckpoint checkpoint = WhisperCheckpoint.open(WHISPER.resolve(form), Optional.empty(), Set.of());
        AttentionSpec spec = checkpoint.decoder();
        return new WhisperGraphs(
                spec,
                OmniRouterGraph.write(
                        checkpoint.architecture(), checkpoint.parameters(), OmniRouterGraph.Options.of(precision)),
                CrossGraph.write(spec, checkpoint.parameters(), precision),
                DecoderGraph.write(spec, checkpoint.parameters(), precision),
                1);
    }

    private static float[][] golden(String name, int frames) throws IOException {
        NpyReader.FloatArray array = NpyReader.read(WHISPER.resolve(name + "-" + frames + ".npy"));
        float[][] rows = new float[array.shape()[0]][];
        int columns = array.shape()[1];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(array.data(), i * columns, (i + 1) * columns);
        }
        return rows;
    }

    /** Rows one behind the other, filled up with what must not matter. */
    private static float[] batch(int frames, float filling, float[][]... rows) {
        float[] features = new float[rows.length * frames * BINS];
        Arrays.fill(features, filling);
        for (int row = 0; row < rows.length; row++) {
            for (int t = 0; t < rows[row].length; t++) {
                System.arraycopy(rows[row][t], 0, features, (row * frames + t) * BINS, BINS);
            }
        }
        return features;
    }

    private static double worst(float[][] expected, float[][] found, int count) {
        double worst = 0;
        for (int i = 0; i < count; i++) {
            assertEquals(expected[i].length, found[i].length);
            for (int j = 0; j < expected[i].length; j++) {
                worst = Math.max(worst, Math.abs(expected[i][j] - found[i][j]));
            }
        }
        return worst;
    }

    private static double mean(float[][] expected, float[][] found) {
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            for (int j = 0; j < expected[i].length; j++) {
                sum += Math.abs(expected[i][j] - found[i][j]) / expected[i].length / expected.length;
            }
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"openai, FLOAT32", "transformers, FLOAT32", "ct2, FLOAT32", "ct2, FLOAT16"})
    void encoderAndDecoderEqualPyTorchInABatchOfAnyLengths(String form, Precision precision) throws Exception {
        int[] frames = {61, 80, 1};
        try (WhisperGraphs graphs = graphs(form, precision)) {
            float[] features = batch(80, 7777, golden("features", 61), golden("features", 80), golden("features", 1));
            float[][][] encoded = graphs.encode(features, new long[] {61, 80, 1}, BINS);
            assertArrayEquals(new long[] {31, 40, 1}, graphs.lengths());
            graphs.begin(encoded);
            WhisperGraphs.Step step =
                    graphs.step(new long[][][] {{TEXT}, {TEXT}, {TEXT}}, new long[] {0, 1, 2}, NOTHING, 3);
            for (int row = 0; row < frames.length; row++) {
                int steps = (frames[row] + 1) / 2;
                double difference = worst(golden("encoded", frames[row]), encoded[row], steps);
                assertTrue(difference < TOLERANCE, "encoder of " + frames[row] + " frames is off by " + difference);
                float[][] logProbs = golden("log-probs", frames[row]);
                difference = worst(logProbs, step.logProbs()[row][0], TEXT.length);
                assertTrue(difference < TOLERANCE, "decoder of " + frames[row] + " frames is off by " + difference);
            }
        }
    }

    /** Mean error of a log-probability, which has a mean magnitude of 16; wrong scales would be off by units. */
    @ParameterizedTest
    @CsvSource({"INT8, 0.15", "INT8_DYNAMIC, 0.3", "INT4, 1.5"})
    void roundedWeightsComputeNearlyTheSame(Precision precision, double most) throws Exception {
        try (WhisperGraphs graphs = graphs("ct2", precision)) {
            float[][][] encoded = graphs.encode(batch(80, 0, golden("features", 80)), new long[] {80}, BINS);
            graphs.begin(encoded);
            WhisperGraphs.Step step = graphs.step(new long[][][] {{TEXT}}, new long[] {0}, NOTHING, 1);
            double error = mean(golden("log-probs", 80), step.logProbs()[0][0]);
            assertTrue(error > 1e-4 && error < most, "mean error " + error);
        }
    }

    /** A prompt of one row, then three hypotheses that grow token by token and trade places. */
    @ParameterizedTest
    @ValueSource(strings = {"FLOAT32", "INT8_DYNAMIC"})
    void stepsEqualTheWholeWhateverHypothesesAreFollowed(Precision precision) throws Exception {
        int hypotheses = 3;
        try (WhisperGraphs graphs = graphs("ct2", precision)) {
            float[] features = batch(80, 0, golden("features", 61), golden("features", 80));
            float[][][] encoded = graphs.encode(features, new long[] {61, 80}, BINS);
            graphs.begin(encoded);
            long[] prompt = Arrays.copyOf(TEXT, 4);
            graphs.step(new long[][][] {{prompt}, {prompt}}, new long[] {0, 1}, NOTHING, 1);
            long[][][] texts = new long[2][hypotheses][];
            for (long[][] window : texts) {
                Arrays.fill(window, prompt);
            }
            Random random = new Random(3);
            WhisperGraphs.Step step = null;
            for (int length = 5; length <= 12; length++) {
                long[][][] grown = new long[2][hypotheses][];
                long[][][] tokens = new long[2][hypotheses][1];
                long[] parents = new long[2 * hypotheses];
                for (int i = 0; i < parents.length; i++) {
                    int window = i / hypotheses;
                    int parent = random.nextInt(hypotheses);
                    parents[i] = length == 5 ? window : window * hypotheses + parent;
                    long token = random.nextInt(260);
                    tokens[window][i % hypotheses][0] = token;
                    long[] text = Arrays.copyOf(texts[window][parent], length);
                    text[length - 1] = token;
                    grown[window][i % hypotheses] = text;
                }
                texts = grown;
                step = graphs.step(tokens, parents, NOTHING, 4);
            }
            graphs.begin(encoded);
            WhisperGraphs.Step whole = graphs.step(texts, new long[] {0, 0, 0, 1, 1, 1}, NOTHING, 4);
            double tolerance = precision == Precision.FLOAT32 ? TOLERANCE : 2e-3;
            for (int window = 0; window < 2; window++) {
                for (int k = 0; k < hypotheses; k++) {
                    assertArrayEquals(
                            whole.logProbs()[window][k][11], step.logProbs()[window][k][0], (float) tolerance);
                    assertArrayEquals(
                            whole.alignment()[window][k][11][1], step.alignment()[window][k][0][1], (float) tolerance);
                }
            }
        }
    }

    @Test
    void logProbabilitiesAreThoseOfTheLastTokensWanted() throws Exception {
        try (WhisperGraphs graphs = graphs("ct2", Precision.FLOAT32)) {
            float[][][] encoded = graphs.encode(batch(80, 0, golden("features", 80)), new long[] {80}, BINS);
            graphs.begin(encoded);
            float[][] all = graphs.step(new long[][][] {{TEXT, TEXT}}, new long[] {0, 0}, NOTHING, 1)
                    .logProbs()[0][1];
            graphs.begin(encoded);
            WhisperGraphs.Step step = graphs.step(new long[][][] {{TEXT, TEXT}}, new long[] {0, 0}, NOTHING, 2, 3);
            float[][] last = step.logProbs()[0][1];
            assertEquals(3, last.length);
            assertEquals(2, step.topTokens()[0][1][2].length);
            assertEquals(10, step.alignment()[0][1].length);
            for (int i = 0; i < last.length; i++) {
                assertArrayEquals(all[7 + i], last[i], 1e-6f);
            }
        }
    }

    @Test
    void theLikeliestTokensComeFirstAndSuppressedOnesNever() throws Exception {
        try (WhisperGraphs graphs = graphs("ct2", Precision.FLOAT32)) {
            graphs.begin(graphs.encode(batch(80, 0, golden("features", 80)), new long[] {80}, BINS));
            float[] all = graphs.step(new long[][][] {{TEXT}}, new long[] {0}, NOTHING, 1)
                    .logProbs()[0][0][9];
            int best = 0;
            for (int i = 0; i < VOCABULARY; i++) {
                best = all[i] > all[best] ? i : best;
            }
            float[] suppress = new float[VOCABULARY];
            suppress[best] = -1e30f;
            graphs.begin(graphs.encode(batch(80, 0, golden("features", 80)), new long[] {80}, BINS));
            WhisperGraphs.Step step = graphs.step(new long[][][] {{TEXT}}, new long[] {0}, suppress, 6);
            float[] left = step.logProbs()[0][0][9];
            double sum = 0;
            for (float logProb : left) {
                sum += Math.exp(logProb);
            }
            assertEquals(1, sum, 1e-5);
            long[] tokens = step.topTokens()[0][0][9];
            assertEquals(6, tokens.length);
            Set<Long> seen = new java.util.HashSet<>();
            for (int rank = 0; rank < tokens.length; rank++) {
                assertTrue(tokens[rank] != best && seen.add(tokens[rank]));
                assertEquals(left[(int) tokens[rank]], step.topLogProbs()[0][0][9][rank]);
                assertTrue(rank == 0 || step.topLogProbs()[0][0][9][rank] <= step.topLogProbs()[0][0][9][rank - 1]);
            }
        }
    }

    @Test
    void alignmentIsADistributionOverTheStepsOfTheWindow() throws Exception {
        try (WhisperGraphs graphs = graphs("ct2", Precision.FLOAT32)) {
            float[] features = batch(80, 0, golden("features", 61), golden("features", 80));
            graphs.begin(graphs.encode(features, new long[] {61, 80}, BINS));
            WhisperGraphs.Step step = graphs.step(new long[][][] {{TEXT}, {TEXT}}, new long[] {0, 1}, NOTHING, 1);
            for (int window = 0; window < 2; window++) {
                for (float[][] heads : step.alignment()[window][0]) {
                    assertEquals(3, heads.length);
                    for (float[] weights : heads) {
                        assertEquals(40, weights.length);
                        double sum = 0;
                        for (int t = 0; t < weights.length; t++) {
                            sum += weights[t];
                            assertTrue(t < graphs.lengths()[window] || weights[t] == 0);
                        }
                        assertEquals(1, sum, 1e-5);
                    }
                }
            }
        }
    }
}
