package org.omniscribe.app.cli.experts;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.experts.Listening;
import org.omniscribe.app.experts.Recordings;
import org.omniscribe.app.experts.Trial;
import org.omniscribe.app.option.DecoderOptions;
import org.omniscribe.app.option.ModelOptions;
import org.omniscribe.app.option.NormalizerOption;
import org.omniscribe.asr.io.OmniscribeException.Kind;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelManifest;
import org.omniscribe.asr.model.ModelManifest.Provenance;
import org.omniscribe.eval.run.TestSet;
import org.omniscribe.export.compress.ExpertProbe;
import org.omniscribe.export.compress.ExpertStatistics;
import org.omniscribe.export.compress.ExpertStatistics.Importance;
import org.omniscribe.export.compress.Surgery;
import org.omniscribe.export.compress.Surgery.Dropped;
import org.omniscribe.export.onnx.BundleNetwork;
import org.omniscribe.export.onnx.RoutingMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code experts prune} and {@code experts merge} have in common: a model with fewer experts of another one. */
abstract class ExpertsReshapeCommand implements Callable<Integer> {
    /** {@code omniscribe experts prune}. */
    @Command(
            name = "prune",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            sortOptions = false,
            description = {
                "Make a model that keeps the experts that matter for recordings like yours.",
                "",
                "EASY_EP and REAP look at what the experts put out, USAGE counts steps only. The experts keep their"
                        + " numbers. Calibration needs no texts; --test does."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  omniscribe experts prune --calibrate mine/manifest.tsv --keep 2 -o small.zip --test"
                        + " dev/*/manifest.tsv",
                "  omniscribe experts prune --calibrate mine/ --keep 3 --dropped most_similar -o small.zip"
            })
    static final class Prune extends ExpertsReshapeCommand {
        @Option(
                names = "--importance",
                paramLabel = "MEASURE",
                defaultValue = "EASY_EP",
                description = "What it is to matter: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
        private Importance importance;

        @Option(
                names = "--dropped",
                paramLabel = "WHAT",
                defaultValue = "CHOOSE_ANEW",
                description =
                        "What becomes of the steps of dropped experts: ${COMPLETION-CANDIDATES}. The second leaves the"
                                + " router's choice and gives the work to the kept expert that is most like the dropped"
                                + " one. Default: ${DEFAULT-VALUE}.")
        private Dropped dropped;

        @Override
        BundleNetwork reshape(BundleNetwork network, ExpertStatistics statistics, int keep) {
            return Surgery.prune(network, statistics, keep, importance, dropped);
        }

        @Override
        String method() {
            return "pruned by " + importance + ", " + dropped;
        }
    }

    /** {@code omniscribe experts merge}. */
    @Command(
            name = "merge",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            sortOptions = false,
            description = {
                "Make a model in which experts that the router takes for alike are merged into those used most.",
                "",
                "Calibration needs no texts; --test does."
            },
            footerHeading = "%nExample:%n",
            footer = "  omniscribe experts merge --calibrate mine/manifest.tsv --keep 2 -o small.zip")
    static final class Merge extends ExpertsReshapeCommand {
        @Override
        BundleNetwork reshape(BundleNetwork network, ExpertStatistics statistics, int keep) {
            return Surgery.merge(network, statistics, keep);
        }

        @Override
        String method() {
            return "merged by routing";
        }
    }

    @Spec
    private CommandSpec command;

    @Option(
            names = "--calibrate",
            required = true,
            arity = "1..*",
            paramLabel = "MANIFEST",
            description = "Recordings like those that the model is meant for; a few minutes are enough.")
    private List<Path> calibrate;

    @Option(names = "--keep", required = true, paramLabel = "N", description = "Experts to keep in each layer.")
    private int keep;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "BUNDLE",
            description =
                    "The bundle to write: a zip file if the name ends so, else a folder. A bundle that is there is"
                            + " replaced.")
    private Path output;

    @Option(
            names = "--test",
            arity = "1..*",
            paramLabel = "MANIFEST",
            description = "Recordings whose words are known, to compare both models on; others than the calibration.")
    private List<Path> test = new ArrayList<>();

    @Option(
            names = "--most",
            paramLabel = "N",
            defaultValue = "100",
            description = "Utterances of each calibration list, evenly over it. Default: ${DEFAULT-VALUE}.")
    private int most;

    @Mixin
    private NormalizerOption compared;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DecoderOptions decoder;

    private int failed;

    abstract BundleNetwork reshape(BundleNetwork network, ExpertStatistics statistics, int keep);

    abstract String method();

    @Override
    public Integer call() {
        if (keep < 1 || most < 1) {
            throw new ParameterException(
                    command.commandLine(), "--keep and --most must be at least 1, not " + keep + " and " + most);
        }
        ModelBundle bundle = model.bundle();
        BundleNetwork network = BundleNetwork.read(bundle);
        if (network.plan().layers().stream().allMatch(layer -> layer.stored().size() <= keep)) {
            throw new ParameterException(
                    command.commandLine(), "no layer of " + bundle.location() + " has more than " + keep + " experts");
        }
        List<TestSet> sets = sets(calibrate, most);
        List<TestSet> tests = test.isEmpty() ? List.of() : sets(test, Integer.MAX_VALUE);
        ExpertStatistics statistics = new ExpertStatistics(bundle.architecture());
        try (ExpertProbe probe =
                ExpertProbe.ofOutputs(bundle, network, model.builder().build().threads())) {
            Listening.observe(sets, probe, statistics::add, (utterance, fault) -> {
                if (fault != null) {
                    fault(fault);
                }
            });
        }
        if (statistics.steps() == 0) {
            throw new CommandException(Kind.INPUT, "none of the calibration recordings could be read");
        }
        BundleNetwork reshaped = reshape(network, statistics, keep);
        ModelBundle written = bundle.withNetwork(reshaped.write(RoutingMode.TOP_ONE))
                .write(output, manifest(bundle, reshaped, statistics));
        PrintWriter out = command.commandLine().getOut();
        out.println("experts kept, by layer: " + reshaped.plan().format());
        out.printf(
                Locale.ROOT,
                "network: %.1f MB before, %.1f MB now; %s%n",
                bundle.sizes().get(ModelBundle.NETWORK) / 1e6,
                written.sizes().get(ModelBundle.NETWORK) / 1e6,
                output);
        if (!tests.isEmpty()) {
            List<Trial> trials = new ArrayList<>();
            trials.add(trial("before", UnaryOperator.identity(), tests));
            trials.add(trial("now", any -> written, tests));
            out.print(TrialTable.text(trials));
        }
        out.flush();
        return failed == 0 ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private List<TestSet> sets(List<Path> lists, int count) {
        try {
            return Recordings.lists(
                    lists, count, warning -> command.commandLine().getErr().println("omniscribe: " + warning));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
    }

    private Trial trial(String name, UnaryOperator<ModelBundle> adaptation, List<TestSet> tests) {
        return Trial.run(name, model.builder(), decoder.decoder(), adaptation, tests, compared.normalizer(), fault -> {
            if (name.equals("before")) {
                fault(fault);
            }
        });
    }

    private void fault(String fault) {
        failed++;
        command.commandLine().getErr().println("omniscribe: " + fault);
    }

    /** The scores of the model that it was made of are not its own. */
    private ModelManifest manifest(ModelBundle bundle, BundleNetwork reshaped, ExpertStatistics statistics) {
        ModelManifest old = bundle.manifest();
        Provenance from = old.provenance();
        Map<String, String> training = new LinkedHashMap<>(from.training());
        training.put("madeOf", old.name() + ", " + method() + ", calibrated on " + statistics.steps() + " steps");
        training.put("expertsStored", reshaped.plan().format());
        return old.withOrigin(
                old.name() + "-keep" + keep,
                new Provenance(from.data(), from.steps(), training, Map.of(), from.licence(), from.created()));
    }
}
