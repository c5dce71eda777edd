package org.omniscribe.app.cli.live;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.omniscribe.app.batch.BatchText;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.life.Life;
import org.omniscribe.app.live.LiveCaptions;
import org.omniscribe.app.live.LiveTranscript;
import org.omniscribe.app.option.ChannelOption;
import org.omniscribe.app.option.DecoderOptions;
import org.omniscribe.app.option.ModelOptions;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.audio.AudioRecording;
import org.omniscribe.asr.audio.AudioSource;
import org.omniscribe.asr.audio.Microphone;
import org.omniscribe.asr.audio.PlayedFile;
import org.omniscribe.asr.io.OmniscribeException.Kind;
import org.omniscribe.asr.stream.LiveSession;
import org.omniscribe.asr.stream.StreamOptions;
import org.omniscribe.asr.transcript.TranscriptFormat;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code omniscribe live}: speech in, captions out, while it is spoken. */
@Command(
        name = "live",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Transcribe speech while it is spoken.",
            "",
            "On a terminal the words appear as they are heard; those that may still change are dim. Where standard"
                    + " output is no terminal, it gets finished utterances only, one a line. Ctrl-C ends the session, and"
                    + " everything is kept."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe live",
            "  omniscribe live -o meeting.txt --record meeting.flac",
            "  omniscribe live -f txt,srt,json -o meeting",
            "  omniscribe live --file talk.wav --speed 4"
        })
public final class LiveCommand implements Callable<Integer> {
    /** How long the end of the program waits for the last words. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Spec
    private CommandSpec command;

    /** Where the sound comes from. */
    static final class From {
        @Option(
                names = "--mic",
                paramLabel = "N",
                description =
                        "The microphone with this number in --list, or with this in its name. Default: the first.")
        private String microphone;

        @Option(names = "--file", paramLabel = "FILE", description = "A recording that plays the part of a microphone.")
        private Path file;

        @Option(names = "--list", description = "List the microphones and end.")
        private boolean list;
    }

    @ArgGroup
    private From from = new From();

    @Option(
            names = "--speed",
            paramLabel = "X",
            defaultValue = "1",
            description = "How fast --file is played: 1 as it was spoken, inf as fast as it can be recognised. Default:"
                    + " ${DEFAULT-VALUE}.")
    private String speed;

    @Mixin
    private ChannelOption channel;

    @Option(
            names = {"-f", "--format"},
            split = ",",
            paramLabel = "FORMAT",
            description = "What to write to the file after -o: ${COMPLETION-CANDIDATES}, or several with commas between"
                    + " them, each to a file with its own ending. Default: what the file's name ends in, else TXT.")
    private List<TranscriptFormat> formats;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write the transcript, every second and at the end, whole each time.")
    private Path output;

    @Option(names = "--record", paramLabel = "FILE", description = "Keep the sound in this file, .wav or .flac.")
    private Path record;

    @Option(
            names = "--pause",
            paramLabel = "SECONDS",
            defaultValue = "0.8",
            description = "Seconds of silence that end an utterance, 0.2 to 10. Default: ${DEFAULT-VALUE}.")
    private double pause;

    @Option(
            names = "--chunk",
            paramLabel = "SECONDS",
            defaultValue = "0.48",
            description = "Seconds of new sound after which the words are looked for again, 0.04 to 10. Default:"
                    + " ${DEFAULT-VALUE}.")
    private double chunk;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DecoderOptions decoder;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        List<Microphone> microphones = from.file == null ? Microphone.list() : List.of();
        if (from.list) {
            microphones.forEach(microphone -> out.println(microphone.describe()));
            out.flush();
            if (microphones.isEmpty()) {
                throw noMicrophone();
            }
            return ExitCode.DONE;
        }
        StreamOptions how = streamOptions();
        List<LiveTranscript.Output> outputs = outputs();
        refuseToOverwrite(outputs);
        AudioSource source = source(microphones);
        RecognizerOptions options = model.builder()
                .decoder(decoder.decoder())
                .attention(decoder.attention())
                .build();
        try (Recognizer recognizer = Recognizer.open(options)) {
            recognizer.warning().ifPresent(warning -> err.println("omniscribe: " + warning));
            Optional<AudioRecording> recording = Optional.ofNullable(record).map(AudioRecording::create);
            return run(recognizer, source, how, recording, outputs);
        }
    }

    private int run(
            Recognizer recognizer,
            AudioSource source,
            StreamOptions how,
            Optional<AudioRecording> recording,
            List<LiveTranscript.Output> outputs)
            throws InterruptedException {
        PrintWriter err = command.commandLine().getErr();
        LiveCaptions captions =
                new LiveCaptions(command.commandLine().getOut(), err, LiveCaptions.terminalColumns(), source.live());
        LiveTranscript transcript =
                new LiveTranscript(source.name(), recognizer.model().name(), outputs, captions::tell);
        LiveSession session = recognizer.listen(source, how, recording, event -> {
            transcript.take(event);
            captions.take(event);
        });
        // Ctrl-C is how a session ends: the last words are waited for, and all is written as if the sound had ended.
        return Life.during(PATIENCE, session::stop, () -> {
            try (session) {
                while (!session.await(1000)) {
                    transcript.save();
                    if (captions.unread().isPresent()) {
                        session.stop();
                    }
                }
            } finally {
                transcript.save();
            }
            captions.tell(summary(transcript, outputs, recording));
            captions.unread().ifPresent(e -> {
                throw e;
            });
            return exitCode(captions, transcript, source);
        });
    }

    private static int exitCode(LiveCaptions captions, LiveTranscript transcript, AudioSource source) {
        if (captions.failed()) {
            return source.live() ? ExitCode.ENVIRONMENT : ExitCode.SOME_FAILED;
        }
        return captions.unrecorded() || transcript.unsaved() ? ExitCode.SOME_FAILED : ExitCode.DONE;
    }

    private String summary(
            LiveTranscript transcript, List<LiveTranscript.Output> outputs, Optional<AudioRecording> recording) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%s heard, %d words", BatchText.time(transcript.seconds()), transcript.words()));
        outputs.forEach(output -> text.append(" -> ").append(output.file()));
        recording.ifPresent(r -> text.append(" -> ").append(r.file()));
        return text.toString();
    }

    private StreamOptions streamOptions() {
        try {
            return StreamOptions.standard().withChunkSeconds(chunk).withPauseSeconds(pause);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--chunk or --pause: " + e.getMessage());
        }
    }

    private List<LiveTranscript.Output> outputs() {
        if (output == null) {
            if (formats != null) {
                throw new ParameterException(command.commandLine(), "--format says how the file after -o is written");
            }
            return List.of();
        }
        String name = output.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String ending = dot > 0 ? name.substring(dot + 1) : "";
        boolean known = List.of(TranscriptFormat.values()).stream()
                .anyMatch(format -> format.extension().equalsIgnoreCase(ending));
        if (formats == null) {
            return List.of(
                    new LiveTranscript.Output(known ? TranscriptFormat.parse(ending) : TranscriptFormat.TXT, output));
        }
        List<TranscriptFormat> wanted = formats.stream().distinct().toList();
        if (wanted.size() == 1) {
            return List.of(new LiveTranscript.Output(wanted.get(0), output));
        }
        String base = known ? name.substring(0, dot) : name;
        return wanted.stream()
                .map(format ->
                        new LiveTranscript.Output(format, output.resolveSibling(base + "." + format.extension())))
                .toList();
    }

    private void refuseToOverwrite(List<LiveTranscript.Output> outputs) {
        outputs.stream()
                .map(LiveTranscript.Output::file)
                .filter(Files::exists)
                .findFirst()
                .or(() -> Optional.ofNullable(record).filter(Files::exists))
                .ifPresent(file -> {
                    throw new ParameterException(
                            command.commandLine(), file + " is there already; choose another name");
                });
    }

    private AudioSource source(List<Microphone> microphones) {
        if (from.file != null) {
            return new PlayedFile(from.file, channel.channel(), speed());
        }
        if (microphones.isEmpty()) {
            throw noMicrophone();
        }
        if (from.microphone == null) {
            return microphones.get(0);
        }
        String wanted = from.microphone.toLowerCase(Locale.ROOT);
        return microphones.stream()
                .filter(m -> String.valueOf(m.number()).equals(wanted))
                .findFirst()
                .or(() -> microphones.stream()
                        .filter(m -> m.describe().toLowerCase(Locale.ROOT).contains(wanted))
                        .findFirst())
                .orElseThrow(() -> new ParameterException(
                        command.commandLine(),
                        "there is no microphone " + from.microphone + "; \"omniscribe live --list\" lists them"));
    }

    private double speed() {
        try {
            double value = speed.equalsIgnoreCase("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(speed);
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below, as is a number that is none.
        }
        throw new ParameterException(
                command.commandLine(), "--speed must be a number above 0 or inf, not \"" + speed + "\"");
    }

    private static CommandException noMicrophone() {
        return new CommandException(
                Kind.ENVIRONMENT,
                "there is no microphone. Plug one in, allow the program to use it, or play a recording with --file");
    }
}
