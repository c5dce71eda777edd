package org.omniscribe.app.desktop.timeline;

import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;
import javafx.animation.AnimationTimer;
import javafx.beans.value.ChangeListener;
import javafx.geometry.Point2D;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.Node;
import javafx.scene.canvas.Canvas;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Region;
import javafx.scene.shape.Line;
import javafx.stage.Screen;
import javafx.stage.Window;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.app.desktop.base.Settings.Theme;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.asr.transcript.Word;

/**
 * The timeline as a control: draws at most once a frame and only when something has changed; the wheel scrolls and zooms,
 * a drag scrolls, a click picks a moment, and the pointer tells what lies under it.
 */
public final class TimelineView extends Region {
    private static final double ZOOM_STEP = 1.25;
    private static final double CLICK_PIXELS = 4;
    /** Longest time in nanoseconds for which what is new is not drawn, where it is less than can be seen. */
    private static final double MAX_REST_NANOS = 250e6;

    private final Viewport viewport = new Viewport();
    private final Canvas canvas = new Canvas();
    private final Line cross = new Line();
    private final Label hint = new Label();
    private final AnimationTimer timer = new AnimationTimer() {
        @Override
        public void handle(long now) {
            refresh(now);
        }
    };
    private TimelinePainter painter;
    private double painterScale;
    private Timeline timeline = new Timeline(List.of(), 1);
    private List<Word> words = List.of();
    private Lanes lanes = Lanes.sound();
    private Filter filter = Filter.NONE;
    private double doubtful;
    private Theme theme = Theme.LIGHT;
    private DoubleSupplier playhead = () -> Double.NaN;
    private DoubleConsumer onPick = second -> {};
    private Picture drawn;
    private long drawnRevision = -1;
    private long drawnAt;
    private boolean changed = true;
    private double pressedX;
    private double draggedX;

    /** An empty timeline. */
    public TimelineView() {
        getStyleClass().add("timeline");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setAccessibleText(Strings.get("timeline.accessible"));
        setFocusTraversable(true);
        hint.getStyleClass().add("timeline-hint");
        hint.setMouseTransparent(true);
        hint.setManaged(false);
        hint.setVisible(false);
        cross.getStyleClass().add("timeline-cross");
        cross.setMouseTransparent(true);
        cross.setManaged(false);
        cross.setVisible(false);
        getChildren().addAll(canvas, cross, hint);
        viewport.listen(() -> changed = true);
        canvas.setOnMouseMoved(this::hover);
        canvas.setOnMouseExited(event -> hover(false));
        canvas.setOnMousePressed(this::press);
        canvas.setOnMouseDragged(this::drag);
        canvas.setOnMouseReleased(this::release);
        canvas.setOnScroll(this::wheel);
        setOnKeyPressed(this::key);
        // Nothing is drawn for a page that is not shown.
        ChangeListener<Object> shown = (o, was, is) -> {
            if (getScene() == null) {
                timer.stop();
            } else {
                timer.start();
            }
        };
        sceneProperty().addListener(shown);
    }

    /** Which seconds are seen. */
    public Viewport viewport() {
        return viewport;
    }

    /** Shows other data. */
    public void setTimeline(Timeline value) {
        timeline = value;
        drawnRevision = -1;
        changed = true;
    }

    /** Shows other words. */
    public void setWords(List<Word> value) {
        words = value;
        changed = true;
    }

    /** Shows other lanes; the control's height follows. */
    public void setLanes(Lanes value) {
        if (!value.equals(lanes)) {
            lanes = value;
            changed = true;
            requestLayout();
        }
    }

    /** Lets other steps stand out. */
    public void setFilter(Filter value) {
        filter = value;
        changed = true;
    }

    /** Marks words below another confidence. */
    public void setDoubtful(double value) {
        doubtful = value;
        changed = true;
    }

    /** Draws in other colours. */
    public void setTheme(Theme value) {
        theme = value;
        changed = true;
    }

    /** Where the second that is played comes from; NaN for none. */
    public void setPlayhead(DoubleSupplier value) {
        playhead = value;
    }

    /** Told the second that is clicked on. */
    public void setOnPick(DoubleConsumer value) {
        onPick = value;
    }

    @Override
    protected double computePrefHeight(double width) {
        return Math.ceil(lanes.height() + 4);
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    protected double computePrefWidth(double height) {
        return 400;
    }

    @Override
    protected void layoutChildren() {
        if (canvas.getWidth() != getWidth() || canvas.getHeight() != getHeight()) {
            canvas.setWidth(getWidth());
            canvas.setHeight(getHeight());
            changed = true;
        }
    }

    private void refresh(long now) {
        if (!isShown(this)) {
            return;
        }
        // Half a pixel is the least that can be seen: of an hour, that is seconds.
        double least = viewport.span() / width() / 2;
        long revision = timeline.revision();
        boolean grown = revision != drawnRevision
                && (drawnRevision < 0 || now - drawnAt >= Math.min(MAX_REST_NANOS, least * 1e9));
        double head = playhead.getAsDouble();
        boolean same = !changed && !grown && drawn != null && near(drawn.playhead(), head, least);
        if (same || canvas.getWidth() < Lanes.GUTTER) {
            return;
        }
        viewport.setDuration(timeline.seconds());
        drawnAt = now;
        changed = false;
        drawnRevision = revision;
        drawn = picture(head);
        double scale = outputScale();
        if (painter == null || painterScale != scale) {
            painter = new TimelinePainter(canvas.getGraphicsContext2D(), scale);
            painterScale = scale;
        }
        painter.paint(drawn, canvas.getWidth(), canvas.getHeight());
    }

    private static boolean near(double a, double b, double least) {
        return Double.compare(a, b) == 0 || Math.abs(a - b) < least;
    }

    private static boolean isShown(Node node) {
        for (Node n = node; n != null; n = n.getParent()) {
            if (!n.isVisible()) {
                return false;
            }
        }
        return true;
    }

    /** What it shows now. */
    Picture picture() {
        return picture(Double.NaN);
    }

    private Picture picture(double head) {
        return new Picture(timeline, words, viewport.from(), viewport.span(), lanes, filter, doubtful, head, theme);
    }

    private double outputScale() {
        Window window = getScene() == null ? null : getScene().getWindow();
        return window == null ? Screen.getPrimary().getOutputScaleX() : window.getOutputScaleX();
    }

    private double width() {
        return Math.max(1, getWidth() - Lanes.GUTTER);
    }

    private double second(double x) {
        return viewport.from() + (x - Lanes.GUTTER) / width() * viewport.span();
    }

    private void hover(MouseEvent event) {
        double second = second(event.getX());
        boolean inside = event.getX() >= Lanes.GUTTER && second >= 0 && second <= timeline.seconds();
        hover(inside);
        if (!inside) {
            return;
        }
        cross.setStartX(event.getX());
        cross.setEndX(event.getX());
        cross.setStartY(lanes.ruler());
        cross.setEndY(lanes.height());
        hint.setText(Describe.at(timeline, words, second, lanes.layerAt(event.getY())));
        hint.applyCss();
        hint.autosize();
        boolean right = event.getX() + 14 + hint.getWidth() < getWidth();
        hint.relocate(
                right ? event.getX() + 14 : Math.max(0, event.getX() - 14 - hint.getWidth()),
                Math.max(0, Math.min(event.getY() + 14, getHeight() - hint.getHeight())));
    }

    private void hover(boolean inside) {
        cross.setVisible(inside);
        hint.setVisible(inside);
        canvas.setCursor(inside ? Cursor.HAND : Cursor.DEFAULT);
    }

    private void press(MouseEvent event) {
        requestFocus();
        pressedX = event.getX();
        draggedX = event.getX();
    }

    private void drag(MouseEvent event) {
        viewport.scroll((draggedX - event.getX()) / width() * viewport.span());
        draggedX = event.getX();
        hover(false);
    }

    private void release(MouseEvent event) {
        if (Math.abs(event.getX() - pressedX) < CLICK_PIXELS && event.getX() >= Lanes.GUTTER) {
            onPick.accept(Math.max(0, Math.min(timeline.seconds(), second(event.getX()))));
        }
    }

    private void wheel(ScrollEvent event) {
        if (event.isControlDown() || event.isShortcutDown()) {
            viewport.zoom(Math.pow(ZOOM_STEP, Math.signum(event.getDeltaY())), second(event.getX()));
        } else {
            double pixels = event.getDeltaX() != 0 ? event.getDeltaX() : event.isShiftDown() ? event.getDeltaY() : 0;
            if (pixels == 0) {
                return;
            }
            viewport.scroll(-pixels / width() * viewport.span());
        }
        event.consume();
    }

    private void key(KeyEvent event) {
        double middle = viewport.from() + viewport.span() / 2;
        switch (event.getCode()) {
            case PLUS, EQUALS, ADD -> viewport.zoom(ZOOM_STEP, middle);
            case MINUS, SUBTRACT -> viewport.zoom(1 / ZOOM_STEP, middle);
            case DIGIT0, NUMPAD0 -> viewport.showAll();
            case LEFT -> viewport.scroll(-viewport.span() / 10);
            case RIGHT -> viewport.scroll(viewport.span() / 10);
            case HOME -> viewport.scroll(-timeline.seconds());
            case END -> viewport.scroll(timeline.seconds());
            default -> {
                return;
            }
        }
        event.consume();
    }

    /** Shows less, as a button may want it. */
    public void zoomIn() {
        viewport.zoom(ZOOM_STEP, viewport.from() + viewport.span() / 2);
    }

    /** Shows more. */
    public void zoomOut() {
        viewport.zoom(1 / ZOOM_STEP, viewport.from() + viewport.span() / 2);
    }

    /** What the pointer's hint says; empty where there is none. */
    public String hintText() {
        return hint.isVisible() ? hint.getText() : "";
    }

    /** Where a second and a layer are in this control. */
    public Point2D pointOf(double second, int layer) {
        return new Point2D(
                Lanes.GUTTER + (second - viewport.from()) / viewport.span() * width(),
                lanes.rowsTop() + (layer + 0.5) * lanes.row());
    }

    /** What is at a moment, in words. */
    static final class Describe {
        private Describe() {}

        static String at(Timeline timeline, List<Word> words, double second, int layer) {
            StringBuilder text = new StringBuilder(Figures.exactClock(second));
            Picture picture =
                    new Picture(timeline, words, second, 1, Lanes.sound(), Filter.NONE, 0, Double.NaN, Theme.LIGHT);
            int i = picture.firstWordAfter(second);
            if (i < words.size() && words.get(i).start() <= second) {
                Word word = words.get(i);
                text.append("   ")
                        .append(Strings.get("timeline.hint.word", word.text(), Figures.percent(word.confidence())));
            }
            if (layer >= 0) {
                long step = (long) (second / timeline.stepSeconds());
                int expert = timeline.expert(layer, step);
                if (expert >= 0) {
                    text.append('\n')
                            .append(Strings.get(
                                    "timeline.hint.expert",
                                    layer + 1,
                                    expert + 1,
                                    timeline.expertCounts().get(layer),
                                    Figures.percent(timeline.probability(layer, step))));
                }
            }
            return text.toString();
        }
    }
}
