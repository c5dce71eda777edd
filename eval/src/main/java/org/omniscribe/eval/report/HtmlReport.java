package org.omniscribe.eval.report;

import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.run.Outcome;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.score.MacroAverage;

/**
 * A report as one HTML file that needs nothing else: styles, charts (SVG), script and sound are in it, and it loads
 * nothing. The template {@code report.ftlh} draws what this class computes.
 */
final class HtmlReport {
    private static final Configuration TEMPLATES = templates();

    private HtmlReport() {}

    private static Configuration templates() {
        Configuration templates = new Configuration(Configuration.VERSION_2_3_34);
        templates.setClassForTemplateLoading(HtmlReport.class, "");
        templates.setDefaultEncoding(StandardCharsets.UTF_8.name());
        templates.setLocale(Locale.ROOT);
        templates.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        templates.setLogTemplateExceptions(false);
        templates.setWrapUncheckedExceptions(true);
        return templates;
    }

    /**
     * Makes the file.
     *
     * @param report the report
     * @param audioBytes how much sound it may hold, in bytes
     */
    static String format(Report report, long audioBytes) throws IOException {
        List<Breakdown> breakdowns =
                report.systems().stream().map(Breakdown::of).toList();
        Map<String, Object> model = new HashMap<>();
        model.put("report", report);
        model.put("breakdowns", breakdowns);
        model.put("benchmarks", Tables.benchmarks(report));
        model.put("columns", MacroAverage.COLUMNS);
        model.put("published", Published.all());
        model.put("publishedSource", Published.SOURCE);
        model.put("publishedCaveat", Published.CAVEAT);
        model.put("comparedWith", TextReport.comparedWith(report));
        model.put("testExplained", TextReport.TEST);
        model.put("concerns", TextReport.byKind(report.concerns()));
        model.put("werScale", werScale(report));
        model.put(
                "lengths",
                curve(
                        Breakdown.LENGTHS,
                        breakdowns.stream().map(Breakdown::byLength).toList()));
        model.put(
                "levels",
                curve(
                        Breakdown.LEVELS,
                        breakdowns.stream().map(Breakdown::byLevel).toList()));
        StringWriter html = new StringWriter();
        try (AudioSnippets sound = new AudioSnippets(audioBytes)) {
            model.put("show", new Show(report, sound));
            TEMPLATES.getTemplate("report.ftlh").process(model, html);
        } catch (TemplateException e) {
            throw new IllegalStateException("the template of the report does not fit the report", e);
        }
        return html.toString();
    }

    private static Scale werScale(Report report) {
        Stream<Double> rates = report.systems().stream()
                .flatMap(s -> Stream.concat(s.figures().stream(), Stream.of(s.total())))
                .flatMap(f -> Stream.of(f.score().wer(), f.byUtterance().high()));
        return Scale.of(rates.toList());
    }

    /**
     * Error rates over bins, a series a system.
     *
     * @param labels names of the bins that any system has words in
     * @param series {@code [system][bin]}
     * @param scale of the rates
     */
    public record Curve(List<String> labels, List<List<Breakdown.Bin>> series, Scale scale) {}

    private static Curve curve(List<Double> bounds, List<List<Breakdown.Bin>> series) {
        List<String> names = Breakdown.labels(bounds);
        List<Integer> used = new ArrayList<>();
        for (int b = 0; b < names.size(); b++) {
            int bin = b;
            if (series.stream().anyMatch(s -> s.get(bin).utterances() > 0)) {
                used.add(b);
            }
        }
        List<List<Breakdown.Bin>> shown =
                series.stream().map(s -> used.stream().map(s::get).toList()).toList();
        List<Double> rates = shown.stream()
                .flatMap(List::stream)
                .flatMap(b -> Stream.of(b.words().rate(), b.interval().high()))
                .toList();
        return new Curve(used.stream().map(names::get).toList(), shown, Scale.of(rates));
    }

    /** What the template asks for to show values. */
    public static final class Show {
        private final Report report;
        private final AudioSnippets sound;

        private Show(Report report, AudioSnippets sound) {
            this.report = report;
            this.sound = sound;
        }

        /**
         * What another system made of an utterance.
         *
         * @param system its number, from 0
         * @param outcome what it recognised
         */
        public record Other(int system, Outcome.Scored outcome) {}

        /**
         * What all systems but one made of an utterance, those that were scored on it.
         *
         * @param but number of the system that is left out, from 0
         * @param set the utterance's set
         * @param id the utterance
         */
        public List<Other> others(int but, String set, String id) {
            List<Other> others = new ArrayList<>();
            for (int i = 0; i < report.systems().size(); i++) {
                int system = i;
                report.systems().get(i).results().stream()
                        .filter(result -> system != but && result.name().equals(set))
                        .flatMap(result -> result.scored().stream())
                        .filter(outcome -> outcome.utterance().id().equals(id))
                        .forEach(outcome -> others.add(new Other(system, outcome)));
            }
            return others;
        }

        /** Whether there is a number. */
        public boolean has(double value) {
            return Double.isFinite(value);
        }

        /** A fraction in percent with two decimals, without the sign. */
        public String percent(double fraction) {
            return Double.isFinite(fraction) ? Tables.percent(fraction) : "–";
        }

        /** A fraction in percent with one decimal, without the sign. */
        public String short_(double fraction) {
            return Double.isFinite(fraction) ? Tables.number("%.1f", 100 * fraction) : "–";
        }

        /** The error rate of an utterance; where no words were said, how many were recognised. */
        public String errors(ErrorCounts words) {
            return words.reference() > 0 ? number(100 * words.rate(), 0) + " %" : words.insertions() + " made up";
        }

        /** A number with so many decimals. */
        public String number(double value, int decimals) {
            return Double.isFinite(value) ? String.format(Locale.ROOT, "%,." + decimals + "f", value) : "–";
        }

        /** A probability. */
        public String probability(double p) {
            return Tables.probability(p).replace("<", "< ");
        }

        /** Seconds as hours, minutes or seconds. */
        public String time(double seconds) {
            if (!Double.isFinite(seconds)) {
                return "–";
            }
            if (seconds < 100) {
                return Tables.number("%.1f s", seconds);
            }
            return seconds < 6000 ? Tables.number("%.1f min", seconds / 60) : Tables.number("%.2f h", seconds / 3600);
        }

        /** A date and time. */
        public String date(Instant instant) {
            return DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
                    .format(instant.atOffset(ZoneOffset.UTC));
        }

        /** The sound of an utterance as a data URI; empty if it is left out. */
        public String sound(Utterance utterance) {
            return sound.uri(utterance);
        }

        /** How evenly the experts of a layer are used: entropy over its maximum, 1 for all alike; 1 for one expert. */
        public double evenness(long[] steps) {
            double all = Arrays.stream(steps).sum();
            if (steps.length < 2 || all == 0) {
                return 1;
            }
            double entropy = Arrays.stream(steps)
                    .filter(s -> s > 0)
                    .mapToDouble(s -> -s / all * Math.log(s / all))
                    .sum();
            return entropy / Math.log(steps.length);
        }
    }
}
