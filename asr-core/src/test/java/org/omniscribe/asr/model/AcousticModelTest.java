package org.omniscribe.asr.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.decode.GreedyDecoder;
import org.omniscribe.asr.feature.LogMelFrontEnd;

class AcousticModelTest {
    @TempDir
    static Path temp;

    private static ModelBundle bundle;
    private static AcousticModel model;

    @BeforeAll
    static void open() {
        bundle = ToneModel.write(temp.resolve("tone.zip"));
        model = AcousticModel.open(bundle, new RuntimeOptions(RuntimeOptions.Device.CPU, 1, 1000));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static float[][] features(String text) {
        return new LogMelFrontEnd(ToneModel.features()).features(ToneModel.speak(text));
    }

    private static float[][] noise(Random random, int frames) {
        float[][] features = new float[frames][80];
        for (float[] frame : features) {
            for (int b = 0; b < frame.length; b++) {
                frame[b] = (float) (random.nextGaussian() * 5 - 8);
            }
        }
        return features;
    }

    private static void assertSame(Emission expected, Emission actual) {
        assertEquals(expected.steps(), actual.steps());
        for (int t = 0; t < expected.steps(); t++) {
            assertArrayEquals(expected.logProbs()[t], actual.logProbs()[t], 1e-5f, "step " + t);
        }
        assertTrue(
                Arrays.deepEquals(expected.routing().expert(), actual.routing().expert()));
        for (int l = 0; l < expected.routing().layers(); l++) {
            assertArrayEquals(
                    expected.routing().probability()[l], actual.routing().probability()[l], 1e-5f);
        }
    }

    @Test
    void tonesBecomeTheirTokens() {
        Emission emission = model.run(features("bad cab"));
        assertEquals(
                "bad cab",
                new GreedyDecoder(bundle.vocabulary()).decode(emission).text());
        assertEquals(0.04, emission.stepSeconds(), 1e-12);
        for (float[] step : emission.logProbs()) {
            double sum = 0;
            for (float p : step) {
                sum += Math.exp(p);
            }
            assertEquals(1, sum, 1e-5);
        }
    }

    @Test
    void theTraceSaysWhichExpertTookAStep() {
        Emission emission = model.run(features("g"));
        // 0.2 s of silence, five steps; the tone fills steps 5 to 7
        assertEquals(0, emission.routing().expert()[0][2]);
        assertEquals(1, emission.routing().expert()[1][2]);
        assertEquals(1, emission.routing().expert()[0][6]);
        assertEquals(0, emission.routing().expert()[1][6]);
        for (float[] layer : emission.routing().probability()) {
            for (float p : layer) {
                assertTrue(p >= 0.5 && p <= 1, "top of two is " + p);
            }
        }
    }

    @Test
    void aBatchGivesWhatEachUtteranceGivesAlone() {
        Random random = new Random(1);
        List<float[][]> utterances = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            utterances.add(noise(random, random.nextInt(400)));
        }
        utterances.add(noise(random, 1));
        utterances.add(new float[0][]);
        utterances.add(noise(random, 1500));
        List<Emission> together = model.run(utterances);
        for (int i = 0; i < utterances.size(); i++) {
            assertEquals((utterances.get(i).length + 3) / 4, together.get(i).steps());
            assertSame(model.run(utterances.get(i)), together.get(i));
        }
    }

    @Test
    void noUtterancesGiveNoEmissions() {
        assertEquals(List.of(), model.run(List.of()));
    }

    @Test
    void anUtteranceWithoutFramesHasLayersButNoSteps() {
        Emission emission = model.run(new float[0][]);
        assertEquals(0, emission.steps());
        assertEquals(2, emission.routing().layers());
        assertEquals(0, emission.routing().steps());
    }

    @Test
    void manyThreadsMayRunItAtOnce() throws Exception {
        Random random = new Random(2);
        List<float[][]> utterances = new ArrayList<>();
        List<Emission> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            utterances.add(noise(random, 20 + random.nextInt(200)));
            expected.add(model.run(utterances.get(i)));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Emission>> results = new ArrayList<>();
            for (float[][] utterance : utterances) {
                results.add(threads.submit(() -> model.run(utterance)));
            }
            for (int i = 0; i < results.size(); i++) {
                assertSame(expected.get(i), results.get(i).get());
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void closingWaitsForRunsAndMayBeRepeated() throws Exception {
        AcousticModel own = AcousticModel.open(bundle, RuntimeOptions.standard());
        float[][] utterance = noise(new Random(3), 2000);
        CountDownLatch busy = new CountDownLatch(12);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> runners = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                runners.add(threads.submit(() -> {
                    while (true) {
                        assertEquals(500, own.run(utterance).steps());
                        busy.countDown();
                    }
                }));
            }
            busy.await();
            own.close();
            own.close();
            for (Future<?> runner : runners) {
                ExecutionException end = assertThrows(ExecutionException.class, runner::get);
                assertEquals("model tone is closed", end.getCause().getMessage());
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aFolderOpensAsTheZipDoes() {
        ModelBundle folder = ToneModel.write(temp.resolve("folder"));
        try (AcousticModel own = AcousticModel.open(folder, RuntimeOptions.standard())) {
            assertSame(model.run(features("fade")), own.run(features("fade")));
            assertTrue(own.warning().isEmpty());
        }
    }

    @Test
    void withoutAGpuTheProcessorIsUsedAndThatIsSaid() {
        RuntimeOptions gpu = new RuntimeOptions(RuntimeOptions.Device.GPU, 1, 1000);
        try (AcousticModel own = AcousticModel.open(bundle, gpu)) {
            assertSame(model.run(features("bee")), own.run(features("bee")));
            if (own.warning().isPresent()) {
                assertTrue(own.warning().get().startsWith("the GPU cannot be used, so the processor is ("));
            }
        }
    }

    @Test
    void framesOfTheWrongWidthAreRefused() {
        float[][] features = noise(new Random(4), 5);
        features[3] = new float[40];
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> model.run(features));
        assertEquals("frame 3 of utterance 0 has 40 bins, model tone takes 80", e.getMessage());
    }

    @Test
    void aGraphThatTheRuntimeRefusesIsAModelException() {
        // an operator name of the same length keeps the file's structure whole
        ModelBundle broken =
                ModelBundle.create(temp.resolve("broken.zip"), ToneModel.manifest(), ToneModel.vocabulary(), out -> {
                    String network = new String(ToneModel.networkBytes(), StandardCharsets.ISO_8859_1);
                    out.write(network.replace("LogSoftmax", "LogSoftmix").getBytes(StandardCharsets.ISO_8859_1));
                });
        ModelException e =
                assertThrows(ModelException.class, () -> AcousticModel.open(broken, RuntimeOptions.standard()));
        assertTrue(e.getMessage().contains("broken.zip cannot be loaded"), e.getMessage());
        assertTrue(e.getMessage().contains("LogSoftmix"), e.getMessage());
    }

    @Test
    void optionsReportAllTheirFaultsAtOnce() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new RuntimeOptions(null, 0, 0));
        assertEquals(
                "RuntimeOptions: device is missing; threads must be from 1 to 1024, not 0; batchFrames must be"
                        + " positive, not 0",
                e.getMessage());
    }

    @Test
    void batchesHoldSimilarLengthsAndEveryUtteranceOnce() {
        Random random = new Random(5);
        int[] lengths = random.ints(500, 0, 900).toArray();
        boolean[] seen = new boolean[lengths.length];
        for (int[] batch : AcousticModel.Batches.byLength(lengths, 2000)) {
            int longest = Arrays.stream(batch).map(i -> lengths[i]).max().orElseThrow();
            assertTrue(batch.length == 1 || batch.length * longest <= 2000);
            for (int i : batch) {
                assertFalse(seen[i]);
                seen[i] = true;
                assertTrue(lengths[i] >= 0.75 * longest);
            }
        }
        for (boolean s : seen) {
            assertTrue(s);
        }
    }
}
