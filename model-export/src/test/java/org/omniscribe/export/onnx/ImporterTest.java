package org.omniscribe.export.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.NpyReader;
import org.omniscribe.asr.feature.NpyReader.FloatArray;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.RuntimeOptions;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.checkpoint.ForeignNetwork;
import org.omniscribe.export.checkpoint.NameMapping;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/** Checkpoints and what they compute come from PyTorch: {@code src/test/scripts/make_checkpoints.py}. */
class ImporterTest {
    private static final Path CHECKPOINTS = Path.of("src/test/resources/checkpoints");

    @TempDir
    private Path folder;

    /** Heads and attention are given where the checkpoint does not say them. */
    @ParameterizedTest
    @CsvSource({
        "shared, shared.pth, , , 3x4 SHARED",
        "sharded, sharded, 2, CAUSAL, 2x3 SHARED",
        "sharded, sharded/model.safetensors.index.json, 2, CAUSAL, 2x3 SHARED",
        "dense, dense.pt, 4, CAUSAL, 3x1 DENSE",
        "switch, switch.safetensors, 4, FULL, 3x4 INDEPENDENT",
        "grouped, grouped.pth, 2, CAUSAL, 6x2-6x4-6x8-6x16 SHARED",
    })
    void computesWhatPyTorchComputed(String name, String file, Integer heads, String attention, String layers)
            throws IOException {
        ModelBundle bundle = Importer.run(
                        CHECKPOINTS.resolve(file),
                        folder.resolve("bundle"),
                        options(
                                heads,
                                attention == null
                                        ? null
                                        : attention.equals("CAUSAL") ? Attention.CAUSAL : Attention.FULL))
                .bundle();
        assertEquals(
                layers,
                bundle.architecture().formatExperts() + " "
                        + bundle.architecture().routing());
        assertEqualsPyTorch(name, bundle);
    }

    private static void assertEqualsPyTorch(String name, ModelBundle bundle) throws IOException {
        FloatArray features = NpyReader.read(CHECKPOINTS.resolve(name + "-features.npy"));
        FloatArray expected = NpyReader.read(CHECKPOINTS.resolve(name + "-logprobs.npy"));
        FloatArray experts = NpyReader.read(CHECKPOINTS.resolve(name + "-experts.npy"));
        int bins = features.shape()[1];
        float[][] frames = new float[features.shape()[0]][];
        for (int t = 0; t < frames.length; t++) {
            frames[t] = Arrays.copyOfRange(features.data(), t * bins, (t + 1) * bins);
        }
        try (AcousticModel model = AcousticModel.open(bundle, RuntimeOptions.standard())) {
            Emission emission = model.run(frames);
            int steps = expected.shape()[0];
            int tokens = expected.shape()[1];
            assertEquals(steps, emission.logProbs().length);
            for (int t = 0; t < steps; t++) {
                assertArrayEquals(
                        Arrays.copyOfRange(expected.data(), t * tokens, (t + 1) * tokens),
                        emission.logProbs()[t],
                        1e-4f);
                for (int layer = 0; layer < experts.shape()[0]; layer++) {
                    assertEquals(
                            experts.data()[layer * steps + t],
                            emission.routing().expert()[layer][t]);
                }
            }
        }
    }

    private static Importer.Options options(Integer heads, Attention attention) {
        return options(heads, attention, 0, NameMapping.NONE, Optional.empty());
    }

    private static Importer.Options options(
            Integer heads, Attention attention, int blank, NameMapping mapping, Optional<Path> tokens) {
        return new Importer.Options(
                new ForeignNetwork.Choices(
                        Optional.ofNullable(heads),
                        Optional.ofNullable(attention),
                        new Position.Sinusoid(),
                        8,
                        blank,
                        mapping),
                Optional.empty(),
                Set.of(),
                tokens,
                Optional.of(FeatureSpec.standard().changedBy("{\"bins\": 8}")),
                Precision.FLOAT32,
                "imported",
                "NOASSERTION");
    }

    /** The trial run at the end of an import is one through the library. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void everyPrecisionRunsAndIsCloseToPyTorch(Precision precision) throws IOException {
        Importer.Options options = options(4, Attention.FULL);
        ModelBundle bundle = Importer.run(
                        CHECKPOINTS.resolve("switch.safetensors"),
                        folder.resolve("bundle"),
                        new Importer.Options(
                                options.choices(),
                                options.part(),
                                options.opaque(),
                                options.tokens(),
                                options.features(),
                                precision,
                                options.name(),
                                options.licence()))
                .bundle();
        FloatArray features = NpyReader.read(CHECKPOINTS.resolve("switch-features.npy"));
        FloatArray expected = NpyReader.read(CHECKPOINTS.resolve("switch-logprobs.npy"));
        float[][] frames = new float[features.shape()[0]][];
        for (int t = 0; t < frames.length; t++) {
            frames[t] = Arrays.copyOfRange(features.data(), t * features.shape()[1], (t + 1) * features.shape()[1]);
        }
        double error = 0;
        try (AcousticModel model = AcousticModel.open(bundle, RuntimeOptions.standard())) {
            float[][] logProbs = model.run(frames).logProbs();
            for (int i = 0; i < expected.data().length; i++) {
                int tokens = expected.shape()[1];
                error += Math.abs(expected.data()[i] - logProbs[i / tokens][i % tokens]) / expected.data().length;
            }
        }
        assertTrue(error < (precision == Precision.INT4 ? 0.4 : 0.1), "mean error " + error);
    }

    @Test
    void tellsWhatItFoundAndWhatItLeftOut() {
        Importer.Result result =
                Importer.run(CHECKPOINTS.resolve("shared.pth"), folder.resolve("bundle"), options(null, null));
        String matches = String.join("\n", result.matches());
        assertTrue(
                matches.contains("layers.{l}.attention.kv.weight     <- _encoder.encoder.blocks.0.self_attention.w_kv"),
                matches);
        String remarks = String.join("\n", result.remarks());
        for (String part : List.of(
                "left out: optimizer",
                "heads: 2, by a setting",
                "attention: FULL, by a setting",
                "3 copies of routers, 1 different",
                "scaled by 4.0")) {
            assertTrue(remarks.contains(part), remarks);
        }
        assertTrue(
                result.warnings().get(0).contains("no tokens"),
                result.warnings().toString());
        assertEquals("3", result.bundle().manifest().provenance().training().get("checkpoint epoch"));
    }

    @Test
    void refusesToLoadAPartOfANetworkAndSaysWhichPart() throws IOException {
        String text = Files.readString(CHECKPOINTS.resolve("sharded/model.safetensors.index.json"));
        Path copy = Files.createDirectory(folder.resolve("copy"));
        for (String part : List.of("part-1.safetensors", "part-2.safetensors")) {
            Files.copy(CHECKPOINTS.resolve("sharded").resolve(part), copy.resolve(part));
        }
        String without = Arrays.stream(text.split("(?<=,)"))
                .filter(entry -> !entry.contains("blocks.1.ln2.weight") && !entry.contains("experts.2.2.weight"))
                .collect(Collectors.joining());
        Files.writeString(copy.resolve("model.safetensors.index.json"), without);
        String message = assertThrows(
                        CheckpointException.class,
                        () -> Importer.run(copy, folder.resolve("bundle"), options(2, Attention.CAUSAL)))
                .getMessage();
        assertTrue(message.contains("layers.1.ffn.norm.weight") && message.contains("experts.2"), message);
        assertTrue(message.contains("--mapping"), message);
        assertFalse(Files.exists(folder.resolve("bundle")));

        Files.writeString(copy.resolve("model.safetensors.index.json"), text.replace("part-2", "part-3"));
        message = assertThrows(
                        CheckpointException.class,
                        () -> Importer.run(copy, folder.resolve("bundle"), options(2, Attention.CAUSAL)))
                .getMessage();
        assertTrue(message.contains("part-3.safetensors is missing"), message);

        Files.writeString(copy.resolve("model.safetensors.index.json"), text.replace("part-2", "../part-2"));
        message = assertThrows(
                        CheckpointException.class,
                        () -> Importer.run(copy, folder.resolve("bundle"), options(2, Attention.CAUSAL)))
                .getMessage();
        assertTrue(message.contains("plain name"), message);
    }

    @Test
    void aMappingGoesBeforeWhatNamesSay() throws IOException {
        NameMapping swapped = new NameMapping(
                java.util.Map.of(
                        "layers.{l}.attention.norm.weight", "blocks.{l}.moe_norm.weight",
                        "layers.{l}.ffn.norm.weight", "blocks.{l}.attn_norm.weight"),
                List.of());
        ModelBundle bundle = Importer.run(
                        CHECKPOINTS.resolve("switch.safetensors"),
                        folder.resolve("bundle"),
                        options(4, Attention.FULL, 0, swapped, Optional.empty()))
                .bundle();
        assertThrows(AssertionError.class, () -> assertEqualsPyTorch("switch", bundle));

        NameMapping said = new NameMapping(
                java.util.Map.of(
                        "layers.{l}.experts.in.weight", "blocks.{l}.moe.experts.w1^T",
                        "layers.{l}.experts.out.weight", "blocks.{l}.moe.experts.w2^T"),
                List.of());
        assertEqualsPyTorch(
                "switch",
                Importer.run(
                                CHECKPOINTS.resolve("switch.safetensors"),
                                folder.resolve("bundle"),
                                options(4, Attention.FULL, 0, said, Optional.empty()))
                        .bundle());

        NameMapping less = new NameMapping(null, List.of("head\\..*"));
        String message = assertThrows(
                        CheckpointException.class,
                        () -> Importer.run(
                                CHECKPOINTS.resolve("switch.safetensors"),
                                folder.resolve("bundle"),
                                options(4, Attention.FULL, 0, less, Optional.empty())))
                .getMessage();
        assertTrue(message.contains("head.weight was not found"), message);
        assertThrows(
                IllegalArgumentException.class, () -> new NameMapping(java.util.Map.of("layers.0.nowhere", "x"), null));
    }

    @Test
    void theBlankMovesToTheFrontAndTheTokensWithIt() throws IOException {
        Path tokens = Files.writeString(folder.resolve("tokens.txt"), "a\nb\nc\n<space>\nd\ne\nf\ng\nh\ni\n");
        ModelBundle plain = Importer.run(
                        CHECKPOINTS.resolve("shared.pth"), folder.resolve("plain"), options(null, null))
                .bundle();
        ModelBundle moved = Importer.run(
                        CHECKPOINTS.resolve("shared.pth"),
                        folder.resolve("moved"),
                        options(null, null, 10, NameMapping.NONE, Optional.of(tokens)))
                .bundle();
        assertEquals("a", moved.vocabulary().token(1));
        assertEquals("\u2581", moved.vocabulary().token(4));
        float[][] features = RandomNetwork.features(24, 8, 1);
        try (AcousticModel one = AcousticModel.open(plain, RuntimeOptions.standard());
                AcousticModel two = AcousticModel.open(moved, RuntimeOptions.standard())) {
            float[] before = one.run(features).logProbs()[3];
            float[] after = two.run(features).logProbs()[3];
            assertEquals(before[10], after[0], 1e-5f);
            assertArrayEquals(Arrays.copyOf(before, 10), Arrays.copyOfRange(after, 1, 11), 1e-5f);
        }
    }

    @Test
    void weightsBesideTheGraphGiveTheSame() throws IOException {
        ModelBundle inside = Importer.run(
                        CHECKPOINTS.resolve("shared.pth"), folder.resolve("inside"), options(null, null))
                .bundle();
        BundleNetwork network = BundleNetwork.read(inside);
        byte[][] graph = new byte[1][];
        ModelBundle beside = ModelBundle.create(
                folder.resolve("beside"),
                inside.manifest(),
                inside.vocabulary(),
                out -> out.write(graph[0]),
                java.util.Map.of(
                        ModelBundle.WEIGHTS,
                        out -> graph[0] = OmniRouterGraph.write(
                                network.architecture(),
                                org.omniscribe.export.checkpoint.Tensors.of(network.parameters()),
                                OmniRouterGraph.Options.of(Precision.FLOAT32)
                                        .withWeightsBeside(out, ModelBundle.WEIGHTS))));
        assertEqualsPyTorch("shared", beside);
        assertThrows(
                org.omniscribe.asr.model.ModelException.class,
                () -> beside.write(folder.resolve("zipped.zip"), beside.manifest()));
    }
}
