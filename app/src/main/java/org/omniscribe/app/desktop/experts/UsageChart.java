package org.omniscribe.app.desktop.experts;

import java.util.Locale;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.timeline.Palette;
import org.omniscribe.app.desktop.timeline.Timeline;

/** A bar for each layer, divided by how much each expert did. */
final class UsageChart extends GridPane {
    private static final double MIN_SHARE_FOR_NUMBER = 0.08;

    UsageChart() {
        getStyleClass().add("usage");
        setHgap(10);
        setVgap(3);
        ColumnConstraints names = new ColumnConstraints();
        names.setMinWidth(Region.USE_PREF_SIZE);
        ColumnConstraints bars = new ColumnConstraints();
        bars.setHgrow(Priority.ALWAYS);
        getColumnConstraints().setAll(names, bars);
    }

    /** Shows how the experts of a timeline were used so far. */
    void show(Timeline timeline) {
        getChildren().clear();
        for (int layer = 0; layer < timeline.layers(); layer++) {
            Label name = new Label(Strings.get("timeline.layer", layer + 1));
            name.getStyleClass().addAll("faint", "figures");
            add(name, 0, layer);
            add(bar(timeline, layer), 1, layer);
        }
    }

    private static Region bar(Timeline timeline, int layer) {
        double[] usage = timeline.usage(layer);
        Region[] parts = new Region[usage.length];
        HBox bar = new HBox() {
            @Override
            protected void layoutChildren() {
                double x = 0;
                for (int expert = 0; expert < parts.length; expert++) {
                    double width = usage[expert] * getWidth();
                    parts[expert].resizeRelocate(x, 0, width, getHeight());
                    x += width;
                }
            }
        };
        StringBuilder spoken = new StringBuilder(Strings.get("experts.usage.layer", layer + 1));
        for (int expert = 0; expert < usage.length; expert++) {
            Label part = new Label(usage[expert] >= MIN_SHARE_FOR_NUMBER ? Integer.toString(expert + 1) : "");
            part.getStyleClass().add("usage-part");
            part.setStyle(String.format(
                    Locale.ROOT,
                    "-fx-background-color: %s; -fx-text-fill: #%06x;",
                    Palette.hex(expert),
                    Palette.inkOn(Palette.of(expert)) & 0xffffff));
            String text = Strings.get("experts.usage.part", expert + 1, Figures.percent(usage[expert]));
            part.setTooltip(new Tooltip(text));
            spoken.append(", ").append(text);
            parts[expert] = part;
        }
        bar.getChildren().setAll(parts);
        bar.setMinHeight(15);
        bar.setPrefHeight(15);
        bar.setMinWidth(60);
        bar.setAccessibleRole(AccessibleRole.TEXT);
        bar.setAccessibleText(spoken.toString());
        return bar;
    }
}
