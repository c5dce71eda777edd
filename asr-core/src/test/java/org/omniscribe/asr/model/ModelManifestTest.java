package org.omniscribe.asr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

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
        assertTrue(json().startsWith("{\n  \"formatVersion\" : 1,\n  \"name\" : \"tone\",\n"), json());
        assertTrue(json().contains("\"subsampling\" : \"STACK\""), json());
        assertTrue(json().contains("\"created\" : \"2026-11-22T00:00:00Z\""), json());
        assertTrue(json().contains("\"tokenizer\" : {\n    \"kind\" : \"CHARACTER\","), json());
        assertTrue(json().contains("\"normalization\" : \"NONE\""), json());
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
                "model.json: unknown field title",
                "model.json: architecture.width is missing",
                "model.json: unknown field architecture.wide",
                "model.json: features: hop must be from 1 to 8192, not 0",
                "model.json: tokenizer: kind: must be one of [CHARACTER, UNIGRAM, BPE]",
                "model.json: provenance.steps is missing",
                "model.json: unknown field provenance.data[0].days"));
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
                "model.json: architecture: heads: must be of type int"));
    }

    @Test
    void anUnknownFormatVersionIsTheOnlyFaultReported() {
        assertNull(read(
                json().replace("\"formatVersion\" : 1", "\"formatVersion\" : 2").replace("width", "wide"),
                "model.json has format version 2, and this version of Omniscribe reads only 1"));
    }

    @Test
    void otherFilesAreNoManifests() {
        assertNull(read("[]", "model.json names no formatVersion, so it describes no model"));
        assertNull(read("null", "model.json names no formatVersion, so it describes no model"));
        assertNull(read("", "model.json names no formatVersion, so it describes no model"));
        List<String> faults = new ArrayList<>();
        assertNull(ManifestJson.read("{\n oh".getBytes(StandardCharsets.UTF_8), faults));
        assertTrue(
                faults.get(0).startsWith("model.json is not JSON: ")
                        && faults.get(0).endsWith("in line 2"),
                faults::toString);
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
