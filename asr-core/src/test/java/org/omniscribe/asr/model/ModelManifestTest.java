package org.omniscribe.asr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.feature.FeatureSpec;

class ModelManifestTest {
    private static final String HASH = "0123456789abcdef".repeat(4);

    private static ModelManifest read(String json, String... faults) {
        List<String> found = new ArrayList<>();
        ModelManifest manifest = ManifestJson.read(json.getBytes(StandardCharsets.UTF_8), found);
        assertEquals(String.join("\n", faults), String.join("\n", found));
        return manifest;
    }

    private static String json() {
        TreeMap<String, String> files = new TreeMap<>();
        files.put("model.onnx", HASH);
        files.put("tokens.txt", HASH);
        return new String(ManifestJson.write(ToneModel.manifest().withFiles(files)), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        ModelManifest manifest = read(json());
        assertEquals(HASH, manifest.files().get("model.onnx"));
        assertEquals(json(), new String(ManifestJson.write(manifest), StandardCharsets.UTF_8));
        assertEquals(ToneModel.manifest().withFiles(manifest.files()), manifest);
    }

    @Test
    void jsonHasTheDocumentedForm() {
        assertTrue(json().startsWith("{\n  \"formatVersion\" : 2,\n  \"name\" : \"tone\",\n"), json());
        assertTrue(
                json().contains("\"subsampling\" : {\n      \"kind\" : \"STACK\",\n      \"frames\" : 4\n    }"),
                json());
        assertTrue(json().contains("\"created\" : \"2026-11-22T00:00:00Z\""), json());
        assertTrue(json().contains("\"tokenizer\" : {\n    \"kind\" : \"CHARACTER\","), json());
        assertTrue(json().contains("\"normalization\" : {\n      \"kind\" : \"NONE\"\n    }"), json());
    }

    @Test
    void allFaultsOfAllPartsAreReportedAtOnce() {
        String broken = json().replace("\"width\" : 8", "\"wide\" : 8")
                .replace("\"hop\" : 160", "\"hop\" : 0")
                .replace("\"kind\" : \"CHARACTER\"", "\"kind\" : \"HIEROGLYPH\"")
                .replace("\"steps\" : 0,", "")
                .replace("\"hours\" : 0.0", "\"hours\" : \"many\", \"days\" : 1")
                .replace("\"name\" : \"tone\"", "\"title\" : \"tone\"");
        assertNull(read(
                broken,
                "model.json: name is missing",
                "model.json: architecture.width is missing",
                "model.json: unknown field architecture.wide",
                "model.json: features: framing: hop must be from 1 to 8192, not 0",
                "model.json: tokenizer.kind must be one of CHARACTER, UNIGRAM, BPE, not \"HIEROGLYPH\"",
                "model.json: provenance.data[0].hours must be a number, not \"many\"",
                "model.json: unknown field provenance.data[0].days",
                "model.json: provenance.steps is missing",
                "model.json: unknown field title"));
    }

    @Test
    void faultsOfAnArchitectureAreItsOwn() {
        assertNull(read(
                json().replace("\"width\" : 8", "\"width\" : 0").replace("\"convKernel\" : 0", "\"convKernel\" : 4"),
                "model.json: architecture: Architecture: width must be positive, not 0; convKernel must be 0 or odd,"
                        + " not 4"));
    }

    @Test
    void partsThatDoNotFitEachOtherAreFaults() {
        assertNull(read(
                json().replace("\"melBins\" : 80", "\"melBins\" : 40")
                        .replace(HASH, "cafe")
                        .replace("tokens.txt", "../t"),
                "model.json: features have 80 mel bins, the architecture takes 40; files: \"../t\" is not a plain file"
                        + " name; files: \"cafe\" of ../t is not a SHA-256 in lower-case hexadecimal; files: \"cafe\" of"
                        + " model.onnx is not a SHA-256 in lower-case hexadecimal"));
    }

    @Test
    void numbersAreNotGuessedFromText() {
        assertNull(read(
                json().replace("\"heads\" : 1", "\"heads\" : \"1\""),
                "model.json: architecture.heads must be a whole number, not \"1\""));
    }

    @Test
    void anUnknownFormatVersionIsTheOnlyFaultReported() {
        assertNull(read(
                json().replace("\"formatVersion\" : 2", "\"formatVersion\" : 3").replace("width", "wide"),
                "model.json: it has format version 3, and this version of Omniscribe reads only 1 to 2"));
    }

    @Test
    void otherFilesAreNoManifests() {
        assertNull(read("[]", "model.json: it names no formatVersion, so it describes no model"));
        assertNull(read("null", "model.json: it names no formatVersion, so it describes no model"));
        assertNull(read("", "model.json: it is empty, where JSON is needed"));
        List<String> faults = new ArrayList<>();
        assertNull(ManifestJson.read("{\n oh".getBytes(StandardCharsets.UTF_8), faults));
        assertTrue(
                faults.get(0).startsWith("model.json: it is not well-formed JSON")
                        && faults.get(0).contains("in line 2"),
                faults::toString);
    }

    private static String fixture(String name) throws IOException {
        try (InputStream in = ModelManifestTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The manifests of the shipped model and of the test model as they were before format 2. */
    @Test
    void formatOneIsReadAsTodaysForm() throws IOException {
        ModelManifest base = read(fixture("format-1-base.json"));
        Architecture architecture = base.architecture();
        assertEquals(new Subsampling.Conv(32, 3), architecture.subsampling());
        assertEquals(new Position.Relative(43), architecture.position());
        assertEquals(Attention.FULL, architecture.attention());
        assertEquals(new Gate.Probability(), architecture.gate());
        assertEquals(Activation.RELU, architecture.activation());
        assertEquals("10x4", architecture.formatExperts());
        assertEquals(40, architecture.phones());
        assertEquals(FeatureSpec.standard(), base.features());
        assertEquals(new BeamSettings(32, 0.6, 1, -18), base.beam());
        assertEquals(200, base.lexicon().beam());

        ModelManifest streaming = read(fixture("format-1-chunked.json"));
        assertEquals(new Subsampling.Stack(4), streaming.architecture().subsampling());
        assertEquals(new Attention.Chunked(16, 2), streaming.architecture().attention());
        assertEquals(new Position.Sinusoid(), streaming.architecture().position());
        for (ModelManifest manifest : List.of(base, streaming)) {
            assertEquals(manifest, read(new String(ManifestJson.write(manifest), StandardCharsets.UTF_8)));
        }
    }

    @Test
    void faultsOfFormatOneNameTheirPlaceToday() throws IOException {
        assertNull(read(
                fixture("format-1-base.json")
                        .replace("\"CONV\"", "\"WAVELET\"")
                        .replace("\"positionRange\" : 43", "\"positionRange\" : 0"),
                "model.json: architecture.subsampling.kind must be one of STACK, CONV, WHISPER_STEM, not \"WAVELET\"",
                "model.json: architecture.position: range must be positive, not 0"));
    }

    @Test
    void anAttentionDecoderIsReadBackAndNeedsNoCtcHead() {
        Architecture whisper = Architecture.builder()
                .subsampling(new Subsampling.WhisperStem())
                .width(8)
                .heads(2)
                .mlpWidth(16)
                .experts("2x1")
                .routing(Architecture.Routing.DENSE)
                .activation(Activation.GELU)
                .position(new Position.WhisperSinusoid(true))
                .attention(new Attention.Full(Attention.Bias.QUERY_VALUE_OUTPUT))
                .decoder(decoder(8))
                .build();
        TreeMap<String, String> files = new TreeMap<>(Map.of("model.onnx", HASH));
        ModelManifest manifest = new ModelManifest(
                        "whisper",
                        whisper,
                        FeatureSpec.whisper(80),
                        null,
                        ToneModel.manifest().provenance())
                .withFiles(files);
        String json = new String(ManifestJson.write(manifest), StandardCharsets.UTF_8);
        assertEquals(manifest, read(json));
        assertNull(read(
                json.replace("\"vocabulary\" : 0", "\"vocabulary\" : 5")
                        .replace("\"end\" : 11", "\"end\" : 12")
                        .replace("[ 1, 1 ]", "[ 1, 7 ]"),
                "model.json: architecture.decoder: attention: alignmentHeads: [1, 7] is not a layer and a head of 2 layers"
                        + " with 2 heads; end 12 is not one of the 12 tokens"));
        assertNull(read(
                json.replace("\"vocabulary\" : 0", "\"vocabulary\" : 5"),
                "model.json: tokenizer is missing, which says what the CTC head writes"));
        assertEquals(
                "Architecture: vocabulary must hold the blank and a token, not 0, where there is no decoder",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> whisper.toBuilder().decoder(null).build())
                        .getMessage());
        assertEquals(
                "Architecture: decoder.width 16 is not the encoder's 8",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> whisper.toBuilder().decoder(decoder(16)).build())
                        .getMessage());
    }

    private static AttentionSpec decoder(int width) {
        return new AttentionSpec(
                2,
                width,
                2,
                16,
                12,
                448,
                List.of(List.of(1, 1)),
                10,
                11,
                new TreeMap<>(Map.of("en", 3)),
                4,
                5,
                6,
                7,
                8,
                9,
                List.of(1, 2),
                List.of(11));
    }

    @Test
    void stepsFollowFromHopAndStacking() {
        assertEquals(0.04, ToneModel.manifest().stepSeconds(), 1e-12);
    }

    @Test
    void valuesAreCheckedWhereTheyAreMade() {
        assertThrows(IllegalArgumentException.class, () -> new ModelManifest.Score(Double.NaN, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new ModelManifest.Corpus("x", -1, "CC0"));
        assertThrows(
                IllegalArgumentException.class, () -> new ModelManifest.Tokenizer(ModelManifest.Tokenizer.Kind.BPE, 3));
    }
}
