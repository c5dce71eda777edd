package org.omniscribe.export.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.omniscribe.asr.model.Activation;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Gate;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.Tensors;
import org.omniscribe.export.onnx.OmniRouterGraph.Options;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

class OmniRouterGraphTest {
    private static final int BINS = 10;
    private static final int VOCABULARY = 7;

    /** Every option at least once, in company that could disturb it. */
    static Stream<Architecture> architectures() {
        return Stream.of(
                stacked("3x4", Routing.SHARED, new Position.Sinusoid(), Attention.FULL, 0),
                stacked("3x4", Routing.INDEPENDENT, new Position.Sinusoid(), Attention.FULL, 0),
                stacked("3x1", Routing.DENSE, new Position.Sinusoid(), Attention.FULL, 0),
                stacked("1x1-2x2-1x3-1x2", Routing.SHARED, new Position.None(), Attention.FULL, 3),
                stacked("2x3", Routing.SHARED, new Position.Relative(4), Attention.CAUSAL, 5),
                stacked("2x3", Routing.SHARED, new Position.Sinusoid(), new Attention.Chunked(3, 1), 3),
                stacked("2x3", Routing.INDEPENDENT, new Position.Relative(4), new Attention.Chunked(3, 1), 0),
                convolved("3x4", 4, Routing.SHARED, new Position.Relative(4), Attention.FULL, 5),
                convolved("2x2", 6, Routing.SHARED, new Position.None(), Attention.CAUSAL, 0),
                convolved("2x1", 2, Routing.DENSE, new Position.Relative(4), Attention.FULL, 3),
                convolved("2x2", 3, Routing.SHARED, new Position.Relative(4), Attention.FULL, 3),
                convolved("1x2", 1, Routing.SHARED, new Position.None(), Attention.FULL, 0),
                architecture(
                        new Subsampling.Conv(3, 4),
                        "2x2",
                        Routing.SHARED,
                        new Position.Relative(4),
                        Attention.FULL,
                        3,
                        9),
                whisper("2x1", Routing.DENSE, new Gate.Probability(), new Position.WhisperSinusoid(false)),
                whisper("3x4", Routing.SHARED, new Gate.Mixed(0.25), new Position.WhisperSinusoid(true)),
                whisper("1x1-2x3", Routing.INDEPENDENT, new Gate.Mixed(0), new Position.WhisperSinusoid(false)));
    }

    private static Architecture whisper(String experts, Routing routing, Gate gate, Position position) {
        return architecture(
                        new Subsampling.WhisperStem(),
                        experts,
                        routing,
                        position,
                        new Attention.Full(Attention.Bias.QUERY_VALUE_OUTPUT),
                        0)
                .toBuilder()
                .activation(Activation.GELU)
                .gate(gate)
                .build();
    }

    private static Architecture stacked(
            String experts, Routing routing, Position position, Attention attention, int kernel) {
        return architecture(new Subsampling.Stack(4), experts, routing, position, attention, kernel);
    }

    private static Architecture convolved(
            String experts, int stacking, Routing routing, Position position, Attention attention, int kernel) {
        return architecture(new Subsampling.Conv(3, stacking), experts, routing, position, attention, kernel);
    }

    private static Architecture architecture(
            Subsampling subsampling,
            String experts,
            Routing routing,
            Position position,
            Attention attention,
            int kernel) {
        return architecture(subsampling, experts, routing, position, attention, kernel, 0);
    }

    private static Architecture architecture(
            Subsampling subsampling,
            String experts,
            Routing routing,
            Position position,
            Attention attention,
            int kernel,
            int phones) {
        return Architecture.builder()
                .melBins(BINS)
                .subsampling(subsampling)
                .width(16)
                .heads(4)
                .mlpWidth(24)
                .experts(experts)
                .routing(routing)
                .position(position)
                .attention(attention)
                .convKernel(kernel)
                .vocabulary(VOCABULARY)
                .phones(phones)
                .build();
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void equalsTheReferenceInABatchOfDifferentLengths(Architecture architecture) throws OrtException {
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 1);
        ReferenceNetwork reference = new ReferenceNetwork(architecture, parameters);
        List<float[][]> batch = utterances(61, 24, 1, 43, 4);
        Set<Integer> used = new HashSet<>();
        try (OrtNetwork network = network(architecture, parameters, Precision.FLOAT32)) {
            OrtNetwork.Result result = network.run(batch, 64, BINS, 0);
            assertEquals(architecture.steps(64), result.logProbs()[0].length);
            for (int b = 0; b < batch.size(); b++) {
                ReferenceNetwork.Result expected = reference.run(batch.get(b));
                assertTrue(expected.margin() > 1e-4, "two experts are too close to compare; choose another seed");
                int steps = architecture.steps(batch.get(b).length);
                assertEquals(steps, result.lengths()[b]);
                for (int t = 0; t < steps; t++) {
                    for (int v = 0; v < VOCABULARY; v++) {
                        assertEquals(expected.logProbs()[t][v], result.logProbs()[b][t][v], 1e-4);
                    }
                }
                for (int layer = 0; layer < architecture.layers(); layer++) {
                    for (int t = 0; t < result.expert()[layer][b].length; t++) {
                        boolean inside = t < steps;
                        int expert = result.expert()[layer][b][t];
                        used.add(expert);
                        assertEquals(inside ? expected.expert()[layer][t] : -1, expert);
                        assertEquals(
                                inside ? expected.probability()[layer][t] : 0, result.probability()[layer][b][t], 1e-4);
                    }
                }
            }
        }
        int most = architecture.experts().stream().mapToInt(e -> e).max().orElseThrow();
        assertTrue(used.size() > Math.min(most, 2), "the test should reach several experts, but reached " + used);
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void utterancesDoNotDependOnTheirNeighbours(Architecture architecture) throws OrtException {
        try (OrtNetwork network = network(architecture, RandomNetwork.parameters(architecture, 2), Precision.FLOAT16)) {
            float[][] utterance = utterances(39).get(0);
            List<float[][]> first = new ArrayList<>(utterances(50, 13, 40));
            List<float[][]> second = new ArrayList<>(utterances(31, 22, 50));
            first.set(1, utterance);
            second.set(1, utterance);
            OrtNetwork.Result one = network.run(first, 50, BINS, 0);
            OrtNetwork.Result two = network.run(second, 50, BINS, Float.NaN);
            OrtNetwork.Result alone = network.run(List.<float[][]>of(utterance), 39, BINS, 0);
            for (int t = 0; t < architecture.steps(39); t++) {
                // Equal to the bit beside other neighbours, and behind it even garbage; sums over another number of
                // steps may be put together in another order.
                assertArrayEquals(one.logProbs()[1][t], two.logProbs()[1][t]);
                assertArrayEquals(one.logProbs()[1][t], alone.logProbs()[0][t], 1e-5f);
                for (int layer = 0; layer < architecture.layers(); layer++) {
                    assertEquals(one.expert()[layer][1][t], two.expert()[layer][1][t]);
                    assertEquals(one.expert()[layer][1][t], alone.expert()[layer][0][t]);
                    assertEquals(one.probability()[layer][1][t], two.probability()[layer][1][t]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void takesUtterancesOfNoFramesAndOfOne(Architecture architecture) throws OrtException {
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 3);
        try (OrtNetwork network = network(architecture, parameters, Precision.FLOAT32)) {
            OrtNetwork.Result none = network.run(utterances(0, 0), 0, BINS, 0);
            assertArrayEquals(new long[] {0, 0}, none.lengths());
            assertEquals(-1, none.expert()[0][1][0]);

            OrtNetwork.Result mixed = network.run(utterances(0, 1), 1, BINS, 0);
            assertArrayEquals(new long[] {0, 1}, mixed.lengths());
            double[] expected = new ReferenceNetwork(architecture, parameters)
                    .run(utterances(0, 1).get(1))
                    .logProbs()[0];
            for (int v = 0; v < VOCABULARY; v++) {
                assertEquals(expected[v], mixed.logProbs()[1][0][v], 1e-4);
                assertTrue(Float.isFinite(mixed.logProbs()[0][0][v]));
            }
        }
    }

    @Test
    void halfPrecisionHalvesTheFileAndHardlyMovesTheOutput() throws OrtException {
        Architecture architecture = architectures().findFirst().orElseThrow();
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 4);
        byte[] single = OmniRouterGraph.write(architecture, Tensors.of(parameters), Options.of(Precision.FLOAT32));
        byte[] half = OmniRouterGraph.write(architecture, Tensors.of(parameters), Options.of(Precision.FLOAT16));
        int weights = parameters.entrySet().stream()
                .filter(p -> p.getValue().shape().length > 1 && !p.getKey().startsWith("routers"))
                .mapToInt(p -> p.getValue().data().length)
                .sum();
        assertTrue(single.length - half.length > weights * 2 - 10_000, single.length + " became " + half.length);
        List<float[][]> batch = utterances(40);
        try (OrtNetwork exact = new OrtNetwork(single);
                OrtNetwork rounded = new OrtNetwork(half)) {
            float[][] expected = exact.run(batch, 40, BINS, 0).logProbs()[0];
            float[][] actual = rounded.run(batch, 40, BINS, 0).logProbs()[0];
            for (int t = 0; t < expected.length; t++) {
                assertArrayEquals(expected[t], actual[t], 0.02f);
            }
        }
    }

    /** The reference is given what bytes can hold, so that only the arithmetic can differ. */
    @ParameterizedTest
    @MethodSource("architectures")
    void bytesEqualTheReferenceWithRoundedWeights(Architecture architecture) throws OrtException {
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 1);
        Map<String, Tensor> rounded = new LinkedHashMap<>(parameters);
        parameters.forEach((name, tensor) -> {
            boolean matrix = name.endsWith(".weight") && tensor.shape().length == 2;
            if (matrix && !name.contains("head") && !name.startsWith("routers")) {
                rounded.put(name, throughBytes(tensor));
            }
        });
        ReferenceNetwork reference = new ReferenceNetwork(architecture, rounded);
        List<float[][]> batch = utterances(40, 12);
        try (OrtNetwork network = new OrtNetwork(
                OmniRouterGraph.write(architecture, Tensors.of(parameters), Options.of(Precision.INT8)))) {
            OrtNetwork.Result result = network.run(batch, 40, BINS, 0);
            for (int b = 0; b < batch.size(); b++) {
                ReferenceNetwork.Result expected = reference.run(batch.get(b));
                assertTrue(expected.margin() > 1e-3, "two experts are too close to compare; choose another seed");
                for (int t = 0; t < expected.logProbs().length; t++) {
                    for (int v = 0; v < VOCABULARY; v++) {
                        // Kernels are in half precision.
                        assertEquals(expected.logProbs()[t][v], result.logProbs()[b][t][v], 0.02);
                    }
                }
            }
        }
    }

    private static Tensor throughBytes(Tensor tensor) {
        int columns = (int) tensor.shape()[1];
        float[] data = tensor.data().clone();
        for (int row = 0; row < data.length; row += columns) {
            double largest = 0;
            for (int i = row; i < row + columns; i++) {
                largest = Math.max(largest, Math.abs(data[i]));
            }
            for (int i = row; i < row + columns; i++) {
                data[i] = (float) (Math.rint(data[i] / largest * 127) * largest / 127);
            }
        }
        return new Tensor(tensor.shape(), data);
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void integerProductsAreCloseAndDoNotDependOnNeighbours(Architecture architecture) throws OrtException {
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 1);
        ReferenceNetwork reference = new ReferenceNetwork(architecture, parameters);
        float[][] utterance = utterances(39).get(0);
        List<float[][]> loud = new ArrayList<>(utterances(50, 39));
        for (float[] frame : loud.get(0)) {
            for (int i = 0; i < frame.length; i++) {
                frame[i] *= 1000;
            }
        }
        loud.set(1, utterance);
        byte[] model = OmniRouterGraph.write(architecture, Tensors.of(parameters), Options.of(Precision.INT8_DYNAMIC));
        try (OrtNetwork network = new OrtNetwork(model)) {
            OrtNetwork.Result alone = network.run(List.<float[][]>of(utterance, utterance), 50, BINS, 0);
            OrtNetwork.Result beside = network.run(loud, 50, BINS, Float.NaN);
            ReferenceNetwork.Result expected = reference.run(utterance);
            double error = 0;
            int steps = architecture.steps(39);
            for (int t = 0; t < steps; t++) {
                assertArrayEquals(alone.logProbs()[1][t], beside.logProbs()[1][t]);
                for (int v = 0; v < VOCABULARY; v++) {
                    error += Math.abs(expected.logProbs()[t][v] - beside.logProbs()[1][t][v]);
                }
            }
            assertTrue(error / steps / VOCABULARY < 0.15, "mean error " + error / steps / VOCABULARY);
        }
    }

    @Test
    void bytesHalveTheFileOnceMore() {
        Architecture architecture = architectures().findFirst().orElseThrow();
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 4);
        int half = OmniRouterGraph.write(architecture, Tensors.of(parameters), Options.of(Precision.FLOAT16)).length;
        int bytes = OmniRouterGraph.write(architecture, Tensors.of(parameters), Options.of(Precision.INT8)).length;
        int weights = parameters.entrySet().stream()
                .filter(p -> p.getKey().contains("qkv") || p.getKey().contains("experts"))
                .filter(p -> p.getValue().shape().length > 1)
                .mapToInt(p -> p.getValue().data().length)
                .sum();
        assertTrue(half - bytes > weights / 2, half + " became " + bytes);
    }

    @Test
    void aWeightThatHalfPrecisionCannotHoldStaysSingle() throws OrtException {
        Architecture architecture = architectures().findFirst().orElseThrow();
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 5);
        parameters.get("head.weight").data()[0] = 1e6f;
        try (OrtNetwork network = network(architecture, parameters, Precision.FLOAT16)) {
            float[][] logProbs = network.run(utterances(40), 40, BINS, 0).logProbs()[0];
            double[][] expected = new ReferenceNetwork(architecture, parameters)
                    .run(utterances(40).get(0))
                    .logProbs();
            // Token 0 wins or loses by far, as only a weight of that size can make it.
            assertEquals(expected[0][0] > -1, logProbs[0][0] > -1);
            assertTrue(Float.isFinite(logProbs[0][0]));
        }
    }

    @Test
    void namesAllParametersThatDoNotFit() {
        Architecture architecture = architectures().findFirst().orElseThrow();
        Map<String, Tensor> parameters = new LinkedHashMap<>(RandomNetwork.parameters(architecture, 6));
        parameters.remove("layers.1.attention.norm.bias");
        parameters.put("head.weight", new Tensor(new long[] {2, 3}, new float[6]));
        parameters.put("layers.9.extra", new Tensor(new long[] {1}, new float[1]));
        parameters.get("final.norm.weight").data()[3] = Float.NaN;
        String message = assertThrows(
                        CheckpointException.class,
                        () -> OmniRouterGraph.write(
                                architecture, Tensors.of(parameters), Options.of(Precision.FLOAT32)))
                .getMessage();
        for (String fault : List.of(
                "layers.1.attention.norm.bias is missing",
                "head.weight has shape [2, 3], not [7, 16]",
                "layers.9.extra belongs to no part",
                "final.norm.weight holds NaN at element 3")) {
            assertTrue(message.contains(fault), message);
        }
        assertFalse(message.contains("router"), message);
    }

    private static OrtNetwork network(Architecture architecture, Map<String, Tensor> parameters, Precision precision)
            throws OrtException {
        return new OrtNetwork(OmniRouterGraph.write(architecture, Tensors.of(parameters), Options.of(precision)));
    }

    static List<float[][]> utterances(int... frames) {
        List<float[][]> utterances = new ArrayList<>();
        for (int i = 0; i < frames.length; i++) {
            utterances.add(RandomNetwork.features(frames[i], BINS, 100 * frames[i] + i));
        }
        return utterances;
    }
}
