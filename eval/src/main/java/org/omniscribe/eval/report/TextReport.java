package org.omniscribe.eval.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.omniscribe.eval.run.Concern;
import org.omniscribe.eval.run.Scoring;
import org.omniscribe.eval.run.SystemInfo;
import org.omniscribe.eval.run.TestSet;

/** A report for the terminal and as Markdown: the tables, and what is in no rate or may be wrong. */
public final class TextReport {
    /** Utterances named for each set and reason. */
    private static final int NAMED = 10;

    private TextReport() {}

    /**
     * For the terminal.
     *
     * @return lines that end with a line feed
     */
    public static String format(Report report) {
        StringBuilder text = new StringBuilder();
        for (SystemReport system : report.systems()) {
            text.append(system.info().name()).append(facts(system.info())).append('\n');
            text.append("compared with ").append(comparedWith(report)).append('\n');
            text.append(Tables.figures(system).text());
            if (Tables.benchmarks(report)) {
                text.append(average(system)).append('\n');
            }
            text.append('\n');
        }
        if (!report.comparisons().isEmpty()) {
            text.append("pair by pair, ").append(TEST).append('\n');
            text.append(Tables.comparisons(report.comparisons()).text()).append('\n');
        }
        byKind(report.concerns()).forEach((what, concerns) -> {
            text.append(what).append(" (").append(concerns.size()).append("):\n");
            named(concerns).forEach(line -> text.append("  ").append(line).append('\n'));
        });
        return text.toString();
    }

    /** As Markdown. */
    public static String markdown(Report report) {
        StringBuilder text = new StringBuilder("# Word error rates\n\n");
        text.append("Texts compared with ").append(comparedWith(report)).append(". Intervals: 95 %, bootstrap.\n\n");
        if (Tables.benchmarks(report)) {
            text.append("## The eleven columns\n\n")
                    .append(Tables.columns(report).markdown())
                    .append('\n');
            report.systems().forEach(s -> text.append("- ")
                    .append(s.info().name())
                    .append(": ")
                    .append(average(s))
                    .append('\n'));
            text.append("\nPublished rows: ")
                    .append(Published.SOURCE)
                    .append(". ")
                    .append(Published.CAVEAT)
                    .append("\n\n");
        }
        for (SystemReport system : report.systems()) {
            text.append("## ").append(system.info().name()).append("\n\n");
            text.append(system.info().model()).append(facts(system.info())).append("\n\n");
            text.append(Tables.figures(system).markdown()).append('\n');
        }
        if (!report.comparisons().isEmpty()) {
            text.append("## Pair by pair\n\n")
                    .append(Tables.comparisons(report.comparisons()).markdown());
            text.append('\n').append(TEST).append("\n\n");
        }
        if (!report.concerns().isEmpty()) {
            text.append("## What is in no rate, or may be wrong\n\n");
            byKind(report.concerns()).forEach((what, concerns) -> {
                text.append("- ")
                        .append(what)
                        .append(" (")
                        .append(concerns.size())
                        .append(")\n");
                named(concerns).forEach(line -> text.append("  - ").append(line).append('\n'));
            });
        }
        return text.toString();
    }

    /** What the columns of a comparison say. */
    static final String TEST =
            "matched-pairs test MAPSSWE: z below 0 means that the first has fewer errors, p is how likely"
                    + " such a difference is by chance";

    /** The normaliser, the costs and, where sets have them, the rules of NIST. */
    static String comparedWith(Report report) {
        Scoring scoring = report.scoring();
        Map<String, List<String>> rules = report.sets().stream()
                .filter(scoring::takesChoices)
                .collect(Collectors.groupingBy(
                        scoring::rules, TreeMap::new, Collectors.mapping(TestSet::name, Collectors.toList())));
        return "normaliser %s %s, %s costs"
                        .formatted(
                                scoring.normalizer().name(),
                                scoring.normalizer().version(),
                                scoring.costs().name().toLowerCase(Locale.ROOT))
                + rules.entrySet().stream()
                        .map(e -> "; " + String.join(", ", e.getValue()) + " with NIST's choices"
                                + (e.getKey().isEmpty() ? "" : " and the rules of " + e.getKey()))
                        .collect(Collectors.joining());
    }

    private static String facts(SystemInfo info) {
        return List.of(info.decoder(), info.machine()).stream()
                .filter(f -> !f.isEmpty())
                .map(f -> ", " + f)
                .collect(Collectors.joining());
    }

    static String average(SystemReport system) {
        if (system.average().isEmpty()) {
            return "no average over the eleven columns: " + String.join(", ", system.missingColumns()) + " missing";
        }
        boolean whole = system.results().stream()
                .noneMatch(r -> r.set().benchmark() && !r.set().warnings().isEmpty());
        return "average over the eleven columns: "
                + Tables.percent(system.average().getAsDouble())
                + (whole ? "" : ", not all of them the test sets as published, see the warnings");
    }

    /** Concerns by set and kind, in the order of the sets. */
    static Map<String, List<Concern>> byKind(List<Concern> concerns) {
        return concerns.stream()
                .collect(Collectors.groupingBy(
                        c -> c.set() + ", " + c.kind().sentence(), TreeMap::new, Collectors.toList()));
    }

    private static List<String> named(List<Concern> concerns) {
        List<String> lines = concerns.stream()
                .limit(NAMED)
                .map(c ->
                        c.id() + (c.detail().isBlank() ? "" : ": " + c.detail().replace('\n', ' ')))
                .collect(Collectors.toList());
        if (concerns.size() > NAMED) {
            lines.add("and " + (concerns.size() - NAMED) + " more");
        }
        return lines;
    }
}
