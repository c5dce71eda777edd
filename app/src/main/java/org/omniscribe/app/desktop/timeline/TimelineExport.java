package org.omniscribe.app.desktop.timeline;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javafx.scene.SnapshotParameters;
import javafx.scene.canvas.Canvas;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.transform.Transform;
import javax.imageio.ImageIO;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.app.desktop.base.Fonts;
import org.omniscribe.app.desktop.base.Settings.Theme;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.asr.transcript.Word;

/** Takes a timeline out of the window: as a picture, as a drawing, as numbers. */
public final class TimelineExport {
    private static final double WIDTH = 1600;
    private static final double SCALE = 2;
    private static final double SVG_RULER_TICKS = 8;

    private TimelineExport() {}

    /**
     * What a view shows, as a PNG image of twice the resolution. Called on the window's thread.
     *
     * @return the bytes of the file
     */
    public static byte[] png(TimelineView view) {
        Picture picture = view.picture();
        double height = Math.ceil(picture.lanes().height() + 4);
        Canvas canvas = new Canvas(WIDTH, height);
        new TimelinePainter(canvas.getGraphicsContext2D(), SCALE).paint(picture, WIDTH, height);
        SnapshotParameters parameters = new SnapshotParameters();
        parameters.setTransform(Transform.scale(SCALE, SCALE));
        return encode(canvas.snapshot(parameters, null));
    }

    private static byte[] encode(WritableImage image) {
        int width = (int) image.getWidth();
        int height = (int) image.getHeight();
        int[] pixels = new int[width * height];
        image.getPixelReader().getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), pixels, 0, width);
        return encode(pixels, width, height);
    }

    private static byte[] encode(int[] pixels, int width, int height) {
        BufferedImage buffered = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        buffered.setRGB(0, 0, width, height, pixels, 0, width);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(buffered, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException("a stream in memory failed", e);
        }
        return out.toByteArray();
    }

    /**
     * What a view shows, as an SVG drawing: waveform, words and experts as shapes, the spectrogram as an image in it.
     * Called on the window's thread.
     */
    public static String svg(TimelineView view) {
        return svg(view.picture());
    }

    static String svg(Picture picture) {
        Svg svg = new Svg(picture);
        svg.ruler();
        svg.wave();
        svg.spectrum();
        svg.words();
        svg.grid();
        return svg.finish();
    }

    private static final class Svg {
        private final StringBuilder text = new StringBuilder();
        private final Picture picture;
        private final Lanes lanes;
        private final Inks inks;
        private final double width = WIDTH - Lanes.GUTTER;

        Svg(Picture picture) {
            this.picture = picture;
            lanes = picture.lanes();
            inks = Inks.of(picture.theme());
            add(
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" font-family=\"%s, sans-serif\""
                            + " font-size=\"11\">\n",
                    WIDTH, Math.ceil(lanes.height() + 4), Fonts.FAMILY);
            add("<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n", hex(inks.paper()));
        }

        private void add(String format, Object... values) {
            text.append(String.format(Locale.ROOT, format, values));
        }

        private double x(double second) {
            return Lanes.GUTTER + (second - picture.from()) / picture.span() * width;
        }

        private double clamp(double second) {
            return Math.max(picture.from(), Math.min(picture.from() + picture.span(), second));
        }

        void label(String name, double y) {
            add(
                    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\" fill=\"%s\">%s</text>\n",
                    Lanes.GUTTER - 10, y + 4, hex(inks.faint()), escape(name));
        }

        void ruler() {
            for (int i = 0; i <= SVG_RULER_TICKS; i++) {
                double second = picture.from() + picture.span() * i / SVG_RULER_TICKS;
                add(
                        "<text x=\"%.1f\" y=\"14\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n",
                        x(second),
                        i == SVG_RULER_TICKS ? "end" : "start",
                        hex(inks.faint()),
                        Figures.exactClock(second));
            }
        }

        void wave() {
            StringBuilder upper = new StringBuilder();
            StringBuilder lower = new StringBuilder();
            int[] extremes = new int[2];
            for (int c = 0; c < width; c++) {
                long from = (long) ((picture.from() + picture.span() * c / width) * Timeline.PEAK_RATE);
                long to = (long) ((picture.from() + picture.span() * (c + 1) / width) * Timeline.PEAK_RATE);
                if (picture.timeline().peaks().reduce(from, Math.max(from + 1, to), extremes)) {
                    upper.append(point(c, extremes[1]));
                    lower.insert(0, point(c, extremes[0]));
                }
            }
            add("<polygon fill=\"%s\" points=\"%s%s\"/>\n", hex(inks.wave()), upper, lower);
            label(Strings.get("timeline.sound"), lanes.waveTop() + lanes.wave() / 2);
        }

        private String point(int column, int amplitude) {
            double y = lanes.waveTop() + lanes.wave() / 2 * (1 - (amplitude - 128) / 127.0);
            return String.format(Locale.ROOT, "%.1f,%.1f ", Lanes.GUTTER + column, y);
        }

        void spectrum() {
            if (lanes.spectrum() == 0) {
                return;
            }
            int columns = (int) width;
            int bins = picture.timeline().spectrum().rows();
            int[] pixels = TimelinePainter.spectrum(picture, inks, columns, new int[columns * bins]);
            add(
                    "<image x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" preserveAspectRatio=\"none\""
                            + " href=\"data:image/png;base64,%s\"/>\n",
                    Lanes.GUTTER,
                    lanes.spectrumTop(),
                    width,
                    lanes.spectrum(),
                    Base64.getEncoder().encodeToString(encode(pixels, columns, bins)));
            label(Strings.get("timeline.spectrum"), lanes.spectrumTop() + lanes.spectrum() / 2);
        }

        void words() {
            if (lanes.words() == 0) {
                return;
            }
            label(Strings.get("timeline.words"), lanes.wordsTop() + lanes.words() / 2);
            double end = picture.from() + picture.span();
            for (int i = picture.firstWordAfter(picture.from());
                    i < picture.words().size() && picture.words().get(i).start() < end;
                    i++) {
                Word word = picture.words().get(i);
                add(
                        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" fill=\"%s\">%s</text>\n",
                        (x(clamp(word.start())) + x(clamp(word.end()))) / 2,
                        lanes.wordsTop() + lanes.words() / 2 + 4,
                        hex(inks.text()),
                        escape(word.text()));
            }
        }

        void grid() {
            Timeline timeline = picture.timeline();
            double step = timeline.stepSeconds();
            long first = (long) (picture.from() / step);
            long last = Math.min(timeline.steps(), (long) Math.ceil((picture.from() + picture.span()) / step));
            for (int layer = 0; layer < lanes.layers(); layer++) {
                double y = lanes.rowsTop() + layer * lanes.row();
                label(Strings.get("timeline.layer", layer + 1), y + lanes.row() / 2);
                // Neighbours with one expert are one shape.
                for (long from = first, to; from < last; from = to) {
                    int expert = timeline.expert(layer, from);
                    for (to = from + 1; to < last && timeline.expert(layer, to) == expert; to++) {}
                    if (expert >= 0) {
                        double left = x(clamp(from * step));
                        add(
                                "<rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\" fill=\"%s\"%s/>\n",
                                left,
                                y + 0.5,
                                x(clamp(to * step)) - left,
                                lanes.row() - 1,
                                timeline.expertCounts().get(layer) == 1 ? hex(inks.line()) : Palette.hex(expert),
                                picture.filter().shows(layer, expert) ? "" : " opacity=\"0.12\"");
                    }
                }
            }
        }

        String finish() {
            return text.append("</svg>\n").toString();
        }

        private static String hex(int argb) {
            return String.format(Locale.ROOT, "#%06x", argb & 0xffffff);
        }

        private static String escape(String text) {
            return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        }
    }

    /**
     * The experts of all steps as comma-separated values: a line a step, with its number, its begin in seconds, the word
     * that is said, and the expert (from 1) and its probability for each layer; a step that went through no expert has
     * empty fields.
     *
     * @throws IOException if the writer fails
     */
    public static void csv(Timeline timeline, List<Word> words, Writer out) throws IOException {
        out.write("step,start,word");
        for (int layer = 1; layer <= timeline.layers(); layer++) {
            out.write(",expert" + layer + ",probability" + layer);
        }
        out.write("\n");
        for (long step = timeline.firstStep(); step < timeline.steps(); step++) {
            double middle = (step + 0.5) * timeline.stepSeconds();
            Picture at =
                    new Picture(timeline, words, middle, 1, Lanes.sound(), Filter.NONE, 0, Double.NaN, Theme.LIGHT);
            int i = at.firstWordAfter(middle);
            String word = i < words.size() && words.get(i).start() <= middle
                    ? words.get(i).text()
                    : "";
            out.write(String.format(Locale.ROOT, "%d,%.3f,%s", step, step * timeline.stepSeconds(), quote(word)));
            for (int layer = 0; layer < timeline.layers(); layer++) {
                int expert = timeline.expert(layer, step);
                out.write(
                        expert < 0
                                ? ",,"
                                : String.format(
                                        Locale.ROOT, ",%d,%.3f", expert + 1, timeline.probability(layer, step)));
            }
            out.write("\n");
        }
    }

    private static String quote(String word) {
        return word.matches("[^\",\\n\\r]*") ? word : '"' + word.replace("\"", "\"\"") + '"';
    }
}
