package org.omniscribe.app.cli.model;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.asr.feature.NpyReader;
import org.omniscribe.asr.feature.NpyReader.FloatArray;
import org.omniscribe.asr.feature.NpyWriter;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.OmniscribeException.Kind;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.RuntimeOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe model run}: what a network makes of given features, to compare it with another implementation. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Run a model on given features, and write what comes out as numpy arrays.",
            "",
            "Features are float32, frames by bins or batch by frames by bins. Log-probabilities are float32, steps by"
                    + " tokens or batch by steps by tokens; expert choices are int32, layers by steps or layers by batch"
                    + " by steps, counted from 0."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe features talk.wav --out f.npy",
            "  omniscribe model run models/published --features f.npy --out logprobs.npy --routing experts.npy"
        })
final class ModelRunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "BUNDLE",
            description = "A folder or a zip file; \"default\" is the model that is built in.")
    private Path path;

    @Option(names = "--features", required = true, paramLabel = "F.npy", description = "The features.")
    private Path features;

    @Option(names = "--out", required = true, paramLabel = "L.npy", description = "Where to write log-probabilities.")
    private Path out;

    @Option(names = "--routing", paramLabel = "R.npy", description = "Where to write the choices of experts.")
    private Path routing;

    @Override
    public Integer call() throws IOException {
        ModelBundle bundle = path.toString().equals("default") ? ModelBundle.openDefault() : ModelBundle.open(path);
        FloatArray input = NpyReader.read(features);
        Architecture network = bundle.architecture();
        int[] shape = input.shape();
        boolean batch = shape.length == 3;
        if (shape.length != 2 && !batch || shape[shape.length - 1] != network.melBins()) {
            throw new CommandException(
                    Kind.INPUT,
                    features + ": has shape " + Arrays.toString(shape) + ", but the model takes [frames, "
                            + network.melBins() + "] or [batch, frames, " + network.melBins() + "]");
        }
        int rows = batch ? shape[0] : 1;
        int frames = shape[shape.length - 2];
        List<float[][]> utterances = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            float[][] utterance = new float[frames][];
            for (int t = 0; t < frames; t++) {
                int from = (row * frames + t) * network.melBins();
                utterance[t] = Arrays.copyOfRange(input.data(), from, from + network.melBins());
            }
            utterances.add(utterance);
        }
        int steps = network.steps(frames);
        float[] logProbs = new float[rows * steps * network.vocabulary()];
        int[] experts = new int[network.layers() * rows * steps];
        try (AcousticModel model = AcousticModel.open(bundle, RuntimeOptions.standard())) {
            List<Emission> emissions = model.run(utterances);
            for (int row = 0; row < rows; row++) {
                Emission emission = emissions.get(row);
                for (int t = 0; t < steps; t++) {
                    System.arraycopy(
                            emission.logProbs()[t],
                            0,
                            logProbs,
                            (row * steps + t) * network.vocabulary(),
                            network.vocabulary());
                }
                for (int layer = 0; layer < network.layers(); layer++) {
                    System.arraycopy(
                            emission.routing().expert()[layer], 0, experts, (layer * rows + row) * steps, steps);
                }
            }
        }
        int[] outShape =
                batch ? new int[] {rows, steps, network.vocabulary()} : new int[] {steps, network.vocabulary()};
        int[] routingShape = batch ? new int[] {network.layers(), rows, steps} : new int[] {network.layers(), steps};
        write(out, stream -> NpyWriter.write(stream, logProbs, outShape));
        if (routing != null) {
            write(routing, stream -> NpyWriter.write(stream, experts, routingShape));
        }
        command.commandLine()
                .getErr()
                .println(out + ": " + rows + " x " + steps + " steps of " + network.vocabulary() + " tokens");
        return ExitCode.DONE;
    }

    private interface Content {
        void writeTo(OutputStream stream) throws IOException;
    }

    private static void write(Path file, Content content) {
        try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file))) {
            content.writeTo(stream);
        } catch (IOException e) {
            throw new CommandException(
                    Kind.ENVIRONMENT,
                    file + ": cannot be written (" + FailureText.reason(e)
                            + "). Name a file in a folder that exists and has room.");
        }
    }
}
