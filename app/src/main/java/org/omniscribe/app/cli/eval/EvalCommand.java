package org.omniscribe.app.cli.eval;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Progress;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.life.Life;
import org.omniscribe.app.option.DecoderOptions;
import org.omniscribe.app.option.DeviceOptions;
import org.omniscribe.app.option.RoutingOptions;
import org.omniscribe.app.option.ScoringOptions;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.io.OmniscribeException.Kind;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.datasets.Detection;
import org.omniscribe.datasets.TestPart;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.datasets.UtteranceList;
import org.omniscribe.datasets.corpora.Corpora;
import org.omniscribe.eval.report.Report;
import org.omniscribe.eval.report.ReportFiles;
import org.omniscribe.eval.report.TextReport;
import org.omniscribe.eval.run.Concern;
import org.omniscribe.eval.run.Evaluation;
import org.omniscribe.eval.run.ImportedOutput;
import org.omniscribe.eval.run.Recognition;
import org.omniscribe.eval.run.RecognizerTranscriber;
import org.omniscribe.eval.run.RunFolder;
import org.omniscribe.eval.run.SystemInfo;
import org.omniscribe.eval.run.SystemLog;
import org.omniscribe.eval.run.TestSet;
import org.omniscribe.eval.run.TestSets;
import org.omniscribe.eval.score.MacroAverage;
import org.omniscribe.eval.text.Normalizers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe eval}: how many errors recognisers make on recordings whose words are known. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Recognise test sets, and report word error rates that can be checked: a table here, and"
                    + " report/report.html, .md, .csv and .json in the folder of the run.",
            "",
            "A manifest has one utterance a line, four columns with tabs between them: audio file (relative to the"
                    + " manifest), seconds, speaker, text; or, if its name ends in .jsonl, a JSON object with audio, text"
                    + " and, for a segment, start, end and channel. Folders of Kaldi's (wav.scp) and those with"
                    + " metadata.csv or metadata.jsonl are read too.",
            "",
            "A run may be interrupted at any time and goes on when it is started again; nothing is recognised twice."
                    + " Without test sets and models, what a run has is only scored again. All models in a run are"
                    + " compared pair by pair.",
            "",
            "Utterances without words to compare and files that are no audio are in no rate; they are named below the"
                    + " table."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe eval --data /corpora --run runs/first",
            "  omniscribe eval --run runs/first --model other.zip",
            "  omniscribe eval --run runs/first --normalizer open-asr",
            "  omniscribe eval dev/*/manifest.tsv --run runs/dev --import sphinx=sphinx.trn"
        })
public final class EvalCommand implements Callable<Integer> {
    private static final long MEGABYTE = 1_000_000;

    /** How long the utterance at hand, and the report, may take after a signal. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "0..*",
            paramLabel = "MANIFEST",
            description = "Test sets: a manifest or a folder of one of these kinds each.")
    private List<Path> manifests = List.of();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Take what is there of the ten benchmarks, in their original layouts; see omniscribe data.")
    private Path data;

    @Option(
            names = "--set",
            paramLabel = "NAME",
            split = ",",
            description = "Only these test sets, such as librispeech-clean.")
    private List<String> only = List.of();

    @Option(
            names = "--run",
            paramLabel = "DIR",
            defaultValue = "omniscribe-run",
            description = "The folder of the run; it keeps everything. Default: ${DEFAULT-VALUE}.")
    private Path run;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "BUNDLE",
            description =
                    "A model, a folder or a zip file; may be given several times. Default: the one that is built in.")
    private List<Path> models = List.of();

    @Option(
            names = "--import",
            paramLabel = "NAME=FILE",
            description =
                    "What another system recognised, as trn, tsv or ctm; lines have the utterances' ids or names of"
                            + " audio files.")
    private Map<String, Path> imports = Map.of();

    @Option(names = "--score-only", description = "Recognise nothing; score what the run has.")
    private boolean scoreOnly;

    @Mixin
    private ScoringOptions scoring;

    @Option(
            names = "--report-audio",
            paramLabel = "MB",
            defaultValue = "8",
            description = "Sound of the worst utterances that report.html may hold. Default: ${DEFAULT-VALUE}.")
    private int reportAudio;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private DecoderOptions decoder;

    @Mixin
    private RoutingOptions routes;

    /** Whether something that was asked for could not be done. */
    private boolean incomplete;

    @Override
    public Integer call() throws IOException {
        boolean named = !manifests.isEmpty() || data != null;
        try (RunFolder folder = RunFolder.open(run)) {
            List<TestSet> sets = named ? read() : stored(folder);
            if (!only.isEmpty()) {
                sets = chosen(sets);
            }
            if (named) {
                for (TestSet set : sets) {
                    folder.save(set);
                }
            }
            if (!scoreOnly && (named || !models.isEmpty())) {
                recognise(folder, sets);
            }
            List<Concern> concerns = importAll(folder, sets);
            Report report =
                    Report.of(Instant.now(), scoring.scoring(Normalizers.WHISPER_EN), sets, folder.systems(), concerns);
            if (report.systems().isEmpty()) {
                throw new CommandException(Kind.INPUT, "nothing of these test sets has been recognised in " + run);
            }
            return tell(report);
        }
    }

    private int tell(Report report) throws IOException {
        PrintWriter out = command.commandLine().getOut();
        out.print(TextReport.format(report));
        out.flush();
        Path html = ReportFiles.write(report, run.resolve("report"), reportAudio * MEGABYTE);
        tell("the report is in " + html);
        boolean whole = report.concerns().stream()
                .map(Concern::kind)
                .noneMatch(k -> k == Concern.Kind.AUDIO_FAILED
                        || k == Concern.Kind.PENDING
                        || k == Concern.Kind.NO_HYPOTHESIS
                        || k == Concern.Kind.UNKNOWN_HYPOTHESIS);
        return whole && !incomplete ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private void tell(String line) {
        command.commandLine().getErr().println("omniscribe: " + line);
        command.commandLine().getErr().flush();
    }

    /** The sets that can be read; the faults of the others are told. */
    private List<TestSet> read() {
        List<TestSet> sets = new ArrayList<>();
        List<String> names;
        try {
            names = TestSets.names(manifests);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
        for (int i = 0; i < names.size(); i++) {
            try {
                UtteranceList list = UtteranceList.read(manifests.get(i));
                list.warnings().forEach(this::tell);
                sets.add(new TestSet(names.get(i), false, "", list.utterances(), list.warnings()));
            } catch (DatasetException e) {
                incomplete = true;
                tell(e.getMessage());
            }
        }
        if (data != null) {
            benchmarks(sets);
        }
        if (sets.isEmpty()) {
            throw new CommandException(Kind.INPUT, "there is nothing to recognise");
        }
        return sets;
    }

    private void benchmarks(List<TestSet> sets) {
        for (Corpora.Finding finding : Corpora.find(data)) {
            if (finding.detection() instanceof Detection.Present present) {
                try {
                    for (TestPart part : finding.corpus().read(present.root())) {
                        if (sets.stream().anyMatch(s -> s.name().equals(part.name()))) {
                            throw new ParameterException(
                                    command.commandLine(),
                                    "two sets are called " + part.name() + "; rename the folder of the manifest");
                        }
                        part.warnings().forEach(w -> tell(part.name() + ": " + w));
                        sets.add(TestSet.of(part));
                    }
                } catch (DatasetException e) {
                    incomplete = true;
                    tell(e.getMessage());
                }
            } else if (finding.detection() instanceof Detection.Incomplete absent) {
                tell(finding.corpus().name() + " is left out: " + absent.reason());
            }
        }
    }

    /** What the run has, the benchmarks first and in their order. */
    private List<TestSet> stored(RunFolder folder) throws IOException {
        List<TestSet> sets = new ArrayList<>(folder.sets());
        if (sets.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "there is no run in " + run + " yet; name a MANIFEST, or a folder of benchmarks with --data");
        }
        sets.sort(Comparator.comparingInt(
                s -> Math.floorMod(MacroAverage.COLUMNS.indexOf(s.name()), MacroAverage.COLUMNS.size() + 1)));
        return sets;
    }

    private List<TestSet> chosen(List<TestSet> sets) {
        List<String> names = sets.stream().map(TestSet::name).toList();
        List<String> unknown = only.stream().filter(n -> !names.contains(n)).toList();
        if (!unknown.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "there is no test set " + String.join(", ", unknown) + "; there are " + String.join(", ", names));
        }
        return sets.stream().filter(s -> only.contains(s.name())).toList();
    }

    private void recognise(RunFolder folder, List<TestSet> sets) throws IOException {
        List<RecognizerOptions> wanted = new ArrayList<>();
        for (Path model : models) {
            wanted.add(options().model(model).build());
        }
        if (wanted.isEmpty()) {
            wanted.add(options().build());
        }
        for (RecognizerOptions options : wanted) {
            try (Recognizer recognizer = Recognizer.open(options)) {
                recognizer.warning().ifPresent(this::tell);
                SystemInfo info = SystemInfo.of(
                        name(recognizer, options),
                        recognizer.model(),
                        decoder.describe(recognizer.model()) + routes.describe(),
                        options);
                recognise(recognizer, folder.system(info), sets);
            }
        }
    }

    private RecognizerOptions.Builder options() {
        return device.builder()
                .decoder(decoder.decoder())
                .attention(decoder.attention())
                .adaptation(routes.adaptation())
                .routing(true);
    }

    /** Models that have one name are told apart by their files. */
    private String name(Recognizer recognizer, RecognizerOptions options) {
        String own = recognizer.model().name();
        return models.size() < 2 || options.model().isEmpty()
                ? own
                : own + " (" + options.model().get().getFileName() + ")";
    }

    private void recognise(Recognizer recognizer, SystemLog log, List<TestSet> sets) {
        Progress[] progress = new Progress[1];
        try (RecognizerTranscriber transcriber =
                new RecognizerTranscriber(recognizer, (done, total) -> progress[0].at(done))) {
            Evaluation evaluation = new Evaluation(
                    utterance -> {
                        if (Life.ending()) {
                            throw new CommandException(
                                    Kind.ENVIRONMENT,
                                    "a signal ended it; what is recognised is kept: start again to go on");
                        }
                        progress[0].begin();
                        return transcriber.transcribe(utterance);
                    },
                    log);
            List<Utterance> open =
                    sets.stream().flatMap(s -> evaluation.open(s).stream()).toList();
            double seconds = open.stream().mapToDouble(Utterance::seconds).sum();
            int all = sets.stream().mapToInt(s -> s.utterances().size()).sum();
            tell(log.info().name() + ": " + open.size() + " of " + all + " utterances to recognise");
            try (Progress bar =
                    new Progress(command.commandLine().getErr(), Progress.terminalColumns(), open.size(), seconds)) {
                progress[0] = bar;
                // After a signal the utterance at hand comes to its end, and its line into the log.
                Life.during(GRACE, () -> {}, () -> {
                    for (TestSet set : sets) {
                        evaluation.run(set, recognition -> done(set, recognition, bar));
                        bar.line(set.name() + ": " + set.utterances().size() + " utterances");
                    }
                    return sets;
                });
            }
        }
    }

    private static void done(TestSet set, Recognition recognition, Progress bar) {
        bar.end(recognition.seconds() == null ? 0 : recognition.seconds());
        if (recognition.isFailed()) {
            bar.line("omniscribe: " + set.name() + ", " + recognition.failure());
        }
    }

    private List<Concern> importAll(RunFolder folder, List<TestSet> sets) throws IOException {
        List<Concern> concerns = new ArrayList<>();
        for (Map.Entry<String, Path> entry : imports.entrySet()) {
            ImportedOutput output = ImportedOutput.read(entry.getValue(), sets);
            SystemInfo info = SystemInfo.importedFrom(
                    entry.getKey(), entry.getValue().getFileName().toString());
            folder.system(info).replaceAll(output.recognitions());
            output.unknown()
                    .forEach(id -> concerns.add(new Concern(Concern.Kind.UNKNOWN_HYPOTHESIS, entry.getKey(), id, "")));
        }
        return concerns;
    }
}
