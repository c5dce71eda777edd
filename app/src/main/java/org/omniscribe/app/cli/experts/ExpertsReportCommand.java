package org.omniscribe.app.cli.experts;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Progress;
import org.omniscribe.app.command.TextTable;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.experts.Listening;
import org.omniscribe.app.experts.Recordings;
import org.omniscribe.app.option.ModelOption;
import org.omniscribe.app.option.ThreadsOption;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.OmniscribeException.Kind;
import org.omniscribe.asr.io.TextFile;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.experts.ExpertsReport;
import org.omniscribe.eval.experts.Findings;
import org.omniscribe.eval.experts.RoutingStudy;
import org.omniscribe.eval.run.TestSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe experts report}: what the experts of a model do, as a page. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Find out what the experts of a model do, and write it down as one HTML file with charts and typical"
                    + " sounds.",
            "",
            "It tells how much each expert is used, by layer and corpus; how far layers agree; how undecided the"
                    + " routers are; how long experts stay; how well a few experts cover a stretch; and what each of them"
                    + " knows of letters or phones, silence, the speaker's voice, noise and corpus. Texts are not needed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe experts report dev/*/manifest.tsv --out experts.html",
            "  omniscribe experts report talk.wav --out talk.html --json talk.json",
            "  omniscribe experts report dev/* -m shared.zip --against independent.zip --out both.html"
        })
final class ExpertsReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "1..*",
            paramLabel = "AUDIO|MANIFEST",
            description = "Audio files, and manifests or folders of the kinds that \"omniscribe eval\" takes.")
    private List<Path> inputs;

    @Option(names = "--out", required = true, paramLabel = "REPORT.html", description = "The page to write.")
    private Path page;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON too.")
    private Path json;

    @Mixin
    private ModelOption model;

    @Option(names = "--against", paramLabel = "BUNDLE", description = "A second model, shown beside the first.")
    private Path against;

    @Option(
            names = "--most",
            paramLabel = "N",
            defaultValue = "200",
            description = "Utterances of each list, evenly over it. Default: ${DEFAULT-VALUE}.")
    private int most;

    @Option(
            names = "--speakers",
            paramLabel = "FILE",
            description = "What is known of the speakers, such as their sex: a speaker and a word a line, with a tab"
                    + " between.")
    private Path speakers;

    @Option(
            names = "--snippets",
            paramLabel = "N",
            defaultValue = "3",
            description = "Sounds of each expert of each layer, as far as there is room. Default: ${DEFAULT-VALUE}.")
    private int snippets;

    @Option(
            names = "--sound-limit",
            paramLabel = "MB",
            defaultValue = "8",
            description = "How much sound the page may hold. Default: ${DEFAULT-VALUE}.")
    private double soundLimit;

    @Mixin
    private ThreadsOption threads;

    private int failed;

    @Override
    public Integer call() throws IOException {
        check();
        Map<String, String> groups = groups();
        List<TestSet> sets;
        try {
            sets = Recordings.all(inputs, most, this::tell);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
        List<ModelBundle> bundles = new ArrayList<>();
        bundles.add(model.bundle());
        if (against != null) {
            bundles.add(ModelBundle.open(against));
        }
        int total = sets.stream().mapToInt(set -> set.utterances().size()).sum();
        List<ExpertsReport.Studied> studied = new ArrayList<>();
        for (ModelBundle bundle : bundles) {
            RoutingStudy study;
            failed = 0;
            double seconds = sets.stream()
                    .flatMap(set -> set.utterances().stream())
                    .mapToDouble(Utterance::seconds)
                    .sum();
            try (Progress progress =
                    new Progress(command.commandLine().getErr(), Progress.terminalColumns(), total, seconds)) {
                study = Listening.study(
                        bundle,
                        sets,
                        groups,
                        snippets,
                        threads.orProcessors(),
                        warning -> progress.line("omniscribe: " + warning),
                        (utterance, fault) -> {
                            progress.begin();
                            progress.end(utterance.seconds());
                            if (fault != null) {
                                failed++;
                                progress.line("omniscribe: " + fault);
                            }
                        });
            }
            if (failed == total) {
                throw new CommandException(Kind.INPUT, "none of the recordings could be read");
            }
            Findings findings = study.findings();
            studied.add(new ExpertsReport.Studied(findings, study.snippets()));
            print(findings);
        }
        String html = ExpertsReport.html(studied, (long) (soundLimit * 1e6));
        AtomicFile.write(page, file -> file.write(html));
        if (json != null) {
            AtomicFile.write(json, file -> file.write(ExpertsReport.json(studied)));
        }
        return failed == 0 ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private void check() {
        Faults faults = new Faults();
        faults.atLeast("--most", most, 1);
        faults.range("--snippets", snippets, 0, 100);
        faults.range("--sound-limit", soundLimit, 0, 1000);
        faults.orThrow(all -> new ParameterException(command.commandLine(), all));
        threads.orProcessors();
    }

    private Map<String, String> groups() throws IOException {
        Map<String, String> groups = new HashMap<>();
        if (speakers != null) {
            List<String> lines = TextFile.lines(speakers);
            for (int i = 0; i < lines.size(); i++) {
                String[] parts = lines.get(i).split("\t");
                if (parts.length != 2 && !lines.get(i).isBlank()) {
                    throw new CommandException(
                            Kind.INPUT,
                            speakers + ", line " + (i + 1) + ": is not a speaker and a word with a tab between");
                }
                if (parts.length == 2) {
                    groups.put(parts[0].strip(), parts[1].strip());
                }
            }
        }
        return groups;
    }

    private void tell(String warning) {
        command.commandLine().getErr().println("omniscribe: " + warning);
    }

    /** The figures of the paper's analyses, a line a layer. */
    private void print(Findings findings) {
        PrintWriter out = command.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%s: %s; %d recordings, %d steps%n",
                findings.model(),
                findings.network(),
                findings.recordings(),
                findings.steps());
        TextTable table = new TextTable(
                "layer", "usage %", "router entropy", "chosen at %", "stretch ms", "as layer before %", "renamed %");
        for (int i = 0; i < findings.layers().size(); i++) {
            Findings.Layer layer = findings.layers().get(i);
            List<String> usage = new ArrayList<>();
            for (double share : layer.usage()) {
                usage.add(TextTable.number("%.0f", 100 * share));
            }
            table.add(
                    Integer.toString(i + 1),
                    String.join(" ", usage),
                    layer.routerEntropy() == null ? "-" : TextTable.number("%.3f", layer.routerEntropy()),
                    TextTable.number("%.1f", 100 * layer.topProbability()),
                    TextTable.number(
                            "%.0f",
                            1000 * findings.stepSeconds() * layer.segments().mean()),
                    i == 0
                            ? ""
                            : TextTable.number(
                                    "%.1f", 100 * findings.agreement().same()[i][i - 1]),
                    i == 0
                            ? ""
                            : TextTable.number(
                                    "%.1f", 100 * findings.agreement().renamed()[i][i - 1]));
        }
        out.print(table);
        out.printf(
                Locale.ROOT,
                "all pairs of layers agree on %.1f %% of steps, %.1f %% under the best renaming%n",
                100 * Findings.Agreement.mean(findings.agreement().same()),
                100 * Findings.Agreement.mean(findings.agreement().renamed()));
        out.flush();
    }
}
