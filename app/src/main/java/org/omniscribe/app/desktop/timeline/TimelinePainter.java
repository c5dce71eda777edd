package org.omniscribe.app.desktop.timeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.paint.Color;
import javafx.scene.text.Text;
import javafx.scene.text.TextAlignment;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.app.desktop.base.Fonts;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.asr.transcript.Word;

/**
 * Draws a {@link Picture}. Only what is seen is looked at: the time that a picture takes depends on its width, not on the
 * length of the recording. Used by the window's thread alone.
 */
final class TimelinePainter {
    /** Ruler marks, in seconds. */
    private static final double[] TICKS = {0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600};

    private static final double TICK_PIXELS = 90;
    private static final double SMALL = 11;
    /** Bytes of the spectrogram below the loudest that still show: about 55 dB. */
    private static final double RANGE = 55 / 10.0 * Math.log(10) * Timeline.BYTES_A_NEPER;
    /** Cells narrower than this show no number. */
    private static final double CELL_FOR_NUMBER = 13;

    private static final double PALE = 0.35;
    private static final double FILTERED = 0.88;

    private final GraphicsContext gc;
    private final double scale;
    private final Text ruler = new Text();
    private int[] pixels = {};
    private final WritableImage[] images = new WritableImage[3];

    /**
     * A painter for a canvas.
     *
     * @param scale device pixels for each pixel of the canvas
     */
    TimelinePainter(GraphicsContext gc, double scale) {
        this.gc = gc;
        this.scale = scale;
    }

    /**
     * Draws all of it.
     *
     * @param width of the canvas
     * @param height of the canvas
     */
    void paint(Picture picture, double width, double height) {
        Inks inks = Inks.of(picture.theme());
        Lanes lanes = picture.lanes();
        gc.setFill(colour(inks.paper()));
        gc.fillRect(0, 0, width, height);
        Frame frame = new Frame(picture, inks, Lanes.GUTTER, Math.max(1, width - Lanes.GUTTER));
        if (lanes.ruler() > 0) {
            frame.ruler();
        }
        if (lanes.wave() > 0) {
            frame.wave();
        }
        if (lanes.spectrum() > 0) {
            frame.spectrum();
        }
        if (lanes.words() > 0) {
            frame.words();
        }
        if (lanes.row() > 0 && lanes.layers() > 0) {
            frame.grid();
        }
        frame.playhead();
    }

    /** One picture. */
    private final class Frame {
        private final Picture picture;
        private final Inks inks;
        private final double left;
        private final double width;
        private final int columns;

        Frame(Picture picture, Inks inks, double left, double width) {
            this.picture = picture;
            this.inks = inks;
            this.left = left;
            this.width = width;
            this.columns = Math.max(1, (int) Math.round(width * scale));
        }

        private double x(double second) {
            return left + (second - picture.from()) / picture.span() * width;
        }

        private long unit(int column, double rate) {
            return TimelinePainter.unit(picture, column, columns, rate);
        }

        void ruler() {
            double wanted = TICK_PIXELS / width * picture.span();
            int i = 0;
            while (i + 1 < TICKS.length && TICKS[i] < wanted) {
                i++;
            }
            double tick = TICKS[i];
            double bottom = picture.lanes().ruler();
            gc.setFont(Fonts.of(SMALL));
            gc.setTextAlign(TextAlignment.LEFT);
            gc.setTextBaseline(VPos.CENTER);
            gc.setStroke(colour(inks.line()));
            gc.setLineWidth(1);
            for (long n = (long) Math.ceil(picture.from() / tick); n * tick <= picture.from() + picture.span(); n++) {
                double x = snap(x(n * tick));
                gc.strokeLine(x, 2, x, bottom + (picture.lanes().wave() > 0 ? 3 : 0));
                gc.setFill(colour(inks.faint()));
                gc.fillText(tick < 1 ? Figures.exactClock(n * tick) : Figures.clock(n * tick), x + 5, bottom / 2);
            }
        }

        void wave() {
            Lanes lanes = picture.lanes();
            int rows = (int) Math.round(lanes.wave() * scale);
            int[] image = pixels(rows);
            int[] extremes = new int[2];
            for (int c = 0; c < columns; c++) {
                long from = unit(c, Timeline.PEAK_RATE);
                long to = Math.max(from + 1, unit(c + 1, Timeline.PEAK_RATE));
                if (!picture.timeline().peaks().reduce(from, to, extremes)) {
                    continue;
                }
                int top = row(extremes[1], rows);
                int bottom = Math.max(top, row(extremes[0], rows));
                for (int r = top; r <= bottom; r++) {
                    image[r * columns + c] = inks.wave();
                }
            }
            draw(0, image, rows, lanes.waveTop(), lanes.wave());
            label(Strings.get("timeline.sound"), lanes.waveTop() + lanes.wave() / 2);
        }

        private static int row(int amplitude, int rows) {
            long row = Math.round((rows - 1) / 2.0 * (1 - (amplitude - 128) / 127.0));
            return (int) Math.max(0, Math.min(rows - 1, row));
        }

        void spectrum() {
            Lanes lanes = picture.lanes();
            int bins = picture.timeline().spectrum().rows();
            int[] image = TimelinePainter.spectrum(picture, inks, columns, pixels(bins));
            gc.setImageSmoothing(true);
            draw(1, image, bins, lanes.spectrumTop(), lanes.spectrum());
            label(Strings.get("timeline.spectrum"), lanes.spectrumTop() + lanes.spectrum() / 2);
        }

        void words() {
            Lanes lanes = picture.lanes();
            double top = lanes.wordsTop();
            double height = lanes.words();
            Filter filter = picture.filter();
            double usual = filter.active() ? WordExperts.usual(picture.timeline(), filter) : 0;
            gc.setFont(Fonts.of(SMALL + 1));
            gc.setTextAlign(TextAlignment.CENTER);
            gc.setTextBaseline(VPos.CENTER);
            double end = picture.from() + picture.span();
            gc.save();
            gc.beginPath();
            gc.rect(left, top, width, height);
            gc.clip();
            List<Word> seen = seen(end);
            // Texts may reach a little over the boxes of their neighbours, so all boxes come first.
            for (Word word : seen) {
                double x = x(word.start());
                double w = Math.max(1, x(word.end()) - x);
                gc.setFill(colour(found(word, usual) ? inks.mark() : Palette.mix(inks.paper(), inks.line(), 0.6)));
                gc.fillRoundRect(x + 0.5, top, Math.max(1, w - 1), height, 6, 6);
                if (word.confidence() < picture.doubtful()) {
                    gc.setFill(colour(inks.doubt()));
                    gc.fillRect(x + 2, top + height - 2.5, Math.max(1, w - 4), 1.5);
                }
            }
            double free = Double.NEGATIVE_INFINITY;
            for (Word word : seen) {
                double x = x(word.start());
                double w = Math.max(1, x(word.end()) - x);
                ruler.setFont(gc.getFont());
                ruler.setText(word.text());
                double textWidth = ruler.getLayoutBounds().getWidth();
                double middle = x + w / 2;
                if (textWidth <= w + 10 && middle - textWidth / 2 > free) {
                    free = middle + textWidth / 2 + 2;
                    gc.setFill(colour(filter.active() && !found(word, usual) ? inks.faint() : inks.text()));
                    gc.fillText(word.text(), middle, top + height / 2);
                }
            }
            gc.restore();
            label(Strings.get("timeline.words"), top + height / 2);
        }

        /** The words in sight; those narrower than half a pixel fall together. */
        private List<Word> seen(double end) {
            List<Word> seen = new ArrayList<>();
            double drawn = Double.NEGATIVE_INFINITY;
            for (int i = picture.firstWordAfter(picture.from());
                    i < picture.words().size();
                    i++) {
                Word word = picture.words().get(i);
                if (word.start() >= end) {
                    break;
                }
                double right = Math.max(x(word.start()) + 1, x(word.end()));
                if (right >= drawn + 0.5) {
                    drawn = right;
                    seen.add(word);
                }
            }
            return seen;
        }

        private boolean found(Word word, double usual) {
            Filter filter = picture.filter();
            return filter.active() && WordExperts.standsOut(WordExperts.share(picture.timeline(), word, filter), usual);
        }

        void grid() {
            Lanes lanes = picture.lanes();
            Timeline timeline = picture.timeline();
            int layers = lanes.layers();
            int[] image = pixels(layers);
            int[] expert = new int[layers];
            int[] probability = new int[layers];
            double rate = 1 / timeline.stepSeconds();
            for (int c = 0; c < columns; c++) {
                long from = unit(c, rate);
                long to = Math.max(from + 1, unit(c + 1, rate));
                boolean settled = timeline.experts().reduce(from, to, expert)
                        && timeline.probabilities().reduce(from, to, probability);
                for (int layer = 0; layer < layers; layer++) {
                    int e = settled ? expert[layer] : timeline.expert(layer, from);
                    if (e >= 0 && e != Timeline.NOBODY) {
                        double p = settled ? probability[layer] / 255.0 : timeline.probability(layer, from);
                        image[layer * columns + c] = cell(timeline, layer, e, p);
                    }
                }
            }
            gc.setImageSmoothing(false);
            draw(2, image, layers, lanes.rowsTop(), lanes.row() * layers);
            gc.setStroke(colour(inks.paper()));
            gc.setLineWidth(lanes.row() > 10 ? 1.5 : 1);
            for (int layer = 1; layer < layers; layer++) {
                double y = lanes.rowsTop() + layer * lanes.row();
                gc.strokeLine(left, y, left + width, y);
            }
            for (int layer = 0; layer < layers; layer++) {
                // Labels that would touch each other are left out, but for the first and the last.
                int every = (int) Math.ceil(14 / lanes.row());
                if (layer % every == 0) {
                    label(
                            Strings.get("timeline.layer", layer + 1),
                            lanes.rowsTop() + (layer + Math.min(every, layers - layer) * 0.5) * lanes.row());
                }
            }
            if (width / picture.span() * timeline.stepSeconds() >= CELL_FOR_NUMBER && lanes.row() >= CELL_FOR_NUMBER) {
                numbers();
            }
        }

        /** Pale where the router was unsure, so that certain decisions stand out. */
        private int cell(Timeline timeline, int layer, int expert, double probability) {
            int number = timeline.expertCounts().get(layer);
            if (number == 1) {
                return inks.line();
            }
            double chance = 1.0 / number;
            double sure = Math.max(0, Math.min(1, (probability - chance) / (1 - chance)));
            int colour = Palette.mix(inks.paper(), Palette.of(expert), PALE + (1 - PALE) * sure);
            return picture.filter().shows(layer, expert) ? colour : Palette.mix(colour, inks.paper(), FILTERED);
        }

        private void numbers() {
            Timeline timeline = picture.timeline();
            Lanes lanes = picture.lanes();
            gc.setFont(Fonts.of(Math.min(SMALL, lanes.row() * 0.7)));
            gc.setTextAlign(TextAlignment.CENTER);
            gc.setTextBaseline(VPos.CENTER);
            long last = (long) Math.ceil((picture.from() + picture.span()) / timeline.stepSeconds());
            for (long step = (long) (picture.from() / timeline.stepSeconds()); step < last; step++) {
                for (int layer = 0; layer < lanes.layers(); layer++) {
                    int expert = timeline.expert(layer, step);
                    if (expert >= 0
                            && timeline.expertCounts().get(layer) > 1
                            && picture.filter().shows(layer, expert)) {
                        int fill = cell(timeline, layer, expert, timeline.probability(layer, step));
                        gc.setFill(colour(Palette.inkOn(fill)));
                        gc.fillText(
                                Integer.toString(expert + 1),
                                x((step + 0.5) * timeline.stepSeconds()),
                                lanes.rowsTop() + (layer + 0.5) * lanes.row());
                    }
                }
            }
        }

        void playhead() {
            double x = x(picture.playhead());
            if (x >= left && x <= left + width) {
                gc.setFill(colour(inks.accent()));
                gc.fillRect(
                        x - 0.75, picture.lanes().ruler(), 1.5, picture.lanes().height());
            }
        }

        private void label(String text, double y) {
            gc.setFont(Fonts.of(SMALL));
            gc.setTextAlign(TextAlignment.RIGHT);
            gc.setTextBaseline(VPos.CENTER);
            gc.setFill(colour(inks.faint()));
            gc.fillText(text, left - 10, y);
        }

        private int[] pixels(int rows) {
            if (pixels.length < rows * columns) {
                pixels = new int[rows * columns];
            }
            Arrays.fill(pixels, 0, rows * columns, inks.paper());
            return pixels;
        }

        private void draw(int slot, int[] image, int rows, double top, double height) {
            WritableImage target = images[slot];
            if (target == null || (int) target.getWidth() != columns || (int) target.getHeight() != rows) {
                target = new WritableImage(columns, rows);
                images[slot] = target;
            }
            target.getPixelWriter().setPixels(0, 0, columns, rows, PixelFormat.getIntArgbInstance(), image, 0, columns);
            gc.drawImage(target, left, top, width, height);
        }
    }

    /**
     * The pixels of a spectrogram, high frequencies first.
     *
     * @param columns pixels of a row
     * @param image takes them, where there is sound
     * @return the image
     */
    static int[] spectrum(Picture picture, Inks inks, int columns, int[] image) {
        Pyramid spectrum = picture.timeline().spectrum();
        int bins = spectrum.rows();
        int[] column = new int[bins];
        int[] ramp = new int[256];
        double loudest = Math.max(picture.timeline().loudest(), RANGE);
        for (int v = 0; v < ramp.length; v++) {
            double share = Math.max(0, Math.min(1, 1 - (loudest - v) / RANGE));
            ramp[v] = Palette.mix(inks.paper(), inks.loud(), share * share);
        }
        Arrays.fill(image, 0, columns * bins, inks.paper());
        for (int c = 0; c < columns; c++) {
            long from = unit(picture, c, columns, Timeline.SPECTRUM_RATE);
            long to = Math.max(from + 1, unit(picture, c + 1, columns, Timeline.SPECTRUM_RATE));
            if (spectrum.reduce(from, to, column)) {
                for (int bin = 0; bin < bins; bin++) {
                    image[(bins - 1 - bin) * columns + c] = ramp[column[bin]];
                }
            }
        }
        return image;
    }

    /** The first unit of a pixel column, at so many units a second. */
    private static long unit(Picture picture, int column, int columns, double rate) {
        return (long) Math.floor((picture.from() + picture.span() * column / columns) * rate + 1e-6);
    }

    private double snap(double x) {
        return Math.floor(x * scale) / scale + 0.5 / scale;
    }

    private static Color colour(int argb) {
        return Color.rgb(argb >> 16 & 0xff, argb >> 8 & 0xff, argb & 0xff, (argb >>> 24) / 255.0);
    }
}
