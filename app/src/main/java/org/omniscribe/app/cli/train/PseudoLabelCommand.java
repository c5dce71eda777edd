package org.omniscribe.app.cli.train;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.omniscribe.app.batch.AudioFiles;
import org.omniscribe.app.batch.AudioFiles.Input;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Progress;
import org.omniscribe.app.command.SettingsHash;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.option.DecoderOptions;
import org.omniscribe.app.option.ModelOptions;
import org.omniscribe.app.option.SelectionOptions;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.export.label.LabelFile;
import org.omniscribe.export.label.Labeler;
import org.omniscribe.export.label.LabelledRecording;
import org.omniscribe.export.label.Selection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe pseudo-label}: training data of recordings that nobody has transcribed. */
@Command(
        name = "pseudo-label",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Transcribe recordings and write a manifest to train on of what is likely to be right.",
            "",
            "Recordings are cut at pauses. A stretch is kept if it is long and sure enough, if enough of it is speech,"
                    + " and, with --agree-with, if a second model heard the same. Recordings that are the same sound are"
                    + " taken once, and a text that comes again and again is kept a few times only.",
            "",
            "All that was heard is kept in OUT.labels: the same command goes on after an interruption, and other limits"
                    + " can be tried without recognising anything again."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe pseudo-label recordings/ --out pseudo/manifest.jsonl",
            "  omniscribe pseudo-label recordings/ --out pseudo/manifest.jsonl --model big.zip --agree-with other.zip",
            "",
            "In a recipe for omniscribe train:  \"corpora\": [{\"manifest\": \"pseudo/manifest.jsonl\", \"weight\": 1}]"
        })
public final class PseudoLabelCommand implements Callable<Integer> {
    /** Options that change nothing in what is heard. */
    private static final Set<String> NO_MATTER = Set.of(
            "--out",
            "--model",
            "--agree-with",
            "--min-seconds",
            "--min-confidence",
            "--min-speech",
            "--min-agreement",
            "--max-repeats",
            "--jobs",
            "--device",
            "--threads",
            "--verbose");

    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "Recordings, and folders that are searched for them.")
    private List<Path> named;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The manifest; its name ends in .jsonl.")
    private Path out;

    @Option(
            names = "--agree-with",
            paramLabel = "BUNDLE",
            description = "A second model, which must have heard nearly the same.")
    private Path second;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Recordings to work on at the same time. Default: one a processor.")
    private Integer jobs;

    @Mixin
    private SelectionOptions limits;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DecoderOptions decoder;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Selection.Rules rules = limits.rules();
        if (!out.toString().endsWith(".jsonl")) {
            throw usage("--out must end in .jsonl, so that it is read as what it is; not " + out);
        }
        AudioFiles files = AudioFiles.find(named, true);
        PrintWriter err = command.commandLine().getErr();
        files.failures().forEach((path, reason) -> err.println("omniscribe: " + path + ": " + reason));
        int processors = Runtime.getRuntime().availableProcessors();
        int workers = Math.max(
                1, Math.min(jobs == null ? processors : jobs, files.inputs().size()));
        if (jobs != null && jobs < 1) {
            throw usage("--jobs must be at least 1, not " + jobs);
        }
        Path labels = out.resolveSibling(out.getFileName() + ".labels");
        try (Recognizer first = Recognizer.open(options(workers).build());
                Recognizer other = second == null
                        ? null
                        : Recognizer.open(options(workers).model(second).build());
                LabelFile file = LabelFile.open(labels, settings(first, Optional.ofNullable(other)))) {
            Labeler labeler = new Labeler(first, Optional.ofNullable(other), rules.maxSeconds());
            List<LabelledRecording> recordings = new ArrayList<>();
            boolean whole = label(files.inputs(), labeler, file, workers)
                    && files.failures().isEmpty();
            for (Input input : files.inputs()) {
                file.get(input.path()).ifPresent(recordings::add);
            }
            Selection selection = Selection.of(recordings, rules);
            AtomicFile.write(out, writer -> {
                for (Selection.Kept kept : selection.kept()) {
                    writer.write(line(kept) + "\n");
                }
            });
            SelectionOptions.tell(err, selection.counts(recordings.size()), out.toString());
            return whole ? ExitCode.DONE : ExitCode.SOME_FAILED;
        }
    }

    private RecognizerOptions.Builder options(int workers) {
        RecognizerOptions.Builder options =
                model.builder().decoder(decoder.decoder()).attention(decoder.attention());
        if (!model.threadsGiven()) {
            options.threads(Math.max(1, Runtime.getRuntime().availableProcessors() / workers));
        }
        return options;
    }

    private String settings(Recognizer first, Optional<Recognizer> other) {
        String hash = SettingsHash.of(command.commandLine().getParseResult(), first.model(), NO_MATTER);
        return other.map(
                        o -> hash + " " + SettingsHash.of(command.commandLine().getParseResult(), o.model(), NO_MATTER))
                .orElse(hash);
    }

    /** Labels what is not labelled yet; false if a recording could not be read. */
    private boolean label(List<Input> inputs, Labeler labeler, LabelFile file, int workers)
            throws IOException, InterruptedException {
        List<Path> left = inputs.stream()
                .map(Input::path)
                .filter(path -> file.get(path).isEmpty())
                .toList();
        boolean whole = true;
        PrintWriter err = command.commandLine().getErr();
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        try (Progress progress = new Progress(err, Progress.terminalColumns(), left.size(), 0)) {
            CompletionService<LabelledRecording> done = new ExecutorCompletionService<>(threads);
            left.forEach(recording -> done.submit(() -> labeler.label(recording)));
            for (int i = 0; i < left.size(); i++) {
                progress.begin();
                try {
                    LabelledRecording recording = done.take().get();
                    file.add(recording);
                    progress.end(recording.seconds());
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof AudioException)) {
                        throw new IllegalStateException(e.getCause());
                    }
                    whole = false;
                    progress.line("omniscribe: " + e.getCause().getMessage());
                    progress.end(0);
                }
            }
        } finally {
            threads.shutdownNow();
        }
        return whole;
    }

    private String line(Selection.Kept kept) {
        Path folder = out.toAbsolutePath().normalize().getParent();
        Path audio = Path.of(kept.recording().audio()).toAbsolutePath().normalize();
        boolean sameRoot = folder.getRoot().equals(audio.getRoot());
        return kept.candidate()
                .manifestLine(
                        (sameRoot ? folder.relativize(audio) : audio).toString().replace('\\', '/'));
    }

    private ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
