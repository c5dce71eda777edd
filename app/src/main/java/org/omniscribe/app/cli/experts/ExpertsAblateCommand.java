package org.omniscribe.app.cli.experts;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.experts.Recordings;
import org.omniscribe.app.experts.Trial;
import org.omniscribe.app.experts.Variant;
import org.omniscribe.app.option.DecoderOptions;
import org.omniscribe.app.option.ModelOptions;
import org.omniscribe.app.option.NormalizerOption;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.eval.run.TestSet;
import org.omniscribe.export.onnx.BundleNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe experts ablate}: error rates of a model whose experts or routing are tampered with. */
@Command(
        name = "ablate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Measure a model with experts closed, permuted or forced, or with more of them at work.",
            "",
            "All lists are pooled. The first row is the model as it is; the others are compared with it. The loss is"
                    + " that of training, in nats a character of the reference."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe experts ablate dev/*/manifest.tsv --preset random --decoder greedy",
            "  omniscribe experts ablate dev/*/manifest.tsv --try disable:2 --try permute:7@4-8",
            "  omniscribe experts ablate dev/*/manifest.tsv --preset roe,top_p"
        })
final class ExpertsAblateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "1..*",
            paramLabel = "MANIFEST",
            description = "Recordings whose words are known, as \"omniscribe eval\" takes them.")
    private List<Path> manifests;

    @Option(
            names = "--preset",
            split = ",",
            paramLabel = "PRESET",
            description =
                    "What to try: ${COMPLETION-CANDIDATES}. RANDOM, which is tried if nothing is said, is the random"
                            + " reassignment of the Omni-router paper.")
    private List<Variant.Preset> presets = new ArrayList<>();

    @Option(names = "--try", paramLabel = "VARIANT", description = "One more thing to try: " + Variant.GRAMMAR + ".")
    private List<String> variants = new ArrayList<>();

    @Option(
            names = "--most",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Utterances of each list, evenly over it. Default: all.")
    private int most;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON too.")
    private Path json;

    @Mixin
    private NormalizerOption compared;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DecoderOptions decoder;

    private int failed;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = command.commandLine().getErr();
        ModelBundle bundle = model.bundle();
        BundleNetwork network = BundleNetwork.read(bundle);
        List<Variant> wanted = new ArrayList<>(List.of(Variant.unchanged(network)));
        List<TestSet> sets;
        try {
            if (presets.isEmpty() && variants.isEmpty()) {
                presets = List.of(Variant.Preset.RANDOM);
            }
            presets.forEach(preset -> wanted.addAll(Variant.of(preset, network)));
            variants.forEach(text -> wanted.add(Variant.parse(text, network)));
            sets = Recordings.lists(manifests, most, warning -> err.println("omniscribe: " + warning));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
        List<Trial> trials = new ArrayList<>();
        for (Variant variant : wanted) {
            trials.add(Trial.run(
                    variant.name(),
                    model.builder(),
                    decoder.decoder(),
                    b -> b.withNetwork(variant.write(network)),
                    sets,
                    compared.normalizer(),
                    fault -> fault(fault, trials.isEmpty())));
            err.println(trials.size() + " of " + wanted.size() + ": " + variant.name());
            err.flush();
        }
        PrintWriter out = command.commandLine().getOut();
        out.print(TrialTable.text(trials));
        out.flush();
        if (json != null) {
            AtomicFile.write(
                    json, file -> file.write(TrialTable.json(bundle.manifest().name(), compared.normalizer(), trials)));
        }
        return failed == 0 ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    /** Every trial meets the same faults; they are told once. */
    private void fault(String fault, boolean first) {
        if (first) {
            failed++;
            command.commandLine().getErr().println("omniscribe: " + fault);
        }
    }
}
