package org.omniscribe.app.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.datasets.Detection;
import org.omniscribe.datasets.TestPart;
import org.omniscribe.datasets.corpora.Corpora;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe data}: where the benchmarks are to be had, and which of them are here. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Look at the ten benchmarks in their original layouts.",
        footerHeading = "%nExamples:%n",
        footer = {"  omniscribe data where", "  omniscribe data where tedlium", "  omniscribe data list /corpora"})
final class DataCommand {
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
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        List<String> notes = new ArrayList<>();
        boolean sound = true;
        out.printf(Locale.ROOT, ROW, "test set", "release", "utterances", "hours", "words");
        for (Corpora.Finding finding : Corpora.find(folder)) {
            Corpus corpus = finding.corpus();
            if (finding.detection() instanceof Detection.Present present) {
                try {
                    for (TestPart part : corpus.read(present.root())) {
                        out.print(row(part));
                        out.flush();
                        part.warnings().forEach(w -> notes.add(part.name() + ": " + w));
                    }
                } catch (DatasetException e) {
                    sound = false;
                    out.printf(Locale.ROOT, "%-18s cannot be read, see below%n", corpus.name());
                    err.println("omniscribe: " + e.getMessage());
                }
            } else if (finding.detection() instanceof Detection.Incomplete incomplete) {
                out.printf(Locale.ROOT, "%-18s -%n", corpus.name());
                notes.add(corpus.name() + ": " + incomplete.reason());
            }
        }
        if (!notes.isEmpty()) {
            out.println();
            notes.forEach(out::println);
        }
        out.flush();
        err.flush();
        return sound ? ExitCode.DONE : ExitCode.SOME_FAILED;
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
