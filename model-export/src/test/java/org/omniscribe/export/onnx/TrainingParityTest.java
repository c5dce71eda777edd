package org.omniscribe.export.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.onnxruntime.OrtException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.Tensors;
import org.omniscribe.export.onnx.OmniRouterGraph.Options;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;
import org.omniscribe.export.train.OmniRouterNet;
import org.omniscribe.export.train.Torch;

class TrainingParityTest {
    static Stream<Architecture> architectures() {
        return OmniRouterGraphTest.architectures();
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void theExportedNetworkIsTheTrainedOne(Architecture architecture) throws OrtException {
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture, 1);
        List<float[][]> batch = OmniRouterGraphTest.utterances(61, 24, 1, 43, 4);
        int frames = 64;
        int bins = architecture.melBins();
        int[] lengths = batch.stream().mapToInt(utterance -> utterance.length).toArray();
        float[] features = OrtNetwork.padded(batch, frames, bins, 0);
        try (OrtNetwork exported = new OrtNetwork(
                        OmniRouterGraph.write(architecture, Tensors.of(parameters), Options.of(Precision.FLOAT32)));
                NDManager manager = Torch.newManager();
                OmniRouterNet trained = new OmniRouterNet(architecture, manager, 1);
                NDManager step = manager.newSubManager()) {
            trained.load(parameters);
            NDArray input = step.create(features, new Shape(batch.size(), frames, bins));
            OmniRouterNet.Output expected = trained.forward(input, lengths, OmniRouterNet.Mode.USE);
            float[] logProbs = expected.logProbs().toFloatArray();
            float[] phones =
                    architecture.phones() == 0 ? null : expected.phones().toFloatArray();
            OrtNetwork.Result actual = exported.run(batch, frames, bins, 0);

            int steps = architecture.steps(frames);
            assertEquals(
                    Arrays.toString(expected.lengths()),
                    Arrays.toString(Arrays.stream(actual.lengths())
                            .mapToInt(n -> (int) n)
                            .toArray()));
            for (int b = 0; b < batch.size(); b++) {
                for (int t = 0; t < expected.lengths()[b]; t++) {
                    for (int v = 0; v < architecture.vocabulary(); v++) {
                        float wanted = logProbs[(b * steps + t) * architecture.vocabulary() + v];
                        assertEquals(wanted, actual.logProbs()[b][t][v], 1e-4);
                    }
                }
                for (int t = 0; architecture.phones() > 0 && t < expected.lengths()[b]; t++) {
                    for (int p = 0; p < architecture.phones(); p++) {
                        float wanted = phones[(b * steps + t) * architecture.phones() + p];
                        assertEquals(wanted, actual.phones()[b][t][p], 1e-4);
                    }
                }
                for (int layer = 0; layer < architecture.layers(); layer++) {
                    for (int t = 0; t < steps; t++) {
                        int at = b * steps + t;
                        assertEquals(expected.experts()[layer][at], actual.expert()[layer][b][t]);
                        assertEquals(expected.probabilities()[layer][at], actual.probability()[layer][b][t], 1e-5);
                    }
                }
            }
        }
    }
}
