package org.omniscribe.export.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.testing.TestResources;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.Tensors;
import org.omniscribe.export.onnx.OmniRouterGraph.Options;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/** Networks that are taken apart and put together with other experts and other ways of routing. */
class BundleNetworkTest {
    private static final int BINS = 10;
    private static final String ARCHITECTURES = "org.omniscribe.export.onnx.OmniRouterGraphTest#architectures";

    private static BundleNetwork network(Architecture architecture, Map<String, Tensor> parameters) {
        byte[] onnx = OmniRouterGraph.write(architecture, Tensors.of(parameters), Options.of(Precision.FLOAT32));
        return BundleNetwork.read(onnx, architecture, "test");
    }

    private static float[][] run(byte[] onnx, float[][] utterance) throws OrtException {
        try (OrtNetwork network = new OrtNetwork(onnx)) {
            return network.run(List.<float[][]>of(utterance), utterance.length, BINS, 0)
                    .logProbs()[0];
        }
    }

    private static void assertSame(double[][] expected, float[][] actual) {
        for (int t = 0; t < expected.length; t++) {
            for (int v = 0; v < expected[t].length; v++) {
                assertEquals(expected[t][v], actual[t][v], 1e-4, "step " + t);
            }
        }
    }

    private static float[][] utterance() {
        return OmniRouterGraphTest.utterances(61).get(0);
    }

    @ParameterizedTest
    @MethodSource(ARCHITECTURES)
    void whatIsReadBackIsWrittenToTheSameBytes(Architecture architecture) {
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 1);
        for (Precision precision : Precision.values()) {
            byte[] onnx = OmniRouterGraph.write(architecture, Tensors.of(parameters), Options.of(precision));
            BundleNetwork network = BundleNetwork.read(onnx, architecture, "test");
            assertEquals(precision, network.precision());
            assertTrue(network.plan().unchanged());
            assertArrayEquals(onnx, network.write(RoutingMode.TOP_ONE));
        }
    }

    @Test
    void permutedExpertsDoTheWorkOfOthers() throws OrtException {
        Architecture architecture =
                OmniRouterGraphTest.architectures().findFirst().orElseThrow();
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 2);
        BundleNetwork network = network(architecture, parameters);
        int[] order = {2, 0, 3, 1};
        ExpertPlan plan = network.plan().with(1, network.plan().layers().get(1).permuted(order));
        byte[] onnx = network.with(plan).write(RoutingMode.TOP_ONE);
        Map<String, Tensor> renamed = new LinkedHashMap<>(parameters);
        parameters.forEach((name, tensor) -> {
            for (int e = 0; e < 4; e++) {
                String from = "layers.1.ffn.experts." + order[e] + ".";
                if (name.startsWith(from)) {
                    renamed.put("layers.1.ffn.experts." + e + "." + name.substring(from.length()), tensor);
                }
            }
        });
        assertSame(new ReferenceNetwork(architecture, renamed).run(utterance()).logProbs(), run(onnx, utterance()));
    }

    @Test
    void closedExpertsAreNeverChosenAndNotStored() throws OrtException {
        Architecture architecture =
                OmniRouterGraphTest.architectures().skip(1).findFirst().orElseThrow();
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 3);
        BundleNetwork network = network(architecture, parameters);
        ExpertPlan plan = network.plan()
                .with(0, network.plan().layers().get(0).closing(1))
                .with(2, network.plan().layers().get(2).closing(0).closing(3));
        byte[] onnx = network.with(plan).write(RoutingMode.TOP_ONE);
        parameters.get("routers.0.bias").data()[1] = -1e9f;
        parameters.get("routers.2.bias").data()[0] = -1e9f;
        parameters.get("routers.2.bias").data()[3] = -1e9f;
        assertSame(
                new ReferenceNetwork(architecture, parameters).run(utterance()).logProbs(), run(onnx, utterance()));

        BundleNetwork again = BundleNetwork.read(onnx, architecture, "test");
        assertEquals(plan, again.plan());
        assertEquals("0 2 3 | 0 1 2 3 | 1 2", again.plan().format());
        assertArrayEquals(onnx, again.write(RoutingMode.TOP_ONE));
        assertEquals(parameters.size() - 3 * 4, again.parameters().size());
    }

    @Test
    void topPAddsUpTheLikeliestExperts() throws OrtException {
        for (double mass : new double[] {0.3, 0.7, 1}) {
            Architecture architecture =
                    OmniRouterGraphTest.architectures().skip(7).findFirst().orElseThrow();
            Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 4);
            byte[] onnx = network(architecture, parameters).write(new RoutingMode.TopP(mass));
            ReferenceNetwork reference = new ReferenceNetwork(architecture, parameters, mass);
            assertSame(reference.run(utterance()).logProbs(), run(onnx, utterance()));
        }
    }

    @Test
    void topPMindsThePlan() throws OrtException {
        Architecture architecture =
                OmniRouterGraphTest.architectures().findFirst().orElseThrow();
        BundleNetwork network = network(architecture, RandomNetwork.parameters(architecture, 5));
        ExpertPlan plan = network.plan()
                .with(1, network.plan().layers().get(1).replacing(2, 0))
                .with(2, network.plan().layers().get(2).closing(1));
        byte[] one = network.with(plan).write(RoutingMode.TOP_ONE);
        byte[] least = network.with(plan).write(new RoutingMode.TopP(1e-6));
        float[][] expected = run(one, utterance());
        float[][] actual = run(least, utterance());
        for (int t = 0; t < expected.length; t++) {
            assertArrayEquals(expected[t], actual[t], 1e-4f);
        }
    }

    @ParameterizedTest
    @MethodSource(ARCHITECTURES)
    void routingsWithoutNoiseAreTheTrainedOne(Architecture architecture) throws OrtException {
        BundleNetwork network = network(architecture, RandomNetwork.parameters(architecture, 6));
        List<float[][]> batch = OmniRouterGraphTest.utterances(61, 24, 1);
        try (OrtNetwork trained = new OrtNetwork(network.write(RoutingMode.TOP_ONE));
                OrtNetwork sampled = new OrtNetwork(network.write(new RoutingMode.Sampled(3, 0)))) {
            OrtNetwork.Result expected = trained.run(batch, 61, BINS, 0);
            OrtNetwork.Result actual = sampled.run(batch, 61, BINS, 0);
            for (int b = 0; b < batch.size(); b++) {
                for (int t = 0; t < architecture.steps(batch.get(b).length); t++) {
                    assertArrayEquals(expected.logProbs()[b][t], actual.logProbs()[b][t], 1e-4f);
                }
                for (int layer = 0; layer < architecture.layers(); layer++) {
                    assertArrayEquals(expected.expert()[layer][b], actual.expert()[layer][b]);
                    assertArrayEquals(expected.probability()[layer][b], actual.probability()[layer][b], 1e-4f);
                }
            }
        }
    }

    @Test
    void noisyRoutingsChangeTheOutputTheSameWayEveryTime() throws OrtException {
        Architecture architecture =
                OmniRouterGraphTest.architectures().findFirst().orElseThrow();
        BundleNetwork network = network(architecture, RandomNetwork.parameters(architecture, 7));
        float[][] trained = run(network.write(RoutingMode.TOP_ONE), utterance());
        float[][] once = run(network.write(new RoutingMode.Sampled(4, 1)), utterance());
        float[][] twice = run(network.write(new RoutingMode.Sampled(4, 1)), utterance());
        double moved = 0;
        for (int t = 0; t < once.length; t++) {
            assertArrayEquals(once[t], twice[t]);
            double sum = 0;
            for (int v = 0; v < once[t].length; v++) {
                sum += Math.exp(once[t][v]);
                moved = Math.max(moved, Math.abs(once[t][v] - trained[t][v]));
            }
            assertEquals(1, sum, 1e-4);
        }
        assertTrue(moved > 0.01, "noise moved nothing: " + moved);
    }

    @Test
    void whatIsObservedIsWhatTheReferenceComputes() throws OrtException {
        Architecture architecture =
                OmniRouterGraphTest.architectures().findFirst().orElseThrow();
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 8);
        ReferenceNetwork.Result expected = new ReferenceNetwork(architecture, parameters).run(utterance());
        byte[] onnx = network(architecture, parameters).write(new RoutingMode.Observed(true));
        try (OrtNetwork network = new OrtNetwork(onnx)) {
            for (int layer = 0; layer < architecture.layers(); layer++) {
                float[][][] probabilities =
                        (float[][][]) network.output(RoutingMode.Observed.probabilities(layer), utterance(), BINS);
                float[][][][] gram =
                        (float[][][][]) network.output(RoutingMode.Observed.gram(layer), utterance(), BINS);
                for (int t = 0; t < expected.expert()[layer].length; t++) {
                    int chosen = expected.expert()[layer][t];
                    assertEquals(expected.probability()[layer][t], probabilities[0][t][chosen], 1e-4);
                    float[][] products = gram[0][t];
                    assertEquals(expected.size()[layer][t], Math.sqrt(products[chosen + 1][chosen + 1]), 1e-3);
                    assertEquals(expected.along()[layer][t], products[0][chosen + 1], 1e-3);
                }
            }
        }
    }

    @Test
    void aNetworkOfOthersIsRefusedWithAllThatIsMissing() {
        Architecture architecture =
                OmniRouterGraphTest.architectures().findFirst().orElseThrow();
        OnnxGraph graph = new OnnxGraph("other");
        graph.output("log_probs", graph.scalar(1f), ElementType.FLOAT);
        String message = assertThrows(
                        CheckpointException.class,
                        () -> BundleNetwork.read(graph.toBytes("another", "1"), architecture, "other.zip"))
                .getMessage();
        assertTrue(message.contains("other.zip") && message.contains("there is no head.bias"), message);
        assertThrows(CheckpointException.class, () -> BundleNetwork.read(new byte[] {1, 2}, architecture, "other"));
    }

    @Test
    void weightsBesideTheGraphAreNotReadBackAndThatIsSaid() {
        Architecture architecture =
                OmniRouterGraphTest.architectures().findFirst().orElseThrow();
        ByteArrayOutputStream weights = new ByteArrayOutputStream();
        OnnxGraph graph = new OnnxGraph("large", new ExternalData(weights, ModelBundle.WEIGHTS));
        graph.constant("head.weight", new long[] {2000}, new float[2000]);
        byte[] model = graph.toBytes("omniscribe", "1");
        assertEquals(8000, weights.size());
        String message = assertThrows(CheckpointException.class, () -> BundleNetwork.read(model, architecture, "large"))
                .getMessage();
        assertTrue(message.contains("beside the graph"), message);
    }

    @Test
    void aBundleTakesAnotherNetworkOfItsKindOnly() {
        ModelBundle bundle = ModelBundle.open(TestResources.tinyModel());
        BundleNetwork network = BundleNetwork.read(bundle);
        ExpertPlan plan = network.plan().with(0, network.plan().layers().get(0).closing(2));
        byte[] other = network.with(plan).write(RoutingMode.TOP_ONE);
        ModelBundle adapted = bundle.withNetwork(other);
        assertArrayEquals(other, adapted.network());
        assertEquals(other.length, adapted.sizes().get(ModelBundle.NETWORK));
        assertEquals(plan, BundleNetwork.read(adapted).plan());
        assertThrows(ModelException.class, () -> bundle.withNetwork(new byte[] {8, 1}));
    }
}
