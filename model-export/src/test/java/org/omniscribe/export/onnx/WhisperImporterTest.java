package org.omniscribe.export.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.omniscribe.asr.attention.AttentionOptions;
import org.omniscribe.asr.attention.AttentionResult;
import org.omniscribe.asr.attention.BeamSearchDecoder;
import org.omniscribe.asr.attention.EncodedWindow;
import org.omniscribe.asr.attention.Guards;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.NpyReader;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.RuntimeOptions;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.asr.token.ByteLevelTokenizer;
import org.omniscribe.export.checkpoint.WhisperCheckpoint;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/** Checkpoints by {@code src/test/scripts/make_whisper.py}. */
class WhisperImporterTest {
    private static final Path WHISPER = Path.of("src/test/resources/whisper");

    @TempDir
    private Path folder;

    private Importer.Result run(Path source, String target, Precision precision) {
        return WhisperImporter.run(
                source,
                folder.resolve(target),
                new WhisperImporter.Options(Optional.empty(), Set.of(), precision, "small"));
    }

    @ParameterizedTest
    @CsvSource({"openai, small", "openai/small.pt, small.omni", "ct2, small.zip", "transformers, small"})
    void everyFormBecomesABundleThatOpens(String form, String target) {
        assertTrue(WhisperCheckpoint.recognises(WHISPER.resolve(form), Set.of()));
        run(WHISPER.resolve(form), target, Precision.FLOAT32);
        ModelBundle bundle = ModelBundle.open(folder.resolve(target));
        Architecture network = bundle.architecture();
        assertEquals("2x1", network.formatExperts());
        assertEquals(new Subsampling.WhisperStem(), network.subsampling());
        assertEquals(new Position.WhisperSinusoid(false), network.position());
        assertEquals(0, network.vocabulary());
        assertEquals(Map.of("de", 263, "en", 262), network.decoder().languages());
        assertEquals(24, network.decoder().maxTokens());
        assertEquals(FeatureSpec.whisper(8), bundle.manifest().features());
        assertNull(bundle.manifest().tokenizer());
        assertEquals(0.02, bundle.manifest().stepSeconds(), 1e-12);
        assertThrows(ModelException.class, bundle::vocabulary);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void everyPrecisionRuns(Precision precision) throws IOException {
        ModelBundle bundle =
                run(WHISPER.resolve("transformers"), "bundle", precision).bundle();
        assertEquals(precision.name(), bundle.manifest().provenance().training().get("precision"));
        NpyReader.FloatArray encoded = NpyReader.read(WHISPER.resolve("encoded-61.npy"));
        try (BeamSearchDecoder decoder = BeamSearchDecoder.open(
                bundle.architecture().decoder(),
                ByteLevelTokenizer.read(bundle.tokenizer()),
                bundle.graph(ModelBundle.CROSS),
                bundle.graph(ModelBundle.DECODER),
                bundle.manifest().stepSeconds(),
                RuntimeOptions.standard())) {
            AttentionOptions options =
                    AttentionOptions.STANDARD.withLanguage("en").withGuards(Guards.NONE);
            List<AttentionResult> results =
                    decoder.decode(List.of(new EncodedWindow(encoded.data(), 31, 0.62)), options);
            assertFalse(results.get(0).answer().tokens().isEmpty());
        }
    }

    @Test
    void theLicenceBesideACheckpointIsKept() throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        try (Stream<Path> files = Files.list(WHISPER.resolve("ct2"))) {
            for (Path file : files.toList()) {
                Files.copy(file, source.resolve(file.getFileName()));
            }
        }
        assertEquals(
                "NOASSERTION",
                run(source, "without", Precision.FLOAT16)
                        .bundle()
                        .manifest()
                        .provenance()
                        .licence());
        Files.writeString(source.resolve("LICENSE"), "MIT License\n\nCopyright (c) somebody\n");
        ModelBundle bundle = run(source, "with", Precision.FLOAT16).bundle();
        assertEquals("MIT", bundle.manifest().provenance().licence());
        assertTrue(Files.readString(folder.resolve("with/LICENSE")).contains("somebody"));
        assertTrue(bundle.manifest().files().containsKey("LICENSE"));
    }

    @Test
    void aBundleWithoutItsDecoderIsRefused() throws IOException {
        run(WHISPER.resolve("ct2"), "bundle", Precision.FLOAT16);
        for (String name : List.of("cross.onnx", "decoder.onnx", "tokenizer.json")) {
            Files.delete(folder.resolve("bundle").resolve(name));
        }
        String message = assertThrows(ModelException.class, () -> ModelBundle.open(folder.resolve("bundle")))
                .getMessage();
        List<String> missing = new ArrayList<>();
        message.lines().filter(line -> line.contains("is missing")).forEach(missing::add);
        assertEquals(3, missing.size(), message);
    }

    @Test
    void otherCheckpointsAreNoneOfIts() {
        assertFalse(WhisperCheckpoint.recognises(Path.of("src/test/resources/checkpoints/dense.pt"), Set.of()));
    }
}
