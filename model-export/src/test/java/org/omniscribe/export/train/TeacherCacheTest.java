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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TeacherCacheTest {
    @TempDir
    private Path folder;

    private static TeacherTargets targets(int seed) {
        return new TeacherTargets(new int[] {seed, 2, 3}, 2, new int[][] {{seed, 7}}, new float[][] {{0.75f, 0.25f}});
    }

    private static void assertSame(TeacherTargets expected, TeacherTargets actual) {
        assertArrayEquals(expected.toBytes(), actual.toBytes());
    }

    @Test
    void whatWasPutIsThereAfterAStart() {
        Path file = folder.resolve("teacher.bin");
        try (TeacherCache cache = new TeacherCache(file)) {
            cache.put("a", targets(1));
            cache.put("b", targets(4));
            assertSame(targets(1), cache.get("a").orElseThrow());
        }
        try (TeacherCache cache = new TeacherCache(file)) {
            assertEquals(2, cache.size());
            assertSame(targets(4), cache.get("b").orElseThrow());
            assertTrue(cache.get("c").isEmpty());
        }
    }

    @Test
    void aRecordThatACrashCutIsForgottenAndTheOthersStay() throws IOException {
        Path file = folder.resolve("teacher.bin");
        try (TeacherCache cache = new TeacherCache(file)) {
            cache.put("a", targets(1));
            cache.put("b", targets(4));
        }
        byte[] whole = Files.readAllBytes(file);
        for (int cut = 1; cut < whole.length / 2; cut++) {
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length - cut));
            try (TeacherCache cache = new TeacherCache(file)) {
                assertEquals(1, cache.size());
                cache.put("b", targets(5));
            }
            try (TeacherCache cache = new TeacherCache(file)) {
                assertSame(targets(1), cache.get("a").orElseThrow());
                assertSame(targets(5), cache.get("b").orElseThrow());
            }
        }
    }

    @Test
    void noiseAtTheEndIsCutOff() throws IOException {
        Path file = folder.resolve("teacher.bin");
        try (TeacherCache cache = new TeacherCache(file)) {
            cache.put("a", targets(1));
        }
        Files.write(file, new byte[300], StandardOpenOption.APPEND);
        try (TeacherCache cache = new TeacherCache(file)) {
            assertSame(targets(1), cache.get("a").orElseThrow());
        }
    }

    @Test
    void twoTrainingsDoNotShareAFile() {
        Path file = folder.resolve("teacher.bin");
        try (TeacherCache cache = new TeacherCache(file)) {
            assertThrows(TrainException.class, () -> new TeacherCache(file));
            assertEquals(0, cache.size());
        }
    }

    @Test
    void aStudentThatSaysTheSameReachesTheEntropyAndHasNoSlope() {
        float[] logits = new float[40];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.sin(i * 1.7) * (i < 20 ? 6 : 3);
        }
        try (NDManager manager = Torch.newManager()) {
            PtNDArray parameter = Torch.array(manager, logits, new Shape(2, 20));
            int[][] tokens = {{9, 1, 2}, {9, 3, 4}};
            List<TeacherTargets> targets;
            try (NDManager step = manager.newSubManager()) {
                NDArray logProbs = step.zeros(new Shape(1)).add(parameter).logSoftmax(-1);
                targets = TeacherTargets.of(logProbs, tokens, 2);
            }
            assertEquals(2, targets.size());
            parameter.setRequiresGradient(true);
            double loss;
            try (NDManager step = manager.newSubManager();
                    GradientCollector collector = Torch.engine().newGradientCollector()) {
                NDArray logProbs = step.zeros(new Shape(1)).add(parameter).logSoftmax(-1);
                NDArray crossEntropy = TeacherTargets.crossEntropy(logProbs, targets);
                loss = crossEntropy.toFloatArray()[0];
                collector.backward(crossEntropy);
            }
            double entropy =
                    targets.stream().mapToDouble(TeacherTargets::entropy).sum();
            assertEquals(entropy, loss, 0.01);
            try (NDArray gradient = parameter.getGradient()) {
                for (float g : gradient.toFloatArray()) {
                    assertEquals(0, g, 0.01);
                }
            }
        }
    }
}
