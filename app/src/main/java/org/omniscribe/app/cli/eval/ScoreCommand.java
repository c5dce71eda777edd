package org.omniscribe.app.cli.eval;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.app.option.ScoringOptions;
import org.omniscribe.eval.report.JsonReport;
import org.omniscribe.eval.run.Scoring;
import org.omniscribe.eval.score.Glm;
import org.omniscribe.eval.score.Interval;
import org.omniscribe.eval.score.NistFiles;
import org.omniscribe.eval.score.Score;
import org.omniscribe.eval.score.ScoreException;
import org.omniscribe.eval.score.ScoredSet;
import org.omniscribe.eval.score.TranscriptScorer;
import org.omniscribe.eval.text.Normalizers;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
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
            "  omniscribe score --ref hub5.stm --hyp hyp.ctm --glm en20000405_hub5.glm --json",
            "  omniscribe score --ref ref.trn --hyp ours.trn --hyp theirs.trn",
            "  omniscribe score --ref ref.tsv --hyp hyp.tsv --normalizer whisper-en --costs unit"
        })
public final class ScoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(names = "--ref", required = true, paramLabel = "FILE", description = "What was said.")
    private Path reference;

    @Option(
            names = "--hyp",
            required = true,
            paramLabel = "FILE",
            description = "What was recognised; given several times, the systems are compared pair by pair.")
    private List<Path> hypotheses;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = FormatConverter.class,
            description =
                    "trn: words (id) a line; stm,ctm: segments, and words with times; tsv: an id, a tab and a text"
                            + " a line; kaldi: an id and words a line, as in Kaldi's text; text: words a line, the lines"
                            + " of both files in the same order. Default: by the name of the reference.")
    private Format format;

    @Mixin
    private ScoringOptions scoring;

    @Option(
            names = "--glm",
            paramLabel = "FILE",
            description =
                    "Apply the rules of a global map file to both sides before, as csrfilt.sh -dh does; of trn, stm and"
                            + " ctm files.")
    private Path glm;

    @Option(names = "--json", description = "Print the figures as JSON; rates are fractions.")
    private boolean json;

    /** The formats of both files. */
    enum Format {
        TRN,
        STM_CTM,
        TSV,
        KALDI,
        TEXT
    }

    /** Reads a format as the user writes it. */
    static final class FormatConverter implements ITypeConverter<Format> {
        @Override
        public Format convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "trn" -> Format.TRN;
                case "stm,ctm" -> Format.STM_CTM;
                case "tsv" -> Format.TSV;
                case "kaldi" -> Format.KALDI;
                case "text" -> Format.TEXT;
                default ->
                    throw new TypeConversionException(
                            "no format \"" + value + "\"; there are trn, stm,ctm, tsv, kaldi and text");
            };
        }
    }

    @Override
    public Integer call() throws IOException {
        Scoring how = scoring.scoring(Normalizers.NIST);
        TranscriptScorer scorer = new TranscriptScorer(how.normalizer(), how.costs());
        Optional<Glm> rules = glm == null ? Optional.empty() : Optional.of(Glm.read(glm));
        Map<Path, ScoredSet> sets = new LinkedHashMap<>();
        boolean whole = true;
        for (Path hypothesis : hypotheses) {
            ScoredSet set = score(scorer, rules, hypothesis);
            set.notes()
                    .forEach(note -> command.commandLine().getErr().println("omniscribe: " + hypothesis + ": " + note));
            whole &= set.notes().isEmpty();
            if (sets.put(hypothesis, set) != null) {
                throw new ParameterException(command.commandLine(), hypothesis + " is named twice");
            }
        }
        PrintWriter out = command.commandLine().getOut();
        out.print(json ? json(sets, how) : text(sets, how));
        out.flush();
        return whole ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private ScoredSet score(TranscriptScorer scorer, Optional<Glm> rules, Path hypothesis) throws IOException {
        return switch (format == null ? guess() : format) {
            case TRN -> {
                List<NistFiles.Utterance> said = NistFiles.readTrn(reference);
                List<NistFiles.Utterance> heard = NistFiles.readTrn(hypothesis);
                yield scorer.score(
                        rules.map(r -> r.utterances(said, Glm.Side.REFERENCE)).orElse(said),
                        rules.map(r -> r.utterances(heard, Glm.Side.HYPOTHESIS)).orElse(heard),
                        true);
            }
            case STM_CTM -> {
                List<NistFiles.Segment> said = NistFiles.readStm(reference);
                List<NistFiles.Word> heard = NistFiles.readCtm(hypothesis);
                yield scorer.score(
                        rules.map(r -> r.segments(said)).orElse(said),
                        rules.map(r -> r.words(heard)).orElse(heard));
            }
            case TSV -> {
                withoutRules(rules);
                yield scorer.score(NistFiles.readTsv(reference), NistFiles.readTsv(hypothesis), false);
            }
            case KALDI -> {
                withoutRules(rules);
                yield scorer.score(NistFiles.readKaldi(reference), NistFiles.readKaldi(hypothesis), false);
            }
            case TEXT -> {
                withoutRules(rules);
                List<NistFiles.Utterance> said = NistFiles.readText(reference);
                List<NistFiles.Utterance> heard = NistFiles.readText(hypothesis);
                if (said.size() != heard.size()) {
                    throw new ScoreException(reference + " has " + said.size() + " lines, " + hypothesis + " has "
                            + heard.size() + ": plain texts are compared line by line. Give them the same lines, or ids"
                            + " (trn, tsv, kaldi).");
                }
                yield scorer.score(said, heard, false);
            }
        };
    }

    private void withoutRules(Optional<Glm> rules) {
        if (rules.isPresent()) {
            throw new ParameterException(command.commandLine(), "--glm goes with trn, stm and ctm files only");
        }
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
        if (name.equals("text")) {
            return Format.KALDI;
        }
        if (name.endsWith(".txt")) {
            return Format.TEXT;
        }
        throw new ParameterException(
                command.commandLine(), reference + ": the name does not tell the format; say it with --format");
    }

    private String text(Map<Path, ScoredSet> sets, Scoring how) {
        StringBuilder text = new StringBuilder();
        sets.forEach((file, set) -> {
            if (sets.size() > 1) {
                text.append(String.format("%s%n", file));
            }
            text.append(text(set));
        });
        pairs(
                sets,
                (pair, common) -> text.append(String.format(
                        Locale.ROOT,
                        "%s against %s%n  %s to %s, matched pairs: z %.2f, p %.4f over %d segments%n",
                        pair.get(0),
                        pair.get(1),
                        percent(common.first().score().wer()),
                        percent(common.second().score().wer()),
                        common.test().z(),
                        common.test().p(),
                        common.test().segments())));
        return text
                + String.format(
                        "compared         normalizer %s %s, costs %s%s%n",
                        how.normalizer().name(),
                        how.normalizer().version(),
                        how.costs().name().toLowerCase(Locale.ROOT),
                        glm == null ? "" : ", rules of " + glm.getFileName());
    }

    private static String text(ScoredSet set) {
        Score score = set.score();
        Interval speakers = set.bySpeaker();
        Interval utterances = set.byUtterance();
        return String.format(
                Locale.ROOT,
                "word error rate  %s%n"
                        + "95 %% interval    %s to %s by utterance; %s%n"
                        + "words            %d: %d correct, %d substituted, %d deleted; %d inserted%n"
                        + "characters       %d, error rate %s%n"
                        + "sentences        %d, %d of them with errors%n",
                percent(score.wer()),
                percent(utterances.low()),
                percent(utterances.high()),
                set.speakers().size() < 2
                        ? "only one speaker"
                        : percent(speakers.low()) + " to " + percent(speakers.high()) + " by "
                                + set.speakers().size() + " speakers",
                score.words().reference(),
                score.words().correct(),
                score.words().substitutions(),
                score.words().deletions(),
                score.words().insertions(),
                score.characters().reference(),
                percent(score.cer()),
                score.sentences(),
                score.sentenceErrors());
    }

    private static String percent(double rate) {
        return Double.isFinite(rate) ? String.format(Locale.ROOT, "%.2f %%", 100 * rate) : "none";
    }

    /** Every two systems, in the order of the command line. */
    private static void pairs(Map<Path, ScoredSet> sets, BiConsumer<List<Path>, ScoredSet.Common> action) {
        List<Path> files = List.copyOf(sets.keySet());
        for (int i = 0; i < files.size(); i++) {
            for (int j = i + 1; j < files.size(); j++) {
                ScoredSet first = sets.get(files.get(i));
                action.accept(List.of(files.get(i), files.get(j)), first.common(sets.get(files.get(j))));
            }
        }
    }

    /** One system's figures; of several a list of them, and of their comparisons. */
    private String json(Map<Path, ScoredSet> sets, Scoring how) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (sets.size() == 1) {
            json(node, sets.values().iterator().next());
        } else {
            ArrayNode systems = node.putArray("systems");
            sets.forEach((file, set) -> json(systems.addObject().put("hyp", file.toString()), set));
            ArrayNode comparisons = node.putArray("comparisons");
            pairs(sets, (pair, common) -> {
                ObjectNode of = comparisons.addObject();
                of.put("first", pair.get(0).toString());
                of.put("second", pair.get(1).toString());
                JsonReport.test(of.putObject("mapsswe"), common.test());
            });
        }
        node.putObject("normalizer")
                .put("name", how.normalizer().name())
                .put("version", how.normalizer().version());
        node.put("costs", how.costs().name().toLowerCase(Locale.ROOT));
        if (glm != null) {
            node.put("glm", glm.getFileName().toString());
        }
        return node.toPrettyString() + "\n";
    }

    private static void json(ObjectNode node, ScoredSet set) {
        JsonReport.score(node, set.score());
        JsonReport.interval(node.putObject("werInterval"), set.byUtterance());
        JsonReport.interval(node.putObject("werIntervalBySpeaker"), set.bySpeaker());
    }
}
