package org.omniscribe.app.cli.transcribe;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.omniscribe.app.batch.Arrivals;
import org.omniscribe.app.batch.AudioFiles;
import org.omniscribe.app.batch.AudioFiles.Input;
import org.omniscribe.app.batch.BatchJson;
import org.omniscribe.app.batch.BatchRounds;
import org.omniscribe.app.batch.BatchSettings;
import org.omniscribe.app.batch.BatchText;
import org.omniscribe.app.batch.Journal;
import org.omniscribe.app.batch.Plan.Existing;
import org.omniscribe.app.batch.Results;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.SettingsHash;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.life.Life;
import org.omniscribe.app.option.ChannelOption;
import org.omniscribe.app.option.DecoderOptions;
import org.omniscribe.app.option.ModelOptions;
import org.omniscribe.app.option.RoutingOptions;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.io.OmniscribeException.Kind;
import org.omniscribe.asr.transcript.TranscriptFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe transcribe}: recordings in, transcripts out. */
@Command(
        name = "transcribe",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Transcribe recordings.",
            "",
            "The text of one file goes to standard output where neither -f nor -o is given. Else every recording gets a"
                    + " file for each format, beside it or in the folder after -o, and named after it: talk.wav gives"
                    + " talk.json. The full name is kept (talk.wav.json) where two would get the same.",
            "",
            "A batch, which is a folder or goes to one, can be started again after any interruption: it keeps a"
                    + " journal, and does what is not done or has changed. The folder after -o, else the first one named,"
                    + " gets results.jsonl, a line for each recording, and results-summary.json."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe transcribe talk.wav",
            "  omniscribe transcribe talk.wav -f json -o -",
            "  omniscribe transcribe interviews/ -f txt,srt -o transcripts/",
            "  omniscribe transcribe interviews/ -o transcripts/ --jobs 4 --max-time 600",
            "  find . -name '*.mp3' -print0 | omniscribe transcribe --files-from - -o transcripts/",
            "  omniscribe transcribe incoming/ -o transcripts/ --watch"
        })
public final class TranscribeCommand implements Callable<Integer> {
    private static final Path STANDARD_OUTPUT = Path.of("-");

    /** Options that change nothing in a transcript. */
    private static final Set<String> NO_MATTER = Set.of(
            "--format",
            "--output",
            "--existing",
            "--model",
            "--device",
            "--threads",
            "--recursive",
            "--files-from",
            "--jobs",
            "--max-seconds",
            "--max-time",
            "--max-memory",
            "--progress",
            "--watch",
            "--verbose");

    private static final long WATCH_MILLIS = 2000;

    /** How far transcripts for standard output may be ahead of the one whose turn it is, for each thread. */
    private static final int AHEAD = 64;

    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE|DIR",
            description =
                    "Recordings of any common format, - for standard input, folders, which are searched for them, or patterns such as"
                            + " 'talks/**.mp3'.")
    private List<Path> named = new ArrayList<>();

    @Option(
            names = {"-f", "--format"},
            split = ",",
            paramLabel = "FORMAT",
            description = "What to write: ${COMPLETION-CANDIDATES}, or several with commas between them. Default: TXT.")
    private List<TranscriptFormat> formats;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description =
                    "Where to write; it is made if missing. A name that ends like a format, such as talk.srt, is the"
                            + " file for the only recording. A - is standard output.")
    private Path folder;

    @Option(
            names = "--existing",
            paramLabel = "WHAT",
            defaultValue = "FAIL",
            description =
                    "If an output is there that this batch has not made: FAIL before anything is done, SKIP it, or"
                            + " REPLACE it. Default: ${DEFAULT-VALUE}.")
    private Existing existing;

    @Option(names = "--watch", description = "Go on until interrupted, with recordings that come into the folders.")
    private boolean watch;

    @Mixin
    private ChannelOption channel;

    @Option(
            names = "--nbest",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Tell in JSON the likeliest texts of each stretch of a recording with their scores, N at most, 2"
                            + " to 1000; texts that are far less likely than the best are not among them.")
    private int nBest;

    @Option(names = "--routing", description = "Tell in JSON which expert handled each step in each layer.")
    private boolean routing;

    @Mixin
    private BatchOptions batch;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DecoderOptions decoder;

    @Mixin
    private RoutingOptions routes;

    /** The format that a name after -o ends in, if it is no folder. */
    private static Optional<TranscriptFormat> fileFormat(Path name) {
        String text = name.getFileName() == null ? "" : name.getFileName().toString();
        String end = text.substring(text.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Files.isDirectory(name) || text.lastIndexOf('.') < 1
                ? Optional.empty()
                : Stream.of(TranscriptFormat.values())
                        .filter(format -> format.extension().equals(end))
                        .findFirst();
    }

    /**
     * Where transcripts go.
     *
     * @param standardOutput whether they are printed
     * @param file the file for the only one, if one was named
     * @param folder the folder for all, if one was named
     * @param formats at least one
     */
    private record Destination(
            boolean standardOutput, Optional<Path> file, Optional<Path> folder, List<TranscriptFormat> formats) {
        /** Where the journal and the results are, if anywhere. */
        Optional<Path> home(List<Path> all) {
            return standardOutput || file.isPresent()
                    ? Optional.empty()
                    : folder.or(() -> all.stream().filter(Files::isDirectory).findFirst());
        }
    }

    @Override
    public Integer call() {
        List<Path> all = new ArrayList<>();
        named.forEach(path -> all.add(path.toString().equals("-") ? BatchOptions.path("-") : path));
        all.addAll(batch.listed());
        if (all.isEmpty()) {
            throw usage("name recordings or folders, or a list of them after --files-from");
        }
        batch.limits();
        AudioFiles files = AudioFiles.find(all, batch.recursive());
        Destination destination = destination(all, files);
        check(destination);
        report(files);
        int workers = batch.workers(
                model.threadsGiven(), watch ? Integer.MAX_VALUE : files.inputs().size());
        Optional<Path> home = destination.home(all);
        home.filter(Results::inTheWay).ifPresent(path -> {
            throw usage(path + " has a " + Results.LINES + " or " + Results.SUMMARY + " of another origin; nothing was"
                    + " done. Move it away, or name another folder after -o");
        });
        Recognizer recognizer = Recognizer.open(recognizerOptions(workers));
        recognizer.warning().ifPresent(this::report);
        try (Journal journal = home.map(Journal::open).orElse(null)) {
            BatchRounds rounds = rounds(recognizer, workers, destination, home, Optional.ofNullable(journal));
            try {
                if (watch) {
                    watch(all, rounds);
                    return ExitCode.DONE;
                }
                boolean allDone = destination.standardOutput()
                        ? rounds.toStandardOutput(files.inputs())
                        : rounds.toFiles(files.inputs());
                return allDone && files.failures().isEmpty() ? ExitCode.DONE : ExitCode.SOME_FAILED;
            } finally {
                if (rounds.threadsEnded()) {
                    recognizer.close();
                }
            }
        }
    }

    private Destination destination(List<Path> all, AudioFiles files) {
        List<TranscriptFormat> wanted = formats == null
                ? List.of(TranscriptFormat.TXT)
                : formats.stream().distinct().toList();
        boolean single = all.size() == 1 && files.names(all.get(0));
        boolean stream = files.inputs().stream().anyMatch(input -> AudioFiles.isStream(input.path()));
        boolean standardOutput = folder == null
                ? single && (formats == null || stream && wanted.size() == 1)
                : folder.equals(STANDARD_OUTPUT);
        if (folder == null && stream && !standardOutput) {
            throw usage("transcripts of standard input or a pipe cannot be put beside it; name a folder or a file after"
                    + " -o, or - for standard output");
        }
        if (standardOutput || folder == null) {
            return new Destination(standardOutput, Optional.empty(), Optional.empty(), wanted);
        }
        Optional<TranscriptFormat> byName = fileFormat(folder);
        if (byName.isEmpty()) {
            return new Destination(false, Optional.empty(), Optional.of(folder), wanted);
        }
        if (!single || wanted.size() > 1) {
            throw usage("-o " + folder + " names one file, but there are "
                    + (single ? wanted.size() + " formats" : "several recordings") + "; name a folder");
        }
        if (formats != null && wanted.get(0) != byName.get()) {
            throw usage("-o " + folder + " ends like another format than -f; leave -f out, or name a folder");
        }
        return new Destination(false, Optional.of(folder), Optional.empty(), List.of(byName.get()));
    }

    private void check(Destination destination) {
        if (nBest < 1 || nBest > RecognizerOptions.MAX_TEXTS) {
            throw usage("--nbest must be from 1 to " + RecognizerOptions.MAX_TEXTS + ", not " + nBest);
        }
        if (destination.standardOutput() && destination.formats().size() > 1) {
            throw usage("only one format goes to standard output; name a folder after -o");
        }
        if (destination.standardOutput() && watch) {
            throw usage("what --watch finds goes to files; name a folder after -o");
        }
    }

    private void report(AudioFiles files) {
        if (!batch.json()) {
            files.failures().forEach((path, reason) -> report(path + ": " + reason));
        }
        if (files.inputs().isEmpty() && !watch) {
            throw new CommandException(
                    Kind.INPUT,
                    "no recordings found; name files themselves if their names do not end like audio (.wav, .flac,"
                            + " .mp3, ...)");
        }
    }

    private void report(String text) {
        command.commandLine().getErr().println("omniscribe: " + text);
    }

    private RecognizerOptions recognizerOptions(int workers) {
        RecognizerOptions.Builder options = model.builder()
                .channel(channel.channel())
                .nBest(nBest)
                .routing(routing)
                .decoder(decoder.decoder())
                .attention(decoder.attention())
                .adaptation(routes.adaptation());
        if (!model.threadsGiven()) {
            options.threads(Math.max(1, Runtime.getRuntime().availableProcessors() / workers));
        }
        return options.build();
    }

    private BatchRounds rounds(
            Recognizer recognizer,
            int workers,
            Destination destination,
            Optional<Path> home,
            Optional<Journal> journal) {
        BatchSettings settings = new BatchSettings(recognizer)
                .channel(channel.channel())
                .workers(workers)
                .limits(batch.limits());
        if (home.isEmpty()) {
            settings.ahead(AHEAD * workers);
        }
        Existing where = watch && existing == Existing.FAIL ? Existing.SKIP : existing;
        String hash = SettingsHash.of(command.commandLine().getParseResult(), recognizer.model(), NO_MATTER);
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        return new BatchRounds(
                settings,
                new BatchRounds.Outputs(destination.formats(), where, destination.folder(), destination.file()),
                new BatchRounds.Memory(home, journal, hash),
                (jobs, already) -> batch.json()
                        ? new BatchJson(out, err, jobs.size(), already, workers)
                        : new BatchText(out, err, jobs, channel.channel()));
    }

    /** Goes on until a signal comes. */
    private void watch(List<Path> all, BatchRounds rounds) {
        report("waiting for recordings; Ctrl-C ends it");
        Arrivals arrivals = new Arrivals();
        while (!Life.ending()) {
            List<Input> arrived =
                    arrivals.look(AudioFiles.find(all, batch.recursive()).inputs());
            if (!arrived.isEmpty()) {
                rounds.toFiles(arrived);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(WATCH_MILLIS));
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
