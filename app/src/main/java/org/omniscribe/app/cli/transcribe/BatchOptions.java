package org.omniscribe.app.cli.transcribe;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.omniscribe.app.batch.Limits;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.TextFile;
import org.omniscribe.asr.model.RuntimeOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of a command that works through many recordings. */
final class BatchOptions {
    /** How progress is told. */
    enum Told {
        TEXT,
        JSON
    }

    private static final Path STANDARD_INPUT = Path.of("/dev/stdin");

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--recursive",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Whether what lies below the folders is searched, too. Default: it is.")
    private boolean recursive;

    @Option(
            names = "--files-from",
            paramLabel = "FILE",
            description =
                    "A list of recordings, folders and patterns, one a line, or with zero bytes between them; - is"
                            + " standard input.")
    private Path list;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Recordings to work on at the same time; the model is there once for all. Default: one a"
                    + " processor, or 1 if --threads is given.")
    private Integer jobs;

    @Option(
            names = "--max-seconds",
            paramLabel = "S",
            defaultValue = "Infinity",
            description = "Leave out recordings that are longer. Default: none is too long.")
    private double longest;

    @Option(
            names = "--max-time",
            paramLabel = "S",
            description =
                    "Abandon a recording that takes longer, in seconds. Default: only one that comes no further for"
                            + " ten minutes.")
    private Double time;

    @Option(
            names = "--max-memory",
            paramLabel = "MB",
            description = "Abandon a recording that needs more memory than this. Default: no limit but that of Java.")
    private Long memory;

    @Option(
            names = "--progress",
            paramLabel = "HOW",
            defaultValue = "TEXT",
            description =
                    "How progress is told on standard error: ${COMPLETION-CANDIDATES}, the latter one object a line."
                            + " Default: ${DEFAULT-VALUE}.")
    private Told progress;

    boolean recursive() {
        return recursive;
    }

    boolean json() {
        return progress == Told.JSON;
    }

    /** The entries of the list, if there is one. */
    List<Path> listed() {
        if (list == null) {
            return List.of();
        }
        boolean standardInput = list.toString().equals("-");
        try (InputStream in = standardInput ? System.in : Files.newInputStream(list)) {
            byte[] bytes = in.readAllBytes();
            boolean parted = IntStream.range(0, bytes.length).anyMatch(i -> bytes[i] == 0) && !wide(bytes);
            List<String> entries = parted
                    ? List.of(new String(bytes, StandardCharsets.UTF_8).split("\0"))
                    : TextFile.lines(new ByteArrayInputStream(bytes));
            return entries.stream()
                    .filter(entry -> !entry.isBlank())
                    .map(BatchOptions::path)
                    .toList();
        } catch (IOException | InvalidPathException e) {
            throw usage("the list " + (standardInput ? "on standard input" : list) + " cannot be read ("
                    + FailureText.reason(e) + ")");
        }
    }

    private static boolean wide(byte[] bytes) {
        return bytes.length > 1 && (bytes[0] & bytes[1]) == -2 && bytes[0] != bytes[1];
    }

    /** A recording as it is named; - is standard input. */
    static Path path(String name) {
        return name.equals("-") ? STANDARD_INPUT : Path.of(name);
    }

    /** Recordings to work on at the same time, at most as many as there are. */
    int workers(boolean threadsGiven, int recordings) {
        if (jobs != null && (jobs < 1 || jobs > RuntimeOptions.MAX_THREADS)) {
            throw usage("--jobs must be from 1 to " + RuntimeOptions.MAX_THREADS + ", not " + jobs);
        }
        int standard = threadsGiven ? 1 : Runtime.getRuntime().availableProcessors();
        return Math.max(1, Math.min(jobs == null ? standard : jobs, recordings));
    }

    Limits limits() {
        if (memory != null && (memory < 1 || memory > Long.MAX_VALUE >> 21)) {
            throw usage("--max-memory must be a positive number of megabytes, not " + memory);
        }
        if (time != null && !(time >= 0.001 && time < 1e9)) {
            throw usage("--max-time must be a positive number of seconds, not " + time);
        }
        if (!(longest > 0)) {
            throw usage("--max-seconds must be positive, not " + longest);
        }
        return new Limits(
                longest,
                Optional.ofNullable(time).map(seconds -> Duration.ofMillis(Math.round(seconds * 1000))),
                Limits.NONE.silence(),
                memory == null ? Long.MAX_VALUE : memory << 20);
    }

    private ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
