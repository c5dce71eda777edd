package org.omniscribe.asr.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LogMelFrontEndTest {
    private static final double TOLERANCE = 1e-4;

    private static List<JsonNode> golden() throws IOException {
        try (InputStream in = LogMelFrontEndTest.class.getResourceAsStream("golden.json")) {
            List<JsonNode> cases = new ArrayList<>();
            new ObjectMapper().readTree(in).forEach(cases::add);
            return cases;
        }
    }

    @TestFactory
    Stream<DynamicTest> equalsTorchaudio() throws IOException {
        return golden().stream()
                .map(c -> DynamicTest.dynamicTest(c.get("name").asText(), () -> {
                    FeatureSpec spec = FeatureSpec.fromJson(c.get("spec"));
                    int samples = c.get("samples").asInt();
                    float[][] logMel = new LogMelFrontEnd(spec).logMel(TestSignal.of(samples));
                    JsonNode expected = c.get("mel");
                    assertEquals(expected.size(), logMel.length, "frames");
                    assertEquals(expected.size(), spec.frames(samples), "frames of the specification");
                    double worst = 0;
                    for (int t = 0; t < logMel.length; t++) {
                        assertEquals(expected.get(t).size(), logMel[t].length, "bins");
                        for (int m = 0; m < logMel[t].length; m++) {
                            double mel = expected.get(t).get(m).asDouble();
                            double floored = spec.logarithm().floorKind() == FeatureSpec.FloorKind.ADD
                                    ? mel + spec.logarithm().floor()
                                    : Math.max(mel, spec.logarithm().floor());
                            worst = Math.max(worst, Math.abs(Math.exp(logMel[t][m]) / floored - 1));
                        }
                    }
                    assertTrue(worst < TOLERANCE, "largest relative error " + worst);
                }));
    }

    /** Lengths around the window, its half and the FFT are where mirrored ends go wrong. */
    @TestFactory
    Stream<DynamicTest> piecesGiveTheSameBitsAsTheWhole() throws IOException {
        return golden().stream()
                .map(c -> DynamicTest.dynamicTest(c.get("name").asText(), () -> {
                    LogMelFrontEnd frontEnd = new LogMelFrontEnd(FeatureSpec.fromJson(c.get("spec")));
                    Random random = new Random(7);
                    for (int length : new int[] {0, 1, 2, 3, 100, 199, 200, 201, 256, 257, 399, 400, 401, 561, 5000}) {
                        float[] samples = TestSignal.of(length);
                        float[][] whole = frontEnd.logMel(samples);
                        for (int largest : new int[] {1, 7, 160, 400, 1000, 10000}) {
                            assertSameBits(whole, inPieces(frontEnd, samples, largest, random), length, largest);
                        }
                    }
                }));
    }

    private static float[][] inPieces(LogMelFrontEnd frontEnd, float[] samples, int largest, Random random) {
        LogMelFrontEnd.Session session = frontEnd.newSession();
        List<float[]> frames = new ArrayList<>();
        for (int from = 0; from < samples.length; ) {
            int count = Math.min(samples.length - from, random.nextInt(largest + 1));
            Collections.addAll(frames, session.push(samples, from, count));
            from += count;
        }
        Collections.addAll(frames, session.finish());
        return frames.toArray(new float[0][]);
    }

    private static void assertSameBits(float[][] whole, float[][] pieces, int length, int largest) {
        String where = length + " samples in pieces of up to " + largest;
        assertEquals(whole.length, pieces.length, where);
        for (int t = 0; t < whole.length; t++) {
            assertArrayEquals(whole[t], pieces[t], where + ", frame " + t);
        }
    }

    @Test
    void aSessionGivesAFrameAsSoonAsItsWindowIsFull() {
        LogMelFrontEnd.Session session = new LogMelFrontEnd(FeatureSpec.standard()).newSession();
        float[] samples = TestSignal.of(560);
        assertEquals(0, session.push(samples, 0, 399).length);
        assertEquals(1, session.push(samples, 399, 1).length);
        assertEquals(0, session.push(samples, 400, 159).length);
        assertEquals(1, session.push(samples, 559, 1).length);
        assertEquals(0, session.finish().length);
        assertThrows(IllegalStateException.class, session::finish);
        assertThrows(IllegalStateException.class, () -> session.push(samples, 0, 1));
    }

    @Test
    void globalNormalisationUsesTheSpecificationsNumbers() {
        ObjectNode json = FeatureSpec.standard().toJson().put("normalization", "GLOBAL");
        ArrayNode mean = json.putArray("mean");
        ArrayNode deviation = json.putArray("deviation");
        for (int m = 0; m < 80; m++) {
            mean.add(-m / 8.0);
            deviation.add(1 + m / 16.0);
        }
        FeatureSpec spec = FeatureSpec.fromJson(json);
        LogMelFrontEnd frontEnd = new LogMelFrontEnd(spec);
        float[] samples = TestSignal.of(3000);
        float[][] plain = frontEnd.logMel(samples);
        float[][] finished = frontEnd.features(samples);
        assertEquals((plain[3][17] + 17 / 8.0) / (1 + 17 / 16.0), finished[3][17], 1e-6);
        assertEquals((plain[5][79] + 79 / 8.0) / (1 + 79 / 16.0), finished[5][79], 1e-6);
        assertSameBits(finished, inPieces(frontEnd, samples, 333, new Random(1)), samples.length, 333);
    }

    @Test
    void normalisedUtteranceHasMeanZeroAndVarianceOneInEveryBin() {
        float[][] frames = new LogMelFrontEnd(FeatureSpec.standard()).features(TestSignal.of(16000));
        assertEquals(98, frames.length);
        for (int m = 0; m < 80; m++) {
            double sum = 0;
            double squares = 0;
            for (float[] frame : frames) {
                sum += frame[m];
                squares += frame[m] * frame[m];
            }
            assertEquals(0, sum / frames.length, 1e-5);
            assertEquals(1, squares / frames.length, 1e-5);
        }
    }

    @Test
    void silenceIsTheFloorAndZeroOnceNormalised() {
        LogMelFrontEnd frontEnd = new LogMelFrontEnd(FeatureSpec.standard());
        float[] silence = new float[1600];
        for (float[] frame : frontEnd.logMel(silence)) {
            for (float value : frame) {
                assertEquals((float) Math.log(1e-10), value);
            }
        }
        for (float[] frame : frontEnd.features(silence)) {
            for (float value : frame) {
                assertEquals(0, value);
            }
        }
    }

    @Test
    void anUtteranceShorterThanAWindowHasNoFrames() {
        LogMelFrontEnd frontEnd = new LogMelFrontEnd(FeatureSpec.standard());
        assertEquals(0, frontEnd.features(new float[0]).length);
        assertEquals(0, frontEnd.features(TestSignal.of(399)).length);
        assertEquals(1, frontEnd.features(TestSignal.of(400)).length);
    }

    @Test
    void aMirroredUtteranceShorterThanAWindowStillHasFrames() {
        LogMelFrontEnd frontEnd = new LogMelFrontEnd(FeatureSpec.standard().changedBy("{\"padding\": \"REFLECT\"}"));
        assertEquals(0, frontEnd.logMel(new float[0]).length);
        assertEquals(1, frontEnd.logMel(TestSignal.of(1)).length);
        for (float[] frame : frontEnd.logMel(TestSignal.of(170))) {
            for (float value : frame) {
                assertTrue(Float.isFinite(value));
            }
        }
    }

    @Test
    void framesAreTheSameOnManyThreads() {
        LogMelFrontEnd frontEnd = new LogMelFrontEnd(FeatureSpec.standard());
        float[] samples = TestSignal.of(16000);
        float[][] expected = frontEnd.features(samples);
        List<float[][]> results = Stream.generate(() -> samples)
                .limit(32)
                .parallel()
                .map(frontEnd::features)
                .toList();
        results.forEach(frames -> assertTrue(Arrays.deepEquals(expected, frames)));
    }
}
