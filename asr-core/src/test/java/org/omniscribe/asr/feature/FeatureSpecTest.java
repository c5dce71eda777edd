package org.omniscribe.asr.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureSpecTest {
    private static List<String> faults(ObjectNode json) {
        return assertThrows(FeatureException.class, () -> FeatureSpec.fromJson(json))
                .faults();
    }

    @Test
    void jsonGivesBackTheSpecification() {
        FeatureSpec standard = FeatureSpec.standard();
        assertEquals(standard, FeatureSpec.fromJson(standard.toJson()));
        ObjectNode json = standard.toJson();
        json.put("normalization", "global").put("bins", 2);
        json.putArray("mean").add(-1.25).add(3);
        json.putArray("deviation").add(0.5).add(1e-3);
        FeatureSpec global = FeatureSpec.fromJson(json);
        assertEquals(List.of(-1.25, 3.0), global.mean());
        assertEquals(global, FeatureSpec.fromJson(global.toJson()));
    }

    @Test
    void filtersAboveHalfTheSampleRateAreRefused() {
        ObjectNode json = FeatureSpec.standard().toJson();
        json.put("fmax", 8000.5);
        assertEquals(List.of("fmax 8000.5 is above half the sampleRate, 8000.0"), faults(json));
    }

    @Test
    void allFaultsOfJsonAreReportedAtOnce() {
        ObjectNode json = FeatureSpec.standard().toJson();
        json.put("colour", "blue");
        json.remove("hop");
        json.put("window", 400.5);
        json.put("fft", 511);
        json.put("windowShape", "KAISER");
        json.put("bins", 0);
        json.put("fmin", "low");
        json.put("floor", 0);
        json.putArray("mean").add(1);
        assertEquals(
                List.of(
                        "unknown field colour",
                        "hop is missing",
                        "window must be a whole number, not 400.5",
                        "windowShape must be one of HANN, HAMMING, POVEY, not \"KAISER\"",
                        "fmin must be a number, not \"low\"",
                        "fft must be even, not 511",
                        "bins must be from 1 to 8192, not 0",
                        "floor must be positive, not 0.0",
                        "mean must be left out for normalization UTTERANCE"),
                faults(json));
    }

    @Test
    void globalNormalisationNeedsANumberForEveryBin() {
        ObjectNode json = FeatureSpec.standard().toJson();
        json.put("normalization", "GLOBAL").put("bins", 2);
        json.putArray("deviation").add(0).add(1);
        assertEquals(
                List.of("mean has 0 numbers for 2 bins", "deviation holds a number that is not positive"),
                faults(json));
    }

    @Test
    void theConstructorReportsAllFaultsAtOnce() {
        FeatureException e = assertThrows(
                FeatureException.class,
                () -> new FeatureSpec(
                        10,
                        600,
                        700,
                        512,
                        null,
                        FeatureSpec.Spectrum.POWER,
                        FeatureSpec.MelScale.HTK,
                        FeatureSpec.MelNorm.NONE,
                        80,
                        -1,
                        Double.NaN,
                        FeatureSpec.FloorKind.MAX,
                        1e-10,
                        FeatureSpec.Padding.NONE,
                        FeatureSpec.Normalization.NONE,
                        Collections.singletonList(null),
                        null));
        assertEquals(
                List.of(
                        "windowShape is missing",
                        "deviation is missing",
                        "sampleRate must be from 1000 to 192000, not 10",
                        "window 600 is longer than fft 512",
                        "hop 700 is longer than window 600 and would skip samples",
                        "fmin must be at least 0, not -1.0",
                        "fmax NaN is above half the sampleRate, 5.0",
                        "fmax NaN is not above fmin -1.0",
                        "mean must be left out for normalization NONE",
                        "mean holds something that is not a finite number"),
                e.faults());
        assertTrue(e.getMessage().startsWith("feature specification: windowShape is missing; "));
    }

    @Test
    void changesLeaveTheOtherFieldsAlone() {
        FeatureSpec changed = FeatureSpec.standard().changedBy("{\"hop\": 100, \"melScale\": \"slaney\"}");
        assertEquals(100, changed.hop());
        assertEquals(FeatureSpec.MelScale.SLANEY, changed.melScale());
        assertEquals(FeatureSpec.standard(), changed.changedBy("{\"hop\": 160, \"melScale\": \"HTK\"}"));
        assertEquals(
                List.of("unknown field hops", "fft must be even, not 401"),
                assertThrows(FeatureException.class, () -> FeatureSpec.standard()
                                .changedBy("{\"hops\": 100, \"fft\": 401}"))
                        .faults());
    }

    @Test
    void textThatIsNotAJsonObjectIsRefused() {
        for (String text : new String[] {"{ \"hop\": 1", "{} {}", "[]", "", "7"}) {
            FeatureException e = assertThrows(
                    FeatureException.class, () -> FeatureSpec.standard().changedBy(text), text);
            assertTrue(e.getMessage().startsWith("feature specification: not "), e.getMessage());
        }
    }
}
