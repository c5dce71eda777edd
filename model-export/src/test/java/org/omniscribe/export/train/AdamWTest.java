package org.omniscribe.export.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Golden values are torch.optim.AdamW's with clip_grad_norm_, written by src/test/scripts/ctc_golden.py. */
class AdamWTest {
    private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.9f, 0.98f, 1e-8f, 0.1f, 1, 0.5f);

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
    }

    private static PtNDArray parameter(NDManager manager, JsonNode values, Shape shape) {
        PtNDArray array = (PtNDArray) manager.create(floats(values), shape);
        array.setRequiresGradient(true);
        return array;
    }

    @Test
    void updatesAndNormsEqualPyTorch() throws Exception {
        JsonNode golden;
        try (InputStream in = AdamWTest.class.getResourceAsStream("adamw-golden.json")) {
            golden = new ObjectMapper().readTree(in);
        }
        try (NDManager manager = Torch.newManager()) {
            Map<String, PtNDArray> parameters = new LinkedHashMap<>();
            parameters.put("w.weight", parameter(manager, golden.get("weight"), new Shape(3, 4)));
            parameters.put("w.bias", parameter(manager, golden.get("bias"), new Shape(4)));
            AdamW optimizer = new AdamW(parameters, SETTINGS);
            for (int i = 0; i < 6; i++) {
                try (NDManager step = manager.newSubManager();
                        GradientCollector collector = Torch.engine().newGradientCollector()) {
                    NDArray x = step.create(floats(golden.get("x")), new Shape(5, 3));
                    NDArray loss = x.matMul(parameters.get("w.weight"))
                            .add(parameters.get("w.bias"))
                            .square()
                            .sum();
                    assertEquals(golden.get("losses").get(i).asDouble(), loss.toFloatArray()[0], 1e-3);
                    collector.backward(loss);
                    double norm = optimizer.step(0.05, 1);
                    assertEquals(golden.get("norms").get(i).asDouble(), norm, 1e-4 * norm);
                }
            }
            assertArrayEquals(
                    floats(golden.get("weightAfter")),
                    parameters.get("w.weight").toFloatArray(),
                    1e-5f);
            assertArrayEquals(
                    floats(golden.get("biasAfter")), parameters.get("w.bias").toFloatArray(), 1e-5f);
        }
    }

    @Test
    void aGradientThatIsNotFiniteChangesNothingAndIsForgotten() {
        try (NDManager manager = Torch.newManager()) {
            PtNDArray parameter = (PtNDArray) manager.create(new float[] {1, 2});
            parameter.setRequiresGradient(true);
            AdamW optimizer = new AdamW(Map.of("a", parameter), SETTINGS);
            for (float factor : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
                backward(manager, parameter, factor);
                optimizer.step(0.1, 1);
                assertArrayEquals(new float[] {1, 2}, parameter.toFloatArray());
            }
            assertEquals(0, optimizer.updates());
            backward(manager, parameter, 1);
            assertEquals(Math.sqrt(2), optimizer.step(0.1, 1), 1e-6);
        }
    }

    /** An expert may get its first step late in a run. */
    @Test
    void aParameterThatTakesPartLaterIsTrainedFromThenOn() {
        try (NDManager manager = Torch.newManager()) {
            PtNDArray early = (PtNDArray) manager.create(new float[] {1});
            PtNDArray late = (PtNDArray) manager.create(new float[] {1});
            early.setRequiresGradient(true);
            late.setRequiresGradient(true);
            AdamW optimizer = new AdamW(Map.of("early", early, "late", late), SETTINGS);
            backward(manager, early, 1);
            optimizer.step(0.1, 1);
            assertEquals(1, late.toFloatArray()[0]);
            backward(manager, late, 1);
            optimizer.step(0.1, 1);
            assertTrue(late.toFloatArray()[0] < 1);
        }
    }

    @Test
    void theAverageFollowsTheWeights() {
        try (NDManager manager = Torch.newManager()) {
            PtNDArray parameter = (PtNDArray) manager.create(new float[] {1});
            parameter.setRequiresGradient(true);
            AdamW optimizer = new AdamW(Map.of("a", parameter), SETTINGS);
            float expected = 1;
            for (int n = 1; n <= 8; n++) {
                backward(manager, parameter, 1);
                optimizer.step(0.1, 1);
                float keep = (float) Math.min(0.5, (1.0 + n) / (10.0 + n));
                expected += (1 - keep) * (parameter.toFloatArray()[0] - expected);
            }
            assertEquals(expected, optimizer.average().get("a").data()[0], 1e-6f);
        }
    }

    private static void backward(NDManager manager, PtNDArray parameter, float factor) {
        try (NDManager step = manager.newSubManager();
                GradientCollector collector = Torch.engine().newGradientCollector()) {
            collector.backward(
                    step.full(parameter.getShape(), factor).mul(parameter).sum());
        }
    }
}
