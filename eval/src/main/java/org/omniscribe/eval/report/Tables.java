package org.omniscribe.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.omniscribe.eval.run.SetResult;
import org.omniscribe.eval.run.TestSet;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.score.Interval;
import org.omniscribe.eval.score.MacroAverage;

/** The tables of a report, the same in every format; rates are in percent. */
final class Tables {
    /** What stands where there is no figure. */
    static final String NONE = "-";

    private Tables() {}

    /** The figures of a system, a row a set, and of all sets below. */
    static Table figures(SystemReport system) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < system.results().size(); i++) {
            SetResult result = system.results().get(i);
            rows.add(row(result.name(), system.figures().get(i), List.of(result)));
        }
        if (rows.size() > 1) {
            rows.add(row(Comparison.ALL, system.total(), system.results()));
        }
        return new Table(
                List.of(
                        "set",
                        "utts",
                        "hours",
                        "words",
                        "WER %",
                        "95 % by utterance",
                        "95 % by speaker",
                        "S",
                        "D",
                        "I",
                        "CER %",
                        "SER %",
                        "RTF",
                        "no ref",
                        "failed"),
                rows);
    }

    private static List<String> row(String name, Figures figures, List<SetResult> results) {
        ErrorCounts words = figures.score().words();
        return List.of(
                name,
                Long.toString(figures.score().sentences()),
                number("%.2f", figures.seconds() / 3600),
                Long.toString(words.reference()),
                percent(figures.score().wer()),
                interval(figures.byUtterance()),
                interval(figures.bySpeaker()),
                Long.toString(words.substitutions()),
                Long.toString(words.deletions()),
                Long.toString(words.insertions()),
                percent(figures.score().cer()),
                percent(figures.score().sentenceErrorRate()),
                number("%.3f", figures.realTimeFactor()),
                Integer.toString(results.stream()
                        .mapToInt(r -> r.withoutReference().size())
                        .sum()),
                Integer.toString(
                        results.stream().mapToInt(r -> r.failed().size()).sum()));
    }

    /** Whether a report has any of the eleven columns. */
    static boolean benchmarks(Report report) {
        return report.sets().stream().anyMatch(TestSet::benchmark);
    }

    /** The eleven columns and their average, the systems of a report above the published rows. */
    static Table columns(Report report) {
        List<String> head = new ArrayList<>(List.of("WER %"));
        head.addAll(MacroAverage.COLUMNS);
        head.add("average");
        List<List<String>> rows = new ArrayList<>();
        for (SystemReport system : report.systems()) {
            rows.add(columns(system.info().name(), system.rates(), system.average(), 2));
        }
        for (Published published : Published.all()) {
            rows.add(columns(
                    published.model() + " (published)", published.rates(), OptionalDouble.of(published.average()), 1));
        }
        return new Table(head, rows);
    }

    private static List<String> columns(String name, Map<String, Double> rates, OptionalDouble average, int decimals) {
        List<String> row = new ArrayList<>(List.of(name));
        MacroAverage.COLUMNS.forEach(
                c -> row.add(number("%." + decimals + "f", 100 * rates.getOrDefault(c, Double.NaN))));
        row.add(percent(average.orElse(Double.NaN)));
        return row;
    }

    /** Two systems a row, on one set or on all. */
    static Table comparisons(List<Comparison> comparisons) {
        return new Table(
                List.of("set", "first", "second", "WER % of first", "of second", "reduction %", "segments", "z", "p"),
                comparisons.stream()
                        .map(c -> List.of(
                                c.set(),
                                c.first(),
                                c.second(),
                                percent(c.firstWer()),
                                percent(c.secondWer()),
                                percent(c.reduction().orElse(Double.NaN)),
                                Integer.toString(c.test().segments()),
                                number("%.2f", c.test().z()),
                                probability(c.test().p())))
                        .toList());
    }

    /** A fraction in percent with two decimals. */
    static String percent(double fraction) {
        return number("%.2f", 100 * fraction);
    }

    static String interval(Interval interval) {
        return Double.isFinite(interval.low()) ? percent(interval.low()) + " - " + percent(interval.high()) : NONE;
    }

    static String probability(double p) {
        return p < 0.0001 ? "<0.0001" : number("%.4f", p);
    }

    static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : NONE;
    }
}
