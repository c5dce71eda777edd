package org.omniscribe.app.option;

import java.util.function.UnaryOperator;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.export.onnx.BundleNetwork;
import org.omniscribe.export.onnx.RoutingMode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that let more than one expert work on a step. */
public final class RoutingOptions {
    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--roe",
            paramLabel = "K",
            description = "Route K times side by side, all but the first time with noise, and take the mean; K times as"
                    + " slow.")
    private Integer samples;

    @Option(
            names = "--roe-temperature",
            paramLabel = "T",
            defaultValue = "0.5",
            description = "How much noise --roe adds to the router. Default: ${DEFAULT-VALUE}.")
    private double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Let as many experts work on a step as it takes for this share of the router's probability.")
    private Double mass;

    /** What is to be done to the bundle. */
    public UnaryOperator<ModelBundle> adaptation() {
        RoutingMode mode = mode();
        return mode == RoutingMode.TOP_ONE
                ? UnaryOperator.identity()
                : bundle -> bundle.withNetwork(BundleNetwork.read(bundle).write(mode));
    }

    /** What the options ask for in words, after a comma; empty if it is nothing. */
    public String describe() {
        if (samples != null) {
            return ", " + samples + " routings with noise " + temperature;
        }
        return mass == null ? "" : ", top-p " + mass;
    }

    private RoutingMode mode() {
        if (samples != null && mass != null) {
            throw new ParameterException(command.commandLine(), "--roe and --top-p exclude each other");
        }
        try {
            if (samples != null) {
                return new RoutingMode.Sampled(samples, temperature);
            }
            return mass == null ? RoutingMode.TOP_ONE : new RoutingMode.TopP(mass);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    command.commandLine(), "--roe, --roe-temperature and --top-p: " + e.getMessage());
        }
    }
}
