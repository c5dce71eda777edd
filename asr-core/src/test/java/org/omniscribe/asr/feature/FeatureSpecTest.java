package org.omniscribe.asr.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.omniscribe.asr.feature.FeatureSpec.Normalization;

class FeatureSpecTest {
    private static List<String> faults(ObjectNode json) {
        return assertThrows(FeatureException.class, () -> FeatureSpec.fromJson(json))
                .faults();
    }

    private static ObjectNode part(ObjectNode json, String name) {
        return (ObjectNode) json.get(name);
    }

    @Test
    void jsonGivesBackTheSpecification() {
        for (FeatureSpec spec : List.of(
                FeatureSpec.standard(),
                FeatureSpec.whisper(128),
                FeatureSpec.standard().toBuilder()
                        .normalization(new Normalization.None())
                        .build(),
                FeatureSpec.standard().toBuilder()
                        .mel(new FeatureSpec.Mel(FeatureSpec.MelScale.HTK, FeatureSpec.MelNorm.NONE, 2, 20, 7600))
                        .normalization(new Normalization.Global(List.of(-1.25, 3.0), List.of(0.5, 1e-3)))
                        .build())) {
            assertEquals(spec, FeatureSpec.fromJson(spec.toJson()));
        }
    }

    /** The form of bundles of format 1, written out: it must be read for ever. */
    @Test
    void theFlatFormOfFormatOneIsRead() throws IOException {
        String flat =
                """
                {"sampleRate": 8000, "window": 201, "hop": 80, "fft": 256, "windowShape": "POVEY", "spectrum": "MAGNITUDE",
                 "melScale": "SLANEY", "melNorm": "SLANEY", "bins": 2, "fmin": 10.0, "fmax": 3900.0, "floorKind": "ADD",
                 "floor": 1e-6, "padding": "REFLECT", "normalization": "GLOBAL", "mean": [1, 2.5], "deviation": [3, 4]}""";
        assertEquals(
                new FeatureSpec(
                        8000,
                        new FeatureSpec.Framing(201, 80, FeatureSpec.Edges.REFLECT),
                        new FeatureSpec.Spectrum(FeatureSpec.WindowShape.POVEY, 256, FeatureSpec.Scale.MAGNITUDE),
                        new FeatureSpec.Mel(FeatureSpec.MelScale.SLANEY, FeatureSpec.MelNorm.SLANEY, 2, 10, 3900),
                        new FeatureSpec.Logarithm(FeatureSpec.Base.NATURAL, FeatureSpec.FloorKind.ADD, 1e-6),
                        new Normalization.Global(List.of(1.0, 2.5), List.of(3.0, 4.0))),
                FeatureSpec.fromJson(new ObjectMapper().readTree(flat)));
    }

    @Test
    void filtersAboveHalfTheSampleRateAreRefused() {
        ObjectNode json = FeatureSpec.standard().toJson();
        part(json, "mel").put("fmax", 8000.5);
        assertEquals(List.of("mel.fmax 8000.5 is above half the sampleRate, 8000.0"), faults(json));
    }

    @Test
    void allFaultsOfJsonAreReportedAtOnce() {
        ObjectNode json = FeatureSpec.standard().toJson();
        json.put("colour", "blue");
        part(json, "framing").remove("hop");
        part(json, "framing").put("window", 400.5);
        part(json, "spectrum").put("points", 511);
        part(json, "mel").put("scale", "BARK").put("fmin", "low");
        part(json, "logarithm").put("floor", 0);
        part(json, "normalization").putArray("mean").add(1);
        assertEquals(
                List.of(
                        "framing.window must be a whole number from -2147483648 to 2147483647, not 400.5",
                        "framing.hop is missing",
                        "spectrum: points must be even, not 511",
                        "mel.scale must be one of HTK, SLANEY, not \"BARK\"",
                        "mel.fmin must be a number, not \"low\"",
                        "logarithm: floor must be positive, not 0.0",
                        "unknown field normalization.mean",
                        "unknown field colour"),
                faults(json));
    }

    @Test
    void aFaultInAPartDoesNotHideThatPartsDoNotFit() {
        ObjectNode json = FeatureSpec.standard().toJson();
        part(json, "mel").put("fmax", 9000).put("bins", 0);
        part(json, "framing").put("window", 600);
        assertEquals(
                List.of(
                        "mel: bins must be from 1 to 8192, not 0",
                        "framing.window 600 is longer than spectrum.points 512",
                        "mel.fmax 9000.0 is above half the sampleRate, 8000.0"),
                faults(json));
    }

    @Test
    void globalNormalisationNeedsANumberForEveryBin() {
        ObjectNode json = FeatureSpec.standard().toJson();
        ObjectNode normalization = json.putObject("normalization").put("kind", "GLOBAL");
        normalization.putArray("mean");
        normalization.putArray("deviation").add(1).add(1);
        assertEquals(
                List.of(
                        "normalization.mean has 0 numbers for 80 bins",
                        "normalization.deviation has 2 numbers for 80 bins"),
                faults(json));
        normalization.putArray("deviation").add(0).add(1);
        assertEquals(List.of("normalization: deviation holds a number that is not positive"), faults(json));
    }

    @Test
    void everyPartReportsAllItsFaultsAtOnce() {
        assertEquals(
                "hop 700 is longer than window 600 and would skip samples; edges is missing",
                refusal(() -> new FeatureSpec.Framing(600, 700, null)));
        assertEquals(
                "window is missing; points must be from 2 to 8192, not 9001; points must be even, not 9001",
                refusal(() -> new FeatureSpec.Spectrum(null, 9001, FeatureSpec.Scale.POWER)));
        assertEquals(
                "bins must be from 1 to 8192, not 0; fmin must be at least 0, not -1.0; fmax NaN is not above fmin -1.0",
                refusal(() ->
                        new FeatureSpec.Mel(FeatureSpec.MelScale.HTK, FeatureSpec.MelNorm.NONE, 0, -1, Double.NaN)));
        assertEquals(
                "range must be positive, not 0.0; offset holds a number that is not finite; divisor must be positive, not"
                        + " NaN",
                refusal(() -> new Normalization.Peak(0, Double.NaN, Double.NaN)));
        assertEquals(
                List.of(
                        "sampleRate must be from 1000 to 192000, not 10",
                        "spectrum is missing",
                        "normalization is missing",
                        "mel.fmax 7600.0 is above half the sampleRate, 5.0"),
                assertThrows(
                                FeatureException.class,
                                () -> new FeatureSpec(
                                        10,
                                        FeatureSpec.standard().framing(),
                                        null,
                                        FeatureSpec.standard().mel(),
                                        FeatureSpec.standard().logarithm(),
                                        null))
                        .faults());
    }

    private static String refusal(Executable making) {
        return assertThrows(IllegalArgumentException.class, making).getMessage();
    }

    @Test
    void framesAreCountedByTheEdges() {
        FeatureSpec whisper = FeatureSpec.whisper(80);
        assertEquals(3000, whisper.frames(480000));
        assertEquals(0, whisper.frames(159));
        FeatureSpec reflect = whisper.toBuilder()
                .framing(new FeatureSpec.Framing(400, 160, FeatureSpec.Edges.REFLECT))
                .build();
        assertEquals(3001, reflect.frames(480000));
        assertEquals(2998, FeatureSpec.standard().frames(480000));
    }

    @Test
    void changesLeaveTheOtherFieldsAlone() {
        FeatureSpec changed = FeatureSpec.standard().changedBy("{\"hop\": 100, \"melScale\": \"slaney\"}");
        assertEquals(100, changed.hop());
        assertEquals(400, changed.window());
        assertEquals(FeatureSpec.MelScale.SLANEY, changed.mel().scale());
        assertEquals(
                FeatureSpec.standard(),
                changed.changedBy("{\"framing\": {\"hop\": 160}, \"mel\": {\"scale\": \"HTK\"}}"));
        assertEquals(
                new Normalization.Peak(8, 4, 4),
                changed.changedBy(
                                "{\"normalization\": {\"kind\": \"PEAK\", \"range\": 8, \"offset\": 4, \"divisor\": 4}}")
                        .normalization());
        assertEquals(
                List.of("spectrum: points must be even, not 401", "unknown field hops"),
                assertThrows(FeatureException.class, () -> FeatureSpec.standard()
                                .changedBy("{\"hops\": 100, \"fft\": 401}"))
                        .faults());
    }

    @Test
    void textThatIsNotAJsonObjectIsRefused() {
        Map<String, String> texts = Map.of(
                "{ \"hop\": 1", "it ends too early, in line 1",
                "{} {}", "there is more behind its end, in line 1",
                "[]", "it must be an object, not []",
                "", "it is empty, where JSON is needed",
                "7", "it must be an object, not 7");
        texts.forEach((text, fault) -> assertEquals(
                List.of(fault),
                assertThrows(
                                FeatureException.class,
                                () -> FeatureSpec.standard().changedBy(text),
                                text)
                        .faults()));
    }
}
