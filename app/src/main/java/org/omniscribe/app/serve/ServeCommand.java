package org.omniscribe.app.serve;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.life.Life;
import org.omniscribe.app.option.ChannelOption;
import org.omniscribe.app.option.DecoderOptions;
import org.omniscribe.app.option.ModelOptions;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code omniscribe serve}: transcription over HTTP. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Transcribe for other programs, with the interface of OpenAI's /v1/audio/transcriptions, and a WebSocket at"
                    + " /v1/audio/live for speech as it comes. Runs until it is interrupted.",
            "",
            "The server listens at this machine only unless --host says otherwise; other machines need a token, which"
                    + " is in the environment as OMNISCRIBE_TOKEN or in the file after --token-file."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe serve",
            "  curl http://127.0.0.1:8017/v1/audio/transcriptions -F file=@talk.mp3 -F response_format=srt",
            "  omniscribe serve --host 0.0.0.0 --token-file token.txt --jobs 4 --queue 32"
        })
public final class ServeCommand implements Callable<Integer> {
    private static final String TOKEN = "OMNISCRIBE_TOKEN";

    /** Seconds to close connections and the model after the last request. */
    private static final int TO_CLOSE = 15;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Where to listen. Default: ${DEFAULT-VALUE}, which only this machine reaches.")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8017",
            description = "The port; 0 takes any that is free. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file with the bearer token that callers must send.")
    private Path tokenFile;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Requests to work on at the same time. Default: one a processor.")
    private Integer jobs;

    @Option(
            names = "--queue",
            paramLabel = "N",
            defaultValue = "16",
            description = "Requests that may wait; more are refused with status 429. Default: ${DEFAULT-VALUE}.")
    private int queue;

    @Option(
            names = "--live",
            paramLabel = "N",
            defaultValue = "4",
            description = "Live sessions at the same time. Default: ${DEFAULT-VALUE}.")
    private int live;

    @Option(
            names = "--max-megabytes",
            paramLabel = "MB",
            defaultValue = "200",
            description = "Largest request. Default: ${DEFAULT-VALUE}.")
    private long megabytes;

    @Option(
            names = "--max-seconds",
            paramLabel = "S",
            defaultValue = "14400",
            description = "Longest recording. Default: ${DEFAULT-VALUE}, four hours.")
    private double longest;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            defaultValue = "600",
            description = "Longest time for one request. Default: ${DEFAULT-VALUE}.")
    private long timeout;

    @Option(
            names = "--idle-timeout",
            paramLabel = "S",
            defaultValue = "60",
            description = "Close connections on which nothing moves for so long. Default: ${DEFAULT-VALUE}.")
    private long idle;

    @Option(
            names = "--grace",
            paramLabel = "S",
            defaultValue = "30",
            description =
                    "Time for requests that have come in when the server is interrupted; after it they are answered"
                            + " with status 503. Default: ${DEFAULT-VALUE}.")
    private long grace;

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            split = ",",
            description =
                    "A name by which callers reach this server, besides localhost and the one after --host; may be"
                            + " given several times. Requests to other names are refused.")
    private List<String> names = List.of();

    @Mixin
    private ChannelOption channel;

    @Option(
            names = "--routing",
            description = "Let callers ask for the experts of every step. Whoever sees these can guess what was said.")
    private boolean routing;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DecoderOptions decoder;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ServerOptions options = options();
        RecognizerOptions.Builder recognition = model.builder()
                .channel(channel.channel())
                .routing(routing)
                .decoder(decoder.decoder())
                .attention(decoder.attention());
        if (!model.threadsGiven()) {
            recognition.threads(Math.max(1, Runtime.getRuntime().availableProcessors() / options.jobs()));
        }
        PrintWriter err = command.commandLine().getErr();
        try (Recognizer recognizer = Recognizer.open(recognition.build());
                TranscriptionServer server = TranscriptionServer.start(recognizer, options)) {
            recognizer.warning().ifPresent(warning -> err.println("omniscribe: " + warning));
            err.println("omniscribe: model " + recognizer.model().name() + " at http://" + host + ":" + server.port()
                    + "/v1/audio/transcriptions; Ctrl-C ends it");
            err.flush();
            // Ctrl-C lets requests that have come in come to their end.
            Duration grace = options.grace().plusSeconds(TO_CLOSE);
            return Life.during(grace, () -> new Thread(server::close, "server-close").start(), () -> {
                server.join();
                return ExitCode.DONE;
            });
        }
    }

    private ServerOptions options() {
        Optional<String> token = token();
        if (token.isEmpty() && !loopback()) {
            throw usage("other machines reach " + host + ", so callers need a token: put one into a file, and name it"
                    + " after --token-file");
        }
        try {
            return new ServerOptions(
                    host,
                    port,
                    names,
                    token,
                    jobs == null ? Runtime.getRuntime().availableProcessors() : jobs,
                    queue,
                    live,
                    Math.multiplyExact(megabytes, 1_000_000L),
                    longest,
                    Duration.ofSeconds(timeout),
                    Duration.ofSeconds(idle),
                    Duration.ofSeconds(grace),
                    routing,
                    channel.channel());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw usage(e.getMessage());
        }
    }

    private Optional<String> token() {
        if (tokenFile == null) {
            return Optional.ofNullable(System.getenv(TOKEN)).map(String::strip);
        }
        try {
            return Optional.of(Files.readString(tokenFile).strip());
        } catch (IOException e) {
            throw usage("the token cannot be read from " + tokenFile + " ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    private boolean loopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw usage("there is no address " + host);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
