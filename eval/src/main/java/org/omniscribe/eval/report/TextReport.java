package org.omniscribe.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.omniscribe.eval.run.Outcome;
import org.omniscribe.eval.run.SetResult;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.score.Interval;
import org.omniscribe.eval.score.Score;

/** A report as a table for the terminal, one row a set; rates are in percent. */
public final class TextReport {
    /** Utterances named below the table for each set and reason. */
    private static final int NAMED = 10;

    private static final List<String> HEAD = List.of(
            "set",
            "utts",
            "hours",
            "words",
            "WER %",
            "95 % interval",
            "S",
            "D",
            "I",
            "CER %",
            "SER %",
            "RTF",
            "no ref",
            "failed");

    private TextReport() {}

    /**
     * The table, and below it the utterances that are in no rate.
     *
     * @param report the report
     * @return lines that end with a line feed
     */
    public static String format(Report report) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        report.sets().forEach(set -> rows.add(row(set)));
        if (report.sets().size() > 1) {
            rows.add(row(report.total()));
        }
        String facts = "model %s, normaliser %s %s, %s costs, interval by bootstrap over utterances%n"
                .formatted(
                        report.model(),
                        report.normalizer().name(),
                        report.normalizer().version(),
                        report.costs().name().toLowerCase(Locale.ROOT));
        StringBuilder text = new StringBuilder(facts.replace(System.lineSeparator(), "\n"));
        append(rows, text);
        for (SetResult set : report.sets()) {
            list(set, "reference empty once normalised", set.withoutReference(), o -> "", text);
            list(set, "audio failed", set.failed(), o -> ": " + o.reason(), text);
        }
        return text.toString();
    }

    private static List<String> row(SetResult set) {
        Score score = set.score();
        ErrorCounts words = score.words();
        Interval interval = set.werInterval();
        return List.of(
                set.name(),
                Long.toString(score.sentences()),
                number("%.2f", set.seconds() / 3600),
                Long.toString(words.reference()),
                percent(score.wer()),
                percent(interval.low()) + " - " + percent(interval.high()),
                Long.toString(words.substitutions()),
                Long.toString(words.deletions()),
                Long.toString(words.insertions()),
                percent(score.cer()),
                percent(score.sentenceErrorRate()),
                number("%.3f", set.realTimeFactor()),
                Integer.toString(set.withoutReference().size()),
                Integer.toString(set.failed().size()));
    }

    private static String percent(double rate) {
        return number("%.2f", 100 * rate);
    }

    private static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "-";
    }

    /** Names to the left, numbers to the right. */
    private static void append(List<List<String>> rows, StringBuilder text) {
        int[] widths = IntStream.range(0, HEAD.size())
                .map(c ->
                        rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0))
                .toArray();
        for (List<String> row : rows) {
            String first = row.get(0) + " ".repeat(widths[0] - row.get(0).length());
            String others = IntStream.range(1, widths.length)
                    .mapToObj(c -> " ".repeat(widths[c] - row.get(c).length()) + row.get(c))
                    .collect(Collectors.joining("  "));
            text.append(first).append("  ").append(others).append('\n');
        }
    }

    private static <T extends Outcome> void list(
            SetResult set, String what, List<T> outcomes, Function<T, String> detail, StringBuilder text) {
        if (outcomes.isEmpty()) {
            return;
        }
        text.append(set.name())
                .append(", ")
                .append(what)
                .append(" (")
                .append(outcomes.size())
                .append("):\n");
        for (T outcome : outcomes.subList(0, Math.min(NAMED, outcomes.size()))) {
            text.append("  ")
                    .append(outcome.utterance().id())
                    .append(detail.apply(outcome))
                    .append('\n');
        }
        if (outcomes.size() > NAMED) {
            text.append("  and ").append(outcomes.size() - NAMED).append(" more\n");
        }
    }
}
