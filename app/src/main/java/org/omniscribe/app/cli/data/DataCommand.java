package org.omniscribe.app.cli.data;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.omniscribe.app.command.DownloadProgress;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Progress;
import org.omniscribe.app.command.Version;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.datasets.Detection;
import org.omniscribe.datasets.TestPart;
import org.omniscribe.datasets.corpora.Corpora;
import org.omniscribe.datasets.download.CorpusDownload;
import org.omniscribe.datasets.download.DownloadException;
import org.omniscribe.datasets.download.DownloadSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe data}: where the benchmarks are to be had, which of them are here, and how they get here. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Get the ten benchmarks, and look at them in their original layouts.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe data where",
            "  omniscribe data where tedlium",
            "  omniscribe data get librispeech fleurs --to /corpora",
            "  omniscribe data list /corpora"
        })
public final class DataCommand {
    private static final String ROW = "%-18s %-18s %10s %8s %9s%n";

    @Spec
    private CommandSpec command;

    @Command(
            name = "where",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Tell where corpora are to be had, under what terms, and how to lay them out.")
    int where(
            @Parameters(arity = "0..*", paramLabel = "NAME", description = "Names of corpora. Default: all ten.")
                    List<String> names) {
        List<Corpus> corpora = new ArrayList<>();
        for (String name : names == null ? List.<String>of() : names) {
            corpora.add(Corpora.named(name).orElseThrow(() -> unknown(name)));
        }
        PrintWriter out = command.commandLine().getOut();
        for (Corpus corpus : corpora.isEmpty() ? Corpora.all() : corpora) {
            out.println(corpus.name() + ": " + corpus.title());
            out.println("  licence: " + corpus.licence());
            corpus.source().forEach(line -> out.println("  " + line));
            out.println();
        }
        out.flush();
        return ExitCode.DONE;
    }

    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            sortOptions = false,
            description = {
                "Download corpora that are free for all: librispeech, tedlium, fleurs, voxpopuli, ami-ihm, chime6."
                        + " Only test sets are fetched.",
                "",
                "Ctrl-C ends it at any time; the same command goes on where it was. What is here already is not fetched"
                        + " again. The licences are those that data where tells.",
                "",
                "The exit code is 1 if one of them could not be fetched."
            })
    int get(
            @Parameters(arity = "1..*", paramLabel = "NAME", description = "Names of corpora.") List<String> names,
            @Option(
                            names = "--to",
                            paramLabel = "DIR",
                            defaultValue = ".",
                            description =
                                    "The folder of all corpora; each gets a folder of its own in it. Default: this"
                                            + " folder.")
                    Path folder,
            @Option(
                            names = "--mirror",
                            paramLabel = "ADDRESS=OTHER",
                            description = "Ask another server for all that begins with an address, such as"
                                    + " https://www.openslr.org=https://openslr.elda.org.")
                    Map<String, String> mirrors)
            throws InterruptedException {
        List<Corpus> corpora = names.stream().map(this::downloadable).toList();
        Map<String, String> servers = mirrors == null ? Map.of() : mirrors;
        DownloadSettings settings = DownloadSettings.DEFAULT.with(uri -> mirrored(uri, servers));
        PrintWriter err = command.commandLine().getErr();
        boolean sound = true;
        Table table = new Table();
        for (Corpus corpus : corpora) {
            err.println("omniscribe: " + corpus.title() + " (" + corpus.licence() + ")");
            err.flush();
            try (DownloadProgress progress = new DownloadProgress(err, Progress.terminalColumns())) {
                new CorpusDownload(settings, progress).get(corpus.name(), corpus.downloads(), folder);
            } catch (DownloadException e) {
                sound = false;
                err.println("omniscribe: " + e.getMessage());
                err.flush();
                continue;
            }
            sound &= table.add(corpus, folder);
        }
        table.end();
        return sound ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private Corpus downloadable(String name) {
        Corpus corpus = Corpora.named(name).orElseThrow(() -> unknown(name));
        if (corpus.downloads().isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    corpus.title() + " is not free for all, so it cannot be downloaded here. "
                            + String.join(" ", corpus.source()));
        }
        return corpus;
    }

    private static URI mirrored(URI uri, Map<String, String> mirrors) {
        for (Map.Entry<String, String> mirror : mirrors.entrySet()) {
            if (uri.toString().startsWith(mirror.getKey())) {
                return URI.create(mirror.getValue()
                        + uri.toString().substring(mirror.getKey().length()));
            }
        }
        return uri;
    }

    private ParameterException unknown(String name) {
        String known = Corpora.all().stream().map(Corpus::name).collect(Collectors.joining(", "));
        return new ParameterException(command.commandLine(), "there is no corpus \"" + name + "\"; there are " + known);
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = {
                "Tell which of the ten are in a folder or in the two levels of folders below it, how much of them, and"
                        + " what differs from the published test sets.",
                "",
                "The exit code is 1 if one that is there cannot be read."
            })
    int list(@Parameters(paramLabel = "DIR", description = "Where the corpora are.") Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ParameterException(command.commandLine(), folder + " is no folder");
        }
        Table table = new Table();
        boolean sound = true;
        for (Corpora.Finding finding : Corpora.find(folder)) {
            sound &= table.add(finding);
        }
        table.end();
        return sound ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    /** What is there: a line a test set, and below them what is to be said of each. */
    private final class Table {
        private final PrintWriter out = command.commandLine().getOut();
        private final PrintWriter err = command.commandLine().getErr();
        private final List<String> notes = new ArrayList<>();
        private boolean begun;

        /** A corpus as it is somewhere below a folder; false if it cannot be read. */
        boolean add(Corpus corpus, Path folder) {
            return Corpora.find(folder).stream()
                    .filter(finding -> finding.corpus().name().equals(corpus.name()))
                    .allMatch(this::add);
        }

        /** A corpus as it was found; false if it cannot be read. */
        boolean add(Corpora.Finding finding) {
            if (!begun) {
                begun = true;
                out.printf(Locale.ROOT, ROW, "test set", "release", "utterances", "hours", "words");
            }
            Corpus corpus = finding.corpus();
            if (finding.detection() instanceof Detection.Present present) {
                try {
                    for (TestPart part : corpus.read(present.root())) {
                        out.print(row(part));
                        out.flush();
                        part.warnings().forEach(w -> notes.add(part.name() + ": " + w));
                    }
                } catch (DatasetException e) {
                    out.printf(Locale.ROOT, "%-18s cannot be read, see below%n", corpus.name());
                    err.println("omniscribe: " + e.getMessage());
                    return false;
                }
            } else if (finding.detection() instanceof Detection.Incomplete incomplete) {
                out.printf(Locale.ROOT, "%-18s -%n", corpus.name());
                notes.add(corpus.name() + ": " + incomplete.reason());
            }
            return true;
        }

        void end() {
            if (!notes.isEmpty()) {
                out.println();
                notes.forEach(out::println);
            }
            out.flush();
            err.flush();
        }
    }

    private static String row(TestPart part) {
        return String.format(
                Locale.ROOT,
                ROW,
                part.name(),
                part.release(),
                String.format(Locale.ROOT, "%,d", part.utterances().size()),
                String.format(Locale.ROOT, "%.2f", part.seconds() / 3600),
                String.format(Locale.ROOT, "%,d", part.words()));
    }
}
