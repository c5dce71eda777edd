package org.omniscribe.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.omniscribe.app.batch.AtomicFile;
import org.omniscribe.app.batch.AudioFiles;
import org.omniscribe.app.batch.AudioFiles.Input;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.export.label.LabelException;
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
            "Recordings are cut at pauses. A stretch is kept if it is long and sure enough, if enough of it is speech, and,"
                    + " with --agree-with, if a second model heard the same. Recordings that are the same sound are taken"
                    + " once, and a text that comes again and again is kept a few times only.",
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
final class PseudoLabelCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

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
            names = "--min-seconds",
            paramLabel = "S",
            defaultValue = "1",
            description = "Leave out what is shorter. Default: ${DEFAULT-VALUE}.")
    private double minSeconds;

    @Option(
            names = "--max-seconds",
            paramLabel = "S",
            defaultValue = "15",
            description = "Cut what is longer. Default: ${DEFAULT-VALUE}.")
    private double maxSeconds;

    @Option(
            names = "--min-confidence",
            paramLabel = "P",
            defaultValue = "0.9",
            description = "Least mean confidence of the words, 0 to 1. Default: ${DEFAULT-VALUE}.")
    private double minConfidence;

    @Option(
            names = "--min-speech",
            paramLabel = "P",
            defaultValue = "0.4",
            description = "Least share of the time that lies in words, 0 to 1. Default: ${DEFAULT-VALUE}.")
    private double minSpeech;

    @Option(
            names = "--min-agreement",
            paramLabel = "P",
            defaultValue = "0.9",
            description = "Least share of words that both models heard alike, 0 to 1. Default: ${DEFAULT-VALUE}.")
    private double minAgreement;

    @Option(
            names = "--max-repeats",
            paramLabel = "N",
            defaultValue = "5",
            description = "Keep one text at most so often. Default: ${DEFAULT-VALUE}.")
    private int maxRepeats;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Recordings to work on at the same time. Default: one a processor.")
    private Integer jobs;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DecoderOptions decoder;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Selection.Rules rules = rules();
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
            Labeler labeler = new Labeler(first, Optional.ofNullable(other), maxSeconds);
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
            tell(selection, recordings.size());
            return whole ? ExitCode.DONE : ExitCode.SOME_FAILED;
        } catch (LabelException e) {
            throw new CommandException(ExitCode.SOME_FAILED, e.getMessage());
        }
    }

    private Selection.Rules rules() {
        try {
            return new Selection.Rules(minSeconds, maxSeconds, minConfidence, minSpeech, minAgreement, maxRepeats);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    private RecognizerOptions.Builder options(int workers) {
        RecognizerOptions.Builder options = model.builder().decoder(decoder.decoder());
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
        String name = (sameRoot ? folder.relativize(audio) : audio).toString().replace('\\', '/');
        ObjectNode line = JSON.createObjectNode();
        line.put("id", name + "#" + rounded(kept.candidate().start()));
        line.put("audio", name);
        line.put("start", rounded(kept.candidate().start()));
        line.put("end", rounded(kept.candidate().end()));
        line.put("text", kept.candidate().text());
        line.put("confidence", rounded(kept.candidate().confidence()));
        line.put("speech", rounded(kept.candidate().speech()));
        if (kept.candidate().agreement() != null) {
            line.put("agreement", rounded(kept.candidate().agreement()));
        }
        return line.toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private void tell(Selection selection, int recordings) {
        PrintWriter err = command.commandLine().getErr();
        int stretches = selection.kept().size()
                + selection.dropped().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum();
        err.printf(
                Locale.ROOT,
                "%d of %d stretches kept, %.2f of %.2f h, of %d recording%s; %s%n",
                selection.kept().size(),
                stretches,
                selection.keptSeconds() / 3600,
                selection.seconds() / 3600,
                recordings,
                recordings == 1 ? "" : "s",
                out);
        for (Selection.Reason reason : Selection.Reason.values()) {
            if (selection.dropped().containsKey(reason)) {
                err.printf(Locale.ROOT, "%8d %s%n", selection.dropped().get(reason), reason.words());
            }
        }
        if (!selection.twice().isEmpty()) {
            err.printf(
                    Locale.ROOT,
                    "%8d recordings are the same sound as another, the first: %s%n",
                    selection.twice().size(),
                    selection.twice().get(0));
        }
        err.flush();
    }

    private ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
