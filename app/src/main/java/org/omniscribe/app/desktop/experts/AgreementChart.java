package org.omniscribe.app.desktop.experts;

import java.util.Locale;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.timeline.Timeline;

/** A square for each pair of layers, the darker the more often both chose the expert of the same number. */
final class AgreementChart extends GridPane {
    private static final double WIDEST = 260;
    private static final double MAX_CELL_PIXELS = 28;
    private static final double CELL_FOR_NUMBER = 24;

    AgreementChart() {
        getStyleClass().add("agreement");
        setHgap(1);
        setVgap(1);
    }

    /** Shows how the layers of a timeline agreed so far. */
    void show(Timeline timeline) {
        getChildren().clear();
        int layers = timeline.layers();
        double cell = Math.floor(Math.min(MAX_CELL_PIXELS, WIDEST / Math.max(1, layers + 1)));
        for (int row = 0; row < layers; row++) {
            add(name(row, cell), 0, row);
            for (int column = 0; column <= row; column++) {
                double share = timeline.agreement(row, column);
                Label square = new Label(cell >= CELL_FOR_NUMBER ? Long.toString(Math.round(100 * share)) : "");
                square.getStyleClass().add("agreement-cell");
                square.setMinSize(cell, cell);
                square.setMaxSize(cell, cell);
                square.setStyle(String.format(
                        Locale.ROOT,
                        "-fx-background-color: rgba(0,114,178,%.3f); %s",
                        0.06 + 0.94 * share,
                        share > 0.55 ? "-fx-text-fill: white;" : ""));
                String text = Strings.get("experts.agreement.pair", row + 1, column + 1, Figures.percent(share));
                square.setTooltip(new Tooltip(text));
                square.setAccessibleRole(AccessibleRole.TEXT);
                square.setAccessibleText(text);
                add(square, column + 1, row);
            }
        }
        for (int column = 0; column < layers; column++) {
            add(name(column, cell), column + 1, layers);
        }
    }

    private static Label name(int layer, double cell) {
        Label name = new Label(Integer.toString(layer + 1));
        name.getStyleClass().addAll("agreement-name", "figures");
        name.setMinSize(Math.min(cell, MAX_CELL_PIXELS), Region.USE_PREF_SIZE);
        name.setMaxWidth(cell);
        return name;
    }
}
