package org.omniscribe.export.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.omniscribe.asr.attention.AttentionOptions;
import org.omniscribe.asr.attention.BeamSearchDecoder;
import org.omniscribe.asr.attention.EncodedWindow;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.ModelManifest;
import org.omniscribe.asr.model.ModelManifest.Provenance;
import org.omniscribe.asr.model.RuntimeOptions;
import org.omniscribe.asr.token.ByteLevelTokenizer;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.checkpoint.WhisperCheckpoint;
import org.omniscribe.export.checkpoint.WhisperDimensions;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/** Turns a model of the Whisper family into a model bundle with the graphs of its encoder and its decoder. */
public final class WhisperImporter {
    /** From this size on, weights lie in a file beside the graph, where a bundle is a folder. */
    private static final long MAX_INSIDE = 1L << 28;

    /** What one file of a bundle that is a zip can hold. */
    private static final long MAX_ZIPPED = 2_000_000_000L;

    private static final String LICENCE = "LICENSE";
    private static final int CHECK_FRAMES = 40;

    private final WhisperCheckpoint checkpoint;
    private final Precision precision;
    private final boolean zip;
    private final Map<String, ModelBundle.Content> files = new LinkedHashMap<>();

    private WhisperImporter(WhisperCheckpoint checkpoint, Path target, Precision precision) {
        this.checkpoint = checkpoint;
        this.precision = precision;
        String name = target.getFileName().toString().toLowerCase(Locale.ROOT);
        this.zip = name.endsWith(".zip") || name.endsWith(".omni");
    }

    /**
     * What is known beside the checkpoint.
     *
     * @param tokenizer {@code tokenizer.json} where it is not beside the checkpoint
     * @param opaque classes in a pickle that are read as bags of settings
     * @param precision how the weights are stored
     * @param name name of the model
     */
    public record Options(Optional<Path> tokenizer, Set<String> opaque, Precision precision, String name) {}

    /**
     * Imports a checkpoint.
     *
     * @param source see {@link WhisperCheckpoint#open}
     * @param target the bundle: a zip file where the name ends in {@code .zip} or {@code .omni}, else a folder
     * @throws CheckpointException if it cannot be read, or is no whole model of the family
     * @throws ModelException if the bundle cannot be written, or does not run
     */
    public static Importer.Result run(Path source, Path target, Options options) {
        WhisperCheckpoint checkpoint = WhisperCheckpoint.open(source, options.tokenizer(), options.opaque());
        WhisperImporter importer = new WhisperImporter(checkpoint, target, options.precision());
        ModelManifest manifest;
        Optional<String> licence = licence(source);
        try {
            manifest = new ModelManifest(
                    options.name(),
                    checkpoint.architecture(),
                    FeatureSpec.whisper(checkpoint.dimensions().melBins()),
                    null,
                    importer.provenance(source, licence.map(WhisperImporter::name)));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(source + ": " + e.getMessage(), e);
        }
        ModelBundle bundle = importer.write(target, manifest, licence);
        check(bundle);
        WhisperDimensions size = checkpoint.dimensions();
        List<String> matches = List.of("a Whisper model of " + checkpoint.form() + ": " + size.encoderLayers()
                + " layers of the encoder, " + size.decoderLayers() + " of the decoder, width " + size.width() + ", "
                + size.heads() + " heads, " + size.melBins() + " mel bins, " + size.vocabulary() + " tokens; all "
                + size.shapes().size() + " parameters found");
        return new Importer.Result(bundle, matches, checkpoint.remarks(), List.of());
    }

    /** The licence beside a checkpoint, which is kept. */
    private static Optional<String> licence(Path source) {
        Path folder =
                Files.isDirectory(source) ? source : source.toAbsolutePath().getParent();
        for (String name : List.of(LICENCE, "LICENSE.txt", "LICENSE.md", "COPYING")) {
            Path file = folder.resolve(name);
            try {
                if (Files.isRegularFile(file) && Files.size(file) < 1 << 20) {
                    return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                throw new CheckpointException(file + ": cannot be read (" + FailureText.reason(e) + ")", e);
            }
        }
        return Optional.empty();
    }

    /** The SPDX name of a licence by words of its text. */
    private static String name(String text) {
        if (text.contains("MIT License")) {
            return "MIT";
        }
        return text.contains("Apache License") && text.contains("Version 2.0") ? "Apache-2.0" : "NOASSERTION";
    }

    private Provenance provenance(Path source, Optional<String> licence) {
        Map<String, String> training = new LinkedHashMap<>();
        training.put(
                "imported from",
                source.toAbsolutePath().normalize().getFileName().toString());
        training.put("form", checkpoint.form());
        training.put("precision", precision.name());
        try {
            Instant created = Files.getLastModifiedTime(source).toInstant().truncatedTo(ChronoUnit.SECONDS);
            return new Provenance(List.of(), 0, training, Map.of(), licence.orElse("NOASSERTION"), created);
        } catch (IOException e) {
            throw new CheckpointException(
                    source + ": its date cannot be read (" + FailureText.reason(e) + "); check the file", e);
        }
    }

    private ModelBundle write(Path target, ModelManifest manifest, Optional<String> licence) {
        graph(
                target,
                ModelBundle.CROSS,
                "decoder.layers.\\d+\\.cross\\.kv.*",
                data -> CrossGraph.write(manifest.architecture().decoder(), checkpoint.parameters(), precision, data));
        graph(
                target,
                ModelBundle.DECODER,
                "decoder\\..*",
                data -> DecoderGraph.write(
                        manifest.architecture().decoder(), checkpoint.parameters(), precision, data));
        graph(
                target,
                ModelBundle.NETWORK,
                "(?!decoder\\.).*",
                data -> OmniRouterGraph.write(
                        manifest.architecture(),
                        checkpoint.parameters(),
                        new OmniRouterGraph.Options(precision, null, RoutingMode.TOP_ONE, false, data)));
        files.put(ModelBundle.TOKENIZER, out -> Files.copy(checkpoint.tokenizer(), out));
        licence.ifPresent(text -> files.put(LICENCE, out -> out.write(text.getBytes(StandardCharsets.UTF_8))));
        ModelBundle.Content network = files.remove(ModelBundle.NETWORK);
        return ModelBundle.create(target, manifest, null, network, files);
    }

    /** A graph, and where its weights are many, the file beside it, which is written before. */
    private void graph(Path target, String name, String parameters, Function<ExternalData, byte[]> writer) {
        long weights = checkpoint.dimensions().shapes().entrySet().stream()
                .filter(entry -> entry.getKey().matches(parameters))
                .mapToLong(entry -> java.util.Arrays.stream(entry.getValue()).reduce(1, Math::multiplyExact))
                .sum();
        long bytes =
                precision == Precision.FLOAT32 ? 4 * weights : precision == Precision.FLOAT16 ? 2 * weights : weights;
        if (bytes < (zip ? MAX_ZIPPED : MAX_INSIDE)) {
            files.put(name, out -> out.write(writer.apply(null)));
            return;
        }
        if (zip) {
            throw new CheckpointException(target + ": " + name
                    + " is too large for a zip file; name a folder, or store it" + " in fewer bits (--precision)");
        }
        byte[][] graph = new byte[1][];
        files.put(name + ModelBundle.DATA, out -> {
            try {
                graph[0] = writer.apply(new ExternalData(out, name + ModelBundle.DATA));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        });
        files.put(name, out -> out.write(graph[0]));
    }

    /**
     * Runs a model on noise: its graphs must load, and fit each other.
     *
     * @throws ModelException if they do not
     */
    static void check(ModelBundle bundle) {
        Architecture architecture = bundle.architecture();
        int bins = architecture.melBins();
        float[] features = new float[CHECK_FRAMES * bins];
        Random random = new Random(1);
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) (0.3 * random.nextGaussian());
        }
        List<Float> encoded = new ArrayList<>();
        try (OrtSession session = bundle.graph(ModelBundle.NETWORK).open(RuntimeOptions.standard(), false);
                OnnxTensor x = OnnxTensor.createTensor(
                        AcousticModel.environment(), FloatBuffer.wrap(features), new long[] {1, CHECK_FRAMES, bins});
                OnnxTensor lengths = OnnxTensor.createTensor(AcousticModel.environment(), new long[] {CHECK_FRAMES});
                OrtSession.Result result = session.run(Map.of("features", x, "lengths", lengths))) {
            for (float[] step :
                    ((float[][][]) result.get("encoded").orElseThrow().getValue())[0]) {
                for (float value : step) {
                    encoded.add(value);
                }
            }
        } catch (OrtException | IOException e) {
            throw new ModelException(
                    "the encoder of model bundle " + bundle.location() + " does not run (" + e.getMessage()
                            + "). Import it again, or give Java and the system more memory.",
                    e);
        }
        float[] values = new float[encoded.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = encoded.get(i);
            if (!Float.isFinite(values[i])) {
                throw new ModelException("the encoder of model bundle " + bundle.location() + " gives " + values[i]
                        + ". Its weights are damaged, or in another precision than they can be stored in; import it"
                        + " again with --precision FLOAT32");
            }
        }
        int steps = values.length / architecture.width();
        try (BeamSearchDecoder decoder = BeamSearchDecoder.open(
                architecture.decoder(),
                ByteLevelTokenizer.read(bundle.tokenizer()),
                bundle.graph(ModelBundle.CROSS),
                bundle.graph(ModelBundle.DECODER),
                bundle.manifest().stepSeconds(),
                RuntimeOptions.standard())) {
            double seconds = steps * bundle.manifest().stepSeconds();
            decoder.decode(List.of(new EncodedWindow(values, steps, seconds)), AttentionOptions.STANDARD);
        }
    }
}
