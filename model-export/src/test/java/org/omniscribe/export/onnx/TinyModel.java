package org.omniscribe.export.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelManifest;
import org.omniscribe.asr.model.ModelManifest.Provenance;
import org.omniscribe.asr.model.ModelManifest.Tokenizer;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.Tensors;
import org.omniscribe.export.onnx.OmniRouterGraph.Options;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/**
 * The bundle that the tests of other modules run: a network of the usual kind, but tiny and with random weights, so that
 * it writes gibberish, always the same.
 */
final class TinyModel {
    private TinyModel() {}

    static Architecture architecture() {
        return Architecture.builder()
                .subsampling(new Subsampling.Conv(8, 4))
                .width(32)
                .heads(4)
                .mlpWidth(48)
                .experts("2x4")
                .position(new Position.Relative(8))
                .convKernel(5)
                .vocabulary(vocabulary().size())
                .build();
    }

    static Vocabulary vocabulary() {
        List<String> tokens = new ArrayList<>(List.of(Vocabulary.BLANK, String.valueOf(Vocabulary.WORD_MARK), "'"));
        "abcdefghijklmnopqrstuvwxyz".chars().forEach(c -> tokens.add(Character.toString(c)));
        return new Vocabulary(tokens);
    }

    /**
     * Random, but made to answer to sound: what is the same at every step is taken out behind the convolutions and kept
     * small after them, and the head is sure of its choices and likes blanks and spaces as a trained one does.
     */
    static Map<String, Tensor> parameters() {
        Map<String, Tensor> parameters = RandomNetwork.parameters(architecture(), 20);
        float[] linear = parameters.get("input.linear.weight").data();
        int rows = new Subsampling.Conv(8, 4).rows(80);
        for (int from = 0; from < linear.length; from += rows) {
            float mean = 0;
            for (int i = from; i < from + rows; i++) {
                mean += linear[i] / rows;
            }
            for (int i = from; i < from + rows; i++) {
                linear[i] -= mean;
            }
        }
        Map<String, Float> factors = Map.of("input.linear.weight", 10f, "routers.0.weight", 4f, "head.weight", 3f);
        parameters.forEach((name, tensor) -> {
            float factor = factors.getOrDefault(name, name.endsWith("attention.out.weight") ? 0.3f : 1f);
            for (int i = 0; i < tensor.data().length; i++) {
                tensor.data()[i] *= factor;
            }
        });
        parameters.get("head.bias").data()[Vocabulary.BLANK_ID] += 3;
        parameters.get("head.bias").data()[1] += 2;
        return parameters;
    }

    /** Writes the bundle as one zip file. */
    static void write(Path file) throws IOException {
        byte[] graph = OmniRouterGraph.write(architecture(), Tensors.of(parameters()), Options.of(Precision.FLOAT16));
        ModelManifest manifest = new ModelManifest(
                "tiny-random",
                architecture(),
                FeatureSpec.standard(),
                new Tokenizer(Tokenizer.Kind.CHARACTER, Vocabulary.BLANK_ID),
                new Provenance(
                        List.of(),
                        0,
                        Map.of("weights", "random, for tests"),
                        Map.of(),
                        "GPL-3.0-or-later",
                        Instant.parse("2026-11-22T00:00:00Z")));
        Path zip = Files.createTempDirectory("tiny-model").resolve("tiny-model.zip");
        ModelBundle.create(zip, manifest, vocabulary(), out -> out.write(graph));
        Files.move(zip, file, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(zip.getParent());
    }
}
