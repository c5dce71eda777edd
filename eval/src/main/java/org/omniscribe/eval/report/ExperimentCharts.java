package org.omniscribe.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Charts of the networks of an experiment: losses over the training, and values over experts and over layers. */
public final class ExperimentCharts {
    private final ExperimentResults results;
    private final List<Integer> experts;
    private final Map<NetworkGroup, List<LineChart.Point>> curves;

    /**
     * Charts of results.
     *
     * @param results in the order of the experiment
     * @param experts the numbers of experts of the grid, each with its own kind of dashes
     * @param curves the training loss of one network of each group: updates and nats a token
     */
    public ExperimentCharts(
            List<NetworkResult> results, List<Integer> experts, Map<NetworkGroup, List<LineChart.Point>> curves) {
        this.results = ExperimentResults.of(results);
        this.experts = List.copyOf(experts);
        this.curves = Map.copyOf(curves);
    }

    /** The charts that have something to show, by the names of their files. */
    public Map<String, LineChart> all() {
        Map<String, LineChart> charts = new LinkedHashMap<>();
        losses().ifPresent(chart -> charts.put("loss.svg", chart));
        byExperts("word error rate on the test sets", "%", r -> 100 * r.wer())
                .ifPresent(chart -> charts.put("wer.svg", chart));
        byExperts(
                        "loss when experts are permuted, minus the loss as trained",
                        "nats a character",
                        r -> r.permutedLoss() - r.test().loss())
                .ifPresent(chart -> charts.put("permuted.svg", chart));
        byLayer("agreement with the layer before, best renaming", "% of steps", NetworkResult::agreements)
                .ifPresent(chart -> charts.put("agreement.svg", chart));
        byLayer("entropy of the router's distribution", "bits", NetworkResult::routerEntropies)
                .ifPresent(chart -> charts.put("entropy.svg", chart));
        return charts;
    }

    private Optional<LineChart> losses() {
        List<LineChart.Line> lines = new ArrayList<>();
        for (NetworkGroup group : results.groups().keySet()) {
            List<LineChart.Point> points = curves.getOrDefault(group, List.of());
            if (!points.isEmpty()) {
                lines.add(new LineChart.Line(group.label(), points, colour(group), dash(group)));
            }
        }
        return chart("training loss", "updates", "nats a token", lines);
    }

    /** A value over the number of experts, as a mean over seeds; dense networks have one expert. */
    private Optional<LineChart> byExperts(String title, String unit, ToDoubleFunction<NetworkResult> value) {
        Map<String, List<LineChart.Point>> points = new LinkedHashMap<>();
        Map<String, Integer> colours = new LinkedHashMap<>();
        results.groups().forEach((group, members) -> {
            double y = ExperimentResults.mean(members, value);
            if (Double.isFinite(y)) {
                points.computeIfAbsent(group.family(), family -> new ArrayList<>())
                        .add(new LineChart.Point(group.experts(), y));
                colours.putIfAbsent(group.family(), group.variant().isPresent() ? 0 : colour(group));
            }
        });
        List<LineChart.Line> lines = new ArrayList<>();
        points.forEach((family, own) -> lines.add(new LineChart.Line(family, own, colours.get(family), 0)));
        return chart(title, "experts a layer", unit, lines);
    }

    /** A value over the layers, as a mean over seeds. */
    private Optional<LineChart> byLayer(String title, String unit, Function<NetworkResult, List<Double>> values) {
        List<LineChart.Line> lines = new ArrayList<>();
        results.groups().forEach((group, members) -> {
            List<LineChart.Point> points = new ArrayList<>();
            int layers = group.denseOfGrid() ? 0 : values.apply(members.get(0)).size();
            for (int layer = 0; layer < layers; layer++) {
                int index = layer;
                double y = ExperimentResults.mean(members, m -> values.apply(m).get(index));
                if (Double.isFinite(y)) {
                    points.add(new LineChart.Point(layer + 1, y));
                }
            }
            if (!points.isEmpty()) {
                lines.add(new LineChart.Line(group.label(), points, colour(group), dash(group)));
            }
        });
        return chart(title, "layer", unit, lines);
    }

    private static Optional<LineChart> chart(String title, String across, String up, List<LineChart.Line> lines) {
        return lines.isEmpty() ? Optional.empty() : Optional.of(new LineChart(title, across, up, lines));
    }

    private static int colour(NetworkGroup group) {
        return switch (group.routing()) {
            case DENSE -> 0;
            case INDEPENDENT -> 1;
            case SHARED -> 2;
        };
    }

    private int dash(NetworkGroup group) {
        return Math.max(0, experts.indexOf(group.experts()));
    }
}
