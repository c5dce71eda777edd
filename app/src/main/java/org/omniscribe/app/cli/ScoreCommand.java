package org.omniscribe.app.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.score.Interval;
import org.omniscribe.eval.score.NistFiles;
import org.omniscribe.eval.score.ScoreException;
import org.omniscribe.eval.score.ScoredSet;
import org.omniscribe.eval.score.TranscriptScorer;
import org.omniscribe.eval.text.Normalizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code omniscribe score}: the word error rate of transcripts that any recogniser made. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Compare transcripts of any recogniser with references, and count as NIST's sclite does.",
            "",
            "In trn, stm and ctm files { a / b / @ } is a choice (@ for nothing), (word) may be left out, and th- is a"
                    + " fragment that stands for any word that begins so, as with sclite's options -F and -D. Segments"
                    + " with the text IGNORE_TIME_SEGMENT_IN_SCORING are not scored, nor is what was recognised there."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe score --ref ref.trn --hyp hyp.trn",
            "  omniscribe score --ref hub5.stm --hyp hyp.ctm --json",
            "  omniscribe score --ref ref.tsv --hyp hyp.tsv --normalizer whisper-en --costs unit"
        })
final class ScoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(names = "--ref", required = true, paramLabel = "FILE", description = "What was said.")
    private Path reference;

    @Option(names = "--hyp", required = true, paramLabel = "FILE", description = "What was recognised.")
    private Path hypothesis;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = FormatConverter.class,
            description =
                    "trn: words (id) a line; stm,ctm: segments, and words with times; tsv: an id, a tab and a text"
                            + " a line. Default: by the name of the reference.")
    private Format format;

    @Option(
            names = "--normalizer",
            paramLabel = "NAME",
            converter = NormalizerOption.class,
            completionCandidates = NormalizerOption.class,
            defaultValue = "nist",
            description = "What both texts go through before they are compared: ${COMPLETION-CANDIDATES}."
                    + " Default: ${DEFAULT-VALUE}, upper and lower case being the same.")
    private Normalizer normalizer;

    @Option(
            names = "--costs",
            paramLabel = "COSTS",
            defaultValue = "NIST",
            description = "How words are aligned: as sclite does, or with the fewest errors (${COMPLETION-CANDIDATES})."
                    + " Default: ${DEFAULT-VALUE}.")
    private EditCosts costs;

    @Option(names = "--json", description = "Print the figures as JSON; rates are fractions.")
    private boolean json;

    /** The formats of both files. */
    enum Format {
        TRN,
        STM_CTM,
        TSV
    }

    /** Reads a format as the user writes it. */
    static final class FormatConverter implements ITypeConverter<Format> {
        @Override
        public Format convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "trn" -> Format.TRN;
                case "stm,ctm" -> Format.STM_CTM;
                case "tsv" -> Format.TSV;
                default ->
                    throw new TypeConversionException("no format \"" + value + "\"; there are trn, stm,ctm and tsv");
            };
        }
    }

    @Override
    public Integer call() throws IOException {
        ScoredSet set;
        try {
            set = score(new TranscriptScorer(normalizer, costs));
        } catch (ScoreException e) {
            throw new CommandException(ExitCode.SOME_FAILED, e.getMessage());
        }
        set.notes().forEach(note -> command.commandLine().getErr().println("omniscribe: " + note));
        PrintWriter out = command.commandLine().getOut();
        out.println(json ? json(set).toPrettyString() : text(set));
        out.flush();
        return set.notes().isEmpty() ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private ScoredSet score(TranscriptScorer scorer) throws IOException {
        return switch (format == null ? guess() : format) {
            case TRN -> scorer.score(NistFiles.readTrn(reference), NistFiles.readTrn(hypothesis), true);
            case STM_CTM -> scorer.score(NistFiles.readStm(reference), NistFiles.readCtm(hypothesis));
            case TSV -> scorer.score(NistFiles.readTsv(reference), NistFiles.readTsv(hypothesis), false);
        };
    }

    private Format guess() {
        String name = reference.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".trn")) {
            return Format.TRN;
        }
        if (name.endsWith(".stm")) {
            return Format.STM_CTM;
        }
        if (name.endsWith(".tsv")) {
            return Format.TSV;
        }
        throw new ParameterException(
                command.commandLine(), reference + ": the name does not tell the format; say it with --format");
    }

    private String text(ScoredSet set) {
        ErrorCounts words = set.words();
        Interval speakers = set.bySpeaker();
        Interval utterances = set.byUtterance();
        return String.format(
                Locale.ROOT,
                "word error rate  %s%n"
                        + "95 %% interval    %s to %s by utterance; %s%n"
                        + "words            %d: %d correct, %d substituted, %d deleted; %d inserted%n"
                        + "sentences        %d, %d of them with errors%n"
                        + "compared         normalizer %s %s, costs %s",
                percent(words.rate()),
                percent(utterances.low()),
                percent(utterances.high()),
                set.speakers().size() < 2
                        ? "only one speaker"
                        : percent(speakers.low()) + " to " + percent(speakers.high()) + " by "
                                + set.speakers().size() + " speakers",
                words.reference(),
                words.correct(),
                words.substitutions(),
                words.deletions(),
                words.insertions(),
                set.utterances().size(),
                set.sentenceErrors(),
                normalizer.name(),
                normalizer.version(),
                costs.name().toLowerCase(Locale.ROOT));
    }

    private static String percent(double rate) {
        return Double.isFinite(rate) ? String.format(Locale.ROOT, "%.2f %%", 100 * rate) : "none";
    }

    private ObjectNode json(ScoredSet set) {
        ErrorCounts words = set.words();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("words", words.reference());
        node.put("correct", words.correct());
        node.put("substitutions", words.substitutions());
        node.put("deletions", words.deletions());
        node.put("insertions", words.insertions());
        rate(node, "wer", words.rate());
        node.put("sentences", set.utterances().size());
        node.put("sentenceErrors", set.sentenceErrors());
        interval(node.putObject("werInterval"), set.byUtterance());
        interval(node.putObject("werIntervalBySpeaker"), set.bySpeaker());
        node.putObject("normalizer").put("name", normalizer.name()).put("version", normalizer.version());
        node.put("costs", costs.name().toLowerCase(Locale.ROOT));
        return node;
    }

    private static void interval(ObjectNode node, Interval interval) {
        rate(node, "low", interval.low());
        rate(node, "high", interval.high());
    }

    private static void rate(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
