package org.omniscribe.app.desktop.live;

import java.util.function.Supplier;
import javafx.animation.AnimationTimer;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.asr.stream.RecognitionEvent;

/** A bar that shows how loud it is, from -60 dB of full scale to full scale; it falls more slowly than it rises. */
final class LevelMeter extends StackPane {
    private static final PseudoClass LOUD = PseudoClass.getPseudoClass("loud");
    private static final double LOWEST = -60;
    private static final double CLIPPED = 0.98;
    private static final double FALL = 0.015;

    private final Supplier<RecognitionEvent.Level> source;
    private final Region bar = new Region();
    private final AnimationTimer timer = new AnimationTimer() {
        @Override
        public void handle(long now) {
            refresh();
        }
    };
    private double shown;

    LevelMeter(Supplier<RecognitionEvent.Level> source) {
        this.source = source;
        getStyleClass().add("meter");
        bar.getStyleClass().add("meter-bar");
        bar.setMaxWidth(0);
        setAlignment(Pos.CENTER_LEFT);
        setAccessibleRole(AccessibleRole.PROGRESS_INDICATOR);
        setAccessibleText(Strings.get("live.level"));
        getChildren().add(bar);
        sceneProperty().addListener((o, was, is) -> {
            if (is == null) {
                timer.stop();
            } else {
                timer.start();
            }
        });
    }

    private void refresh() {
        RecognitionEvent.Level level = source.get();
        double part = Math.max(0, Math.min(1, 1 - level.decibels() / LOWEST));
        shown = Math.max(part, shown - FALL);
        double width = Math.round(shown * getWidth());
        if (bar.getMaxWidth() != width) {
            bar.setMaxWidth(width);
            bar.pseudoClassStateChanged(LOUD, level.peak() >= CLIPPED);
        }
    }
}
