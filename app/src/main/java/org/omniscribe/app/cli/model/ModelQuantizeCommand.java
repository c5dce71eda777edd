package org.omniscribe.app.cli.model;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.export.onnx.BundleNetwork;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe model quantize}: the same model in fewer bits. */
@Command(
        name = "quantize",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = "Store the weights of a model in fewer bits. All else of it stays as it is.",
        footerHeading = "%nExamples:%n",
        footer = "  omniscribe model quantize large.zip -o small.zip")
final class ModelQuantizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "BUNDLE",
            description = "A folder or a zip file; \"default\" is the model that is built in.")
    private Path path;

    @Option(
            names = {"-o", "--out", "--output"},
            required = true,
            paramLabel = "BUNDLE",
            description = "The bundle to write: a zip file if the name ends so, else a folder.")
    private Path output;

    @Option(
            names = "--precision",
            paramLabel = "PRECISION",
            defaultValue = "INT8",
            description = {
                "How weights are stored: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
                "INT8: matrices in bytes, half as large as FLOAT16 and as fast. INT8_DYNAMIC: matrices are multiplied"
                        + " as bytes too, twice as fast on processors with AMX. INT4: matrices in half bytes."
            })
    private Precision precision;

    @Override
    public Integer call() {
        ModelBundle bundle = path.toString().equals("default") ? ModelBundle.openDefault() : ModelBundle.open(path);
        long before = size(bundle);
        byte[] network = BundleNetwork.read(bundle).stored(precision).write();
        ModelBundle smaller = bundle.withNetwork(network).write(output, bundle.manifest());
        command.commandLine().getOut().println(ModelCard.line(output.toString(), smaller.manifest()));
        command.commandLine().getErr().printf("network: %.1f MB, was %.1f MB%n", size(smaller) / 1e6, before / 1e6);
        return ExitCode.DONE;
    }

    private static long size(ModelBundle bundle) {
        return bundle.sizes().entrySet().stream()
                .filter(file -> file.getKey().startsWith(ModelBundle.NETWORK))
                .mapToLong(java.util.Map.Entry::getValue)
                .sum();
    }
}
