package org.omniscribe.export.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.ModelManifest;
import org.omniscribe.asr.model.ModelManifest.Provenance;
import org.omniscribe.asr.model.ModelManifest.Tokenizer;
import org.omniscribe.asr.model.RuntimeOptions;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.export.checkpoint.Checkpoint;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.checkpoint.ForeignNetwork;
import org.omniscribe.export.checkpoint.TokenFile;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/** Turns a checkpoint that somebody else trained into a model bundle. */
public final class Importer {
    /** From this size on, weights lie in a file beside the graph, so that they need no memory while they are written. */
    private static final long MAX_INSIDE_BYTES = 1L << 28;

    /** What a zip file can hold, where they cannot lie beside; ONNX allows two gigabytes, and some are for the graph. */
    private static final long MAX_ZIPPED_BYTES = 2_000_000_000L;

    private static final int CHECK_FRAMES = 200;

    private Importer() {}

    /**
     * What is known beside the checkpoint.
     *
     * @param choices what shapes cannot tell of the network
     * @param part the entry of the checkpoint that holds the model; empty to look for it
     * @param opaque classes in a pickle that are read as bags of settings
     * @param tokens the tokens; empty for numbers in their place
     * @param features what the network takes; empty for {@link FeatureSpec#standard()}
     * @param precision how the weights are stored
     * @param name name of the model
     * @param licence licence of the weights
     */
    public record Options(
            ForeignNetwork.Choices choices,
            Optional<String> part,
            Set<String> opaque,
            Optional<Path> tokens,
            Optional<FeatureSpec> features,
            Precision precision,
            String name,
            String licence) {}

    /**
     * What came of it.
     *
     * @param bundle the bundle, opened, checked and tried
     * @param matches which names had which places
     * @param remarks what was decided, and why
     * @param warnings what makes the model less useful than it may be
     */
    public record Result(ModelBundle bundle, List<String> matches, List<String> remarks, List<String> warnings) {}

    /**
     * Imports a checkpoint.
     *
     * @param checkpoint see {@link Checkpoint#open}
     * @param target the bundle: a zip file where the name ends in {@code .zip} or {@code .omni}, else a folder
     * @throws CheckpointException if it cannot be read, or no whole network is found in it
     * @throws ModelException if the bundle cannot be written, or does not run
     */
    public static Result run(Path checkpoint, Path target, Options options) {
        Checkpoint opened = Checkpoint.open(checkpoint, options.part(), options.opaque());
        ForeignNetwork network;
        try {
            network = ForeignNetwork.find(opened, options.choices());
        } catch (CheckpointException e) {
            throw new CheckpointException(checkpoint + ": " + e.getMessage(), e);
        }
        Architecture architecture = network.architecture();
        List<String> warnings = new ArrayList<>();
        int outputs = architecture.vocabulary();
        TokenFile tokens = options.tokens()
                .map(file -> TokenFile.read(file, outputs, options.choices().blank()))
                .orElseGet(() -> TokenFile.numbered(outputs));
        if (options.tokens().isEmpty()) {
            warnings.add("no tokens were given, so it writes numbers in their place; give --tokens");
        }
        if (options.features().isEmpty()) {
            warnings.add(
                    "a checkpoint does not say what its features are; the usual ones are taken. If it was trained on"
                            + " others, say so with --spec, or its words will be wrong");
        }
        ModelManifest manifest;
        try {
            manifest = new ModelManifest(
                    options.name(),
                    architecture,
                    options.features().orElse(FeatureSpec.standard()),
                    new Tokenizer(tokens.kind(), Vocabulary.BLANK_ID),
                    provenance(checkpoint, options, network));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(checkpoint + ": " + e.getMessage(), e);
        }
        ModelBundle bundle = write(target, manifest, tokens.vocabulary(), network, options.precision());
        check(bundle);
        return new Result(bundle, network.matches(), network.remarks(), warnings);
    }

    private static Provenance provenance(Path checkpoint, Options options, ForeignNetwork network) {
        Map<String, String> training = new LinkedHashMap<>();
        training.put("imported from", checkpoint.toAbsolutePath().getFileName().toString());
        network.settings().forEach((name, value) -> training.put("checkpoint " + name, value));
        Instant created;
        try {
            created = Files.getLastModifiedTime(checkpoint).toInstant().truncatedTo(ChronoUnit.SECONDS);
        } catch (IOException e) {
            throw new CheckpointException(
                    checkpoint + ": its date cannot be read (" + FailureText.reason(e) + "); check the file", e);
        }
        return new Provenance(List.of(), 0, training, Map.of(), options.licence(), created);
    }

    private static ModelBundle write(
            Path target, ModelManifest manifest, Vocabulary vocabulary, ForeignNetwork network, Precision precision) {
        Architecture architecture = manifest.architecture();
        long bytes = OmniRouterGraph.weightBytes(architecture, precision);
        String name = target.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean zip = name.endsWith(".zip") || name.endsWith(".omni");
        if (bytes < (zip ? MAX_ZIPPED_BYTES : MAX_INSIDE_BYTES)) {
            byte[] graph = OmniRouterGraph.write(
                    architecture, network.parameters(), OmniRouterGraph.Options.bundle(architecture, precision));
            return ModelBundle.create(target, manifest, vocabulary, out -> out.write(graph));
        }
        if (zip) {
            throw new CheckpointException(target
                    + ": the network is too large for a zip file; name a folder, or store it in fewer bits"
                    + " (--precision)");
        }
        // The graph is known when all weights have been written beside it.
        byte[][] graph = new byte[1][];
        ModelBundle.Content weights = out -> graph[0] = beside(architecture, network, precision, out);
        return ModelBundle.create(
                target, manifest, vocabulary, out -> out.write(graph[0]), Map.of(ModelBundle.WEIGHTS, weights));
    }

    private static byte[] beside(
            Architecture architecture, ForeignNetwork network, Precision precision, OutputStream out)
            throws IOException {
        try {
            return OmniRouterGraph.write(
                    architecture,
                    network.parameters(),
                    OmniRouterGraph.Options.bundle(architecture, precision)
                            .withWeightsBeside(out, ModelBundle.WEIGHTS));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Runs a model on noise: it must load, and give probabilities.
     *
     * @throws ModelException if it does not
     */
    public static void check(ModelBundle bundle) {
        Random random = new Random(1);
        float[][] features = new float[CHECK_FRAMES][bundle.architecture().melBins()];
        for (float[] frame : features) {
            for (int i = 0; i < frame.length; i++) {
                frame[i] = (float) random.nextGaussian();
            }
        }
        try (AcousticModel model = AcousticModel.open(bundle, RuntimeOptions.standard())) {
            Emission emission = model.run(features);
            for (float[] step : emission.logProbs()) {
                double sum = 0;
                for (float logProb : step) {
                    sum += Math.exp(logProb);
                }
                if (!(Math.abs(sum - 1) < 1e-3)) {
                    throw new ModelException("model bundle " + bundle.location() + " gives probabilities that sum to "
                            + sum + ". Its weights are damaged, or in another precision than they can be stored in;"
                            + " import it again with --precision FLOAT32");
                }
            }
        }
    }
}
