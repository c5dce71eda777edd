package org.omniscribe.asr.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Frames of openai-whisper's own code at natural length, by {@code src/test/scripts/whisper_features.py}. */
class WhisperFeaturesTest {
    private static final double TOLERANCE = 1e-4;

    @TestFactory
    Stream<DynamicTest> equalsOpenAi() throws IOException {
        try (InputStream in = WhisperFeaturesTest.class.getResourceAsStream("whisper-golden.json")) {
            List<JsonNode> cases = new ArrayList<>();
            new ObjectMapper().readTree(in).forEach(cases::add);
            assertEquals(4, cases.size());
            return cases.stream()
                    .map(c -> DynamicTest.dynamicTest(
                            c.get("bins") + " bins of " + c.get("samples") + " samples", () -> compare(c)));
        }
    }

    private static void compare(JsonNode golden) {
        int begin = golden.get("begin").asInt();
        int length = golden.get("samples").asInt();
        float[] samples = Arrays.copyOfRange(TestSignal.of(begin + length), begin, begin + length);
        Arrays.fill(samples, 0, golden.get("quiet").asInt(), 0);
        float[][] frames =
                new LogMelFrontEnd(FeatureSpec.whisper(golden.get("bins").asInt())).features(samples);
        JsonNode expected = golden.get("frames");
        assertEquals(expected.size(), frames.length);
        double worst = 0;
        for (int t = 0; t < frames.length; t++) {
            assertEquals(expected.get(t).size(), frames[t].length);
            for (int m = 0; m < frames[t].length; m++) {
                worst = Math.max(worst, Math.abs(expected.get(t).get(m).asDouble() - frames[t][m]));
            }
        }
        assertTrue(worst < TOLERANCE, "largest difference " + worst);
    }

    @Test
    void digitalSilenceIsTheFloor() {
        for (float[] frame : new LogMelFrontEnd(FeatureSpec.whisper(80)).features(new float[3200])) {
            for (float value : frame) {
                assertEquals(-1.5f, value);
            }
        }
    }
}
