package org.omniscribe.export.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.training.GradientCollector;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.omniscribe.export.checkpoint.SafeTensors;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/** Golden values are those of OpenAI's own decoder, written by src/test/scripts/whisper_decoder_golden.py. */
class FrozenDecoderTest {
    private static final int[][] TEXTS = {{3, 1, 4, 1, 5, 9}, {2, 7, 18, 2}};
    private static final int[] LENGTHS = {7, 4};

    private static Map<String, Tensor> golden() throws URISyntaxException {
        return SafeTensors.read(Path.of(FrozenDecoderTest.class
                .getResource("/whisper/decoder.safetensors")
                .toURI()));
    }

    @Test
    void probabilitiesAndGradientsEqualWhispers() throws Exception {
        Map<String, Tensor> golden = golden();
        try (NDManager manager = Torch.newManager();
                FrozenDecoder decoder = new FrozenDecoder(golden, 2, 3, manager)) {
            PtNDArray states = Torch.array(
                    manager,
                    golden.get("states").data(),
                    new Shape(golden.get("states").shape()));
            states.setRequiresGradient(true);
            try (NDManager step = manager.newSubManager();
                    GradientCollector collector = Torch.engine().newGradientCollector()) {
                NDArray one = step.zeros(new Shape(1));
                NDArray logProbs = decoder.logProbs(one.add(states), LENGTHS, TEXTS, 2);
                assertArrayEquals(
                        golden.get("log_probs").shape(), logProbs.getShape().getShape());
                assertArrayEquals(golden.get("log_probs").data(), Torch.values(logProbs), 1e-4f);
                NDArray weights = Torch.array(step, golden.get("weights").data(), new Shape(1, 20));
                collector.backward(logProbs.mul(weights).sum());
            }
            try (NDArray gradient = states.getGradient()) {
                assertArrayEquals(golden.get("gradient").data(), gradient.toFloatArray(), 1e-4f);
            }
        }
    }

    @Test
    void everyMissingTensorIsNamed() throws Exception {
        Map<String, Tensor> golden = new HashMap<>(golden());
        golden.remove("decoder.position.weight");
        golden.remove("decoder.layers.1.cross.kv.weight");
        try (NDManager manager = Torch.newManager()) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> new FrozenDecoder(golden, 2, 3, manager))
                    .getMessage();
            assertTrue(message.contains("decoder.position.weight"), message);
            assertTrue(message.contains("decoder.layers.1.cross.kv.weight"), message);
        }
    }

    @Test
    void textsThatDoNotFitAreRefused() throws Exception {
        try (NDManager manager = Torch.newManager();
                FrozenDecoder decoder = new FrozenDecoder(golden(), 2, 3, manager)) {
            assertEquals(20, decoder.vocabulary());
            NDArray states = manager.zeros(new Shape(1, 7, 12));
            int[] lengths = {7};
            assertThrows(
                    IllegalArgumentException.class, () -> decoder.logProbs(states, lengths, new int[][] {{1, 2}}, 2));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> decoder.logProbs(states, lengths, new int[][] {new int[11]}, 2));
        }
    }
}
