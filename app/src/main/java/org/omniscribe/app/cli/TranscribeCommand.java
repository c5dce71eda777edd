package org.omniscribe.app.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.omniscribe.app.cli.TranscribeBatch.Job;
import org.omniscribe.app.cli.TranscribeBatch.Output;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.audio.Channel;
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
                    + " talk.json. The full name is kept (talk.wav.json) where two would get the same."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe transcribe talk.wav",
            "  omniscribe transcribe talk.wav -f json -o -",
            "  omniscribe transcribe interviews/ -f txt,srt -o transcripts/",
            "  omniscribe transcribe interviews/ -o transcripts/ --existing skip"
        })
final class TranscribeCommand implements Callable<Integer> {
    private static final Path STANDARD_OUTPUT = Path.of("-");

    /** What to do where an output is there already. */
    enum Existing {
        FAIL,
        SKIP,
        REPLACE
    }

    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "Recordings of any common format, or folders, which are searched for them at any depth.")
    private List<Path> named;

    @Option(
            names = {"-f", "--format"},
            split = ",",
            paramLabel = "FORMAT",
            description = "What to write: ${COMPLETION-CANDIDATES}, or several with commas between them. Default: TXT.")
    private List<TranscriptFormat> formats;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Where to write; it is made if missing. A - is standard output.")
    private Path folder;

    @Option(
            names = "--existing",
            paramLabel = "WHAT",
            defaultValue = "FAIL",
            description =
                    "If an output is there already: FAIL before anything is done, SKIP what is done, or REPLACE it."
                            + " Default: ${DEFAULT-VALUE}.")
    private Existing existing;

    @Option(
            names = "--channel",
            paramLabel = "N",
            converter = ChannelConverter.class,
            defaultValue = "mix",
            description = "The channel to transcribe, counted from 1, or mix for all. Default: ${DEFAULT-VALUE}.")
    private Channel channel;

    @Option(names = "--routing", description = "Tell in JSON which expert handled each step in each layer.")
    private boolean routing;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DecoderOptions decoder;

    @Override
    public Integer call() {
        PrintWriter err = command.commandLine().getErr();
        List<TranscriptFormat> wanted = formats == null
                ? List.of(TranscriptFormat.TXT)
                : formats.stream().distinct().toList();
        AudioFiles files = AudioFiles.find(named);
        boolean toStandardOutput = folder == null
                ? formats == null && named.size() == 1 && !Files.isDirectory(named.get(0))
                : folder.equals(STANDARD_OUTPUT);
        if (toStandardOutput && wanted.size() > 1) {
            throw new ParameterException(
                    command.commandLine(), "only one format goes to standard output; name a folder after -o");
        }
        RecognizerOptions options = model.builder()
                .channel(channel)
                .routing(routing)
                .decoder(decoder.decoder())
                .build();
        List<Job> jobs = toStandardOutput
                ? files.inputs().stream()
                        .map(input -> new Job(input.path(), List.of(new Output(wanted.get(0), null))))
                        .toList()
                : jobs(files.inputs(), wanted);

        files.failures().forEach((path, reason) -> err.println("omniscribe: " + path + ": " + reason));
        if (jobs.isEmpty()) {
            return nothingToDo(err, files);
        }
        boolean allDone;
        try (Recognizer recognizer = Recognizer.open(options)) {
            recognizer.warning().ifPresent(warning -> err.println("omniscribe: " + warning));
            allDone = new TranscribeBatch(
                            recognizer, channel, command.commandLine().getOut(), err)
                    .run(jobs);
        }
        return allDone && files.failures().isEmpty() ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private int nothingToDo(PrintWriter err, AudioFiles files) {
        if (files.inputs().isEmpty()) {
            err.println("omniscribe: no recordings found; name files themselves if their names do not end like audio"
                    + " (.wav, .flac, .mp3, ...)");
            return ExitCode.SOME_FAILED;
        }
        err.println("omniscribe: all " + files.inputs().size() + " recordings are transcribed already");
        return files.failures().isEmpty() ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    /** What is to be written, without what is there already and shall stay. */
    private List<Job> jobs(List<AudioFiles.Input> inputs, List<TranscriptFormat> wanted) {
        List<Path> names = OutputNames.of(inputs, folder);
        List<Job> jobs = new ArrayList<>();
        List<Path> inTheWay = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            List<Output> outputs = new ArrayList<>();
            for (TranscriptFormat format : wanted) {
                Path name = names.get(i);
                Path file = name.resolveSibling(name.getFileName() + "." + format.extension());
                boolean there = Files.exists(file);
                if (there && existing == Existing.FAIL) {
                    inTheWay.add(file);
                }
                if (!there || existing != Existing.SKIP) {
                    outputs.add(new Output(format, file));
                }
            }
            if (!outputs.isEmpty()) {
                jobs.add(new Job(inputs.get(i).path(), outputs));
            }
        }
        if (!inTheWay.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    (inTheWay.size() == 1
                                    ? inTheWay.get(0) + " is"
                                    : inTheWay.get(0) + " and " + (inTheWay.size() - 1) + " more outputs are")
                            + " there already; nothing was done. Say --existing skip or --existing replace, or name"
                            + " another folder after -o");
        }
        return jobs;
    }
}
