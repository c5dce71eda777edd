package org.omniscribe.export.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.asr.model.Gate;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.ModelManifest;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.Tensors;
import org.omniscribe.export.checkpoint.WhisperCheckpoint;
import org.omniscribe.export.onnx.OmniRouterGraph.Options;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/** A bundle with an attention decoder, of the small Whisper network of {@code src/test/scripts/make_whisper.py}. */
class AttentionBundleTest {
    private static final int BINS = 8;

    @TempDir
    Path folder;

    private final WhisperCheckpoint checkpoint =
            WhisperCheckpoint.open(Path.of("src/test/resources/whisper/ct2"), Optional.empty(), Set.of());

    private ModelManifest manifest() {
        return new ModelManifest(
                "small",
                checkpoint.architecture(),
                FeatureSpec.whisper(BINS),
                null,
                new ModelManifest.Provenance(
                        List.of(), 0, Map.of(), Map.of(), "MIT", Instant.parse("2026-11-29T00:00:00Z")));
    }

    private byte[] encoder(Precision precision) {
        return OmniRouterGraph.write(checkpoint.architecture(), checkpoint.parameters(), Options.of(precision));
    }

    private Map<String, ModelBundle.Content> decoder() {
        Map<String, ModelBundle.Content> files = new LinkedHashMap<>();
        byte[] cross = CrossGraph.write(checkpoint.decoder(), checkpoint.parameters(), Precision.FLOAT32);
        byte[] decoder = DecoderGraph.write(checkpoint.decoder(), checkpoint.parameters(), Precision.FLOAT32);
        files.put(ModelBundle.CROSS, out -> out.write(cross));
        files.put(ModelBundle.DECODER, out -> out.write(decoder));
        files.put(ModelBundle.TOKENIZER, out -> Files.copy(checkpoint.tokenizer(), out));
        return files;
    }

    private ModelBundle bundle(Map<String, ModelBundle.Content> others) {
        byte[] network = encoder(Precision.FLOAT32);
        return ModelBundle.create(folder.resolve("bundle"), manifest(), null, out -> out.write(network), others);
    }

    @Test
    void itOpensWithoutTokensOfACtcHeadAndKeepsItsFilesWhenWrittenAnew() {
        ModelBundle bundle = bundle(decoder());
        assertEquals(checkpoint.decoder(), bundle.architecture().decoder());
        String message = assertThrows(ModelException.class, bundle::vocabulary).getMessage();
        assertTrue(message.contains("has no CTC head"), message);
        ModelBundle copy = bundle.write(folder.resolve("copy.omni"), bundle.manifest());
        for (String name : List.of(ModelBundle.CROSS, ModelBundle.DECODER, ModelBundle.TOKENIZER)) {
            assertArrayEquals(bundle.file(name), copy.file(name), name);
        }
    }

    @Test
    void whatIsMissingOrOfAnotherShapeIsNamed() {
        Map<String, ModelBundle.Content> less = decoder();
        less.remove(ModelBundle.DECODER);
        less.put(ModelBundle.CROSS, out -> out.write(encoder(Precision.FLOAT32)));
        String message = assertThrows(ModelException.class, () -> bundle(less)).getMessage();
        assertTrue(message.contains("decoder.onnx is missing"), message);
        assertTrue(message.contains("model.json gives no checksum of decoder.onnx"), message);
        assertTrue(message.contains("cross.onnx has no output \"cross_key_0\""), message);
    }

    @Test
    void theEncoderIsReadBackFromItsBundle() {
        BundleNetwork network = BundleNetwork.read(bundle(decoder()));
        network.parameters()
                .forEach((name, tensor) ->
                        assertArrayEquals(checkpoint.parameters().read(name).data(), tensor.data(), 0, name));
        assertArrayEquals(encoder(Precision.FLOAT32), network.write());
        assertArrayEquals(
                encoder(Precision.FLOAT16), network.stored(Precision.FLOAT16).write());
    }

    /** Copies of the one feed-forward block, and a gate that does not look at the router, compute the same. */
    @Test
    void copiedExpertsComputeWhatTheDenseEncoderDoes() throws Exception {
        Architecture dense = checkpoint.architecture();
        for (Routing routing : List.of(Routing.SHARED, Routing.INDEPENDENT)) {
            Architecture routed = dense.toBuilder()
                    .experts(dense.layers() + "x3")
                    .routing(routing)
                    .gate(new Gate.Mixed(0))
                    .build();
            Map<String, Tensor> copies = RandomNetwork.parameters(routed, 3);
            copies.replaceAll((name, random) -> name.startsWith("routers.")
                    ? random
                    : checkpoint.parameters().read(name.replaceAll("experts\\.\\d+", "experts.0")));
            byte[] graph = OmniRouterGraph.write(routed, Tensors.of(copies), Options.of(Precision.FLOAT32));
            float[] features = new float[2 * 70 * BINS];
            for (int i = 0; i < features.length; i++) {
                features[i] = (float) Math.sin(i * 0.37);
            }
            float[][][] expected = encode(encoder(Precision.FLOAT32), features);
            float[][][] found = encode(graph, features);
            for (int row = 0; row < 2; row++) {
                for (int step = 0; step < (row == 0 ? 35 : 21); step++) {
                    assertArrayEquals(expected[row][step], found[row][step], 1e-5f);
                }
            }
        }
    }

    private float[][][] encode(byte[] encoder, float[] features) throws Exception {
        try (WhisperGraphs graphs = new WhisperGraphs(
                checkpoint.decoder(),
                encoder,
                CrossGraph.write(checkpoint.decoder(), checkpoint.parameters(), Precision.FLOAT32),
                DecoderGraph.write(checkpoint.decoder(), checkpoint.parameters(), Precision.FLOAT32),
                1)) {
            return graphs.encode(features, new long[] {70, 41}, BINS);
        }
    }
}
