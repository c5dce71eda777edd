package org.omniscribe.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lines over a common axis, as an SVG file of its own that is readable on light and on dark ground.
 *
 * @param title above the chart
 * @param across what the horizontal axis is
 * @param up what the vertical axis is
 * @param lines at least one, each with at least one point
 */
public record LineChart(String title, String across, String up, List<Line> lines) {
    private static final List<String> COLOURS =
            List.of("#5b6b7c", "#d9730d", "#2c66d4", "#0d9373", "#9141c9", "#c2255c");
    private static final List<String> DASHES = List.of("none", "7 4", "2 4", "9 3 2 3");
    private static final int WIDTH = 760;
    private static final int HEIGHT = 400;
    private static final int LEFT = 64;
    private static final int TOP = 44;
    private static final int BOTTOM = 52;
    private static final int LEGEND = 190;
    private static final int TICKS = 5;

    /** Checks that there is something to draw. */
    public LineChart {
        lines = List.copyOf(lines);
        if (lines.isEmpty() || lines.stream().anyMatch(line -> line.points().isEmpty())) {
            throw new IllegalArgumentException("a chart needs lines, and a line points");
        }
    }

    /**
     * One line.
     *
     * @param name for the legend
     * @param points from left to right, finite
     * @param colour which of the colours, from 0
     * @param dash which kind of dashes, 0 for none
     */
    public record Line(String name, List<Point> points, int colour, int dash) {
        /** Copies the points. */
        public Line {
            points = List.copyOf(points);
        }
    }

    /** A point in the units of the axes. */
    public record Point(double x, double y) {}

    /** The file. */
    public String svg() {
        double[] x = range(
                lines.stream()
                        .flatMap(l -> l.points().stream())
                        .mapToDouble(Point::x)
                        .toArray(),
                false);
        double[] y = range(
                lines.stream()
                        .flatMap(l -> l.points().stream())
                        .mapToDouble(Point::y)
                        .toArray(),
                true);
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n",
                WIDTH,
                HEIGHT);
        add(
                svg,
                "<style>text{fill:#444}.grid{stroke:#8884}@media(prefers-color-scheme:dark){text{fill:#ccc}}</style>%n");
        add(svg, "<text x=\"%d\" y=\"22\" font-size=\"15\">%s</text>%n", LEFT, escaped(title));
        for (int tick = 0; tick <= TICKS; tick++) {
            double value = y[0] + (y[1] - y[0]) * tick / TICKS;
            double at = vertical(value, y);
            add(
                    svg,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\""
                            + " text-anchor=\"end\">%s</text>%n",
                    LEFT,
                    WIDTH - LEGEND,
                    at,
                    at,
                    LEFT - 6,
                    at + 4,
                    number(value, y[1] - y[0]));
        }
        for (double value : ticksAcross(x)) {
            add(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    horizontal(value, x),
                    HEIGHT - BOTTOM + 18,
                    number(value, x[1] - x[0]));
        }
        add(
                svg,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                WIDTH - LEGEND,
                HEIGHT - 10,
                escaped(across));
        add(svg, "<text x=\"%d\" y=\"%d\">%s</text>%n", 8, TOP - 8, escaped(up));
        for (int i = 0; i < lines.size(); i++) {
            line(svg, lines.get(i), i, x, y);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void line(StringBuilder svg, Line line, int index, double[] x, double[] y) {
        String style = String.format(
                Locale.ROOT,
                "fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" stroke-dasharray=\"%s\"",
                COLOURS.get(line.colour() % COLOURS.size()),
                DASHES.get(line.dash() % DASHES.size()));
        StringBuilder path = new StringBuilder();
        for (Point point : line.points()) {
            add(path, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", horizontal(point.x(), x), vertical(point.y(), y));
        }
        add(svg, "<path d=\"%s\" %s/>%n", path, style);
        if (line.points().size() <= 20) {
            for (Point point : line.points()) {
                add(
                        svg,
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n",
                        horizontal(point.x(), x),
                        vertical(point.y(), y),
                        COLOURS.get(line.colour() % COLOURS.size()));
            }
        }
        int from = WIDTH - LEGEND + 14;
        int at = TOP + 17 * index;
        add(svg, "<path d=\"M%d %dh26\" %s/>", from, at, style);
        add(svg, "<text x=\"%d\" y=\"%d\">%s</text>%n", from + 32, at + 4, escaped(line.name()));
    }

    private static void add(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }

    /** From the least to the greatest value, with some room above and below where asked for; never empty. */
    private static double[] range(double[] values, boolean room) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        double margin = room ? Math.max(0.05 * (high - low), 1e-3) : high > low ? 0 : 0.5;
        return new double[] {low - margin, high + margin};
    }

    /** The points themselves where they are few, else even steps. */
    private List<Double> ticksAcross(double[] x) {
        List<Double> own = lines.stream()
                .flatMap(l -> l.points().stream())
                .map(Point::x)
                .distinct()
                .sorted()
                .toList();
        if (own.size() <= 12) {
            return own;
        }
        List<Double> even = new ArrayList<>();
        for (int tick = 0; tick <= TICKS; tick++) {
            even.add(x[0] + (x[1] - x[0]) * tick / TICKS);
        }
        return even;
    }

    private static double horizontal(double value, double[] range) {
        return LEFT + (WIDTH - LEGEND - LEFT) * (value - range[0]) / (range[1] - range[0]);
    }

    private static double vertical(double value, double[] range) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value - range[0]) / (range[1] - range[0]);
    }

    private static String number(double value, double range) {
        return String.format(Locale.ROOT, range > 20 ? "%.0f" : range > 1 ? "%.1f" : "%.2f", value)
                .replaceAll("\\.0+$", "");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
