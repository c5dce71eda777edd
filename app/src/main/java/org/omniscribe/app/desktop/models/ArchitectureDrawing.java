package org.omniscribe.app.desktop.models;

import java.util.Locale;
import javafx.geometry.HPos;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Group;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.timeline.Palette;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.ModelManifest;

/** A network from the sound at the top to the letters at the bottom: layers with their experts, and who shares a router. */
final class ArchitectureDrawing extends GridPane {
    private static final int MAX_EXPERTS = 16;
    private static final double ROUTER_WIDTH = 26;
    private static final int COLUMNS = 5;

    ArchitectureDrawing(ModelManifest manifest) {
        Architecture network = manifest.architecture();
        getStyleClass().add("architecture");
        setHgap(8);
        setVgap(4);
        ColumnConstraints router = new ColumnConstraints(ROUTER_WIDTH);
        ColumnConstraints number = new ColumnConstraints();
        number.setHalignment(HPos.RIGHT);
        number.setMinWidth(Region.USE_PREF_SIZE);
        ColumnConstraints attention = new ColumnConstraints();
        attention.setMinWidth(Region.USE_PREF_SIZE);
        ColumnConstraints convolution = new ColumnConstraints();
        convolution.setMinWidth(Region.USE_PREF_SIZE);
        ColumnConstraints experts = new ColumnConstraints();
        experts.setHgrow(Priority.ALWAYS);
        getColumnConstraints().setAll(router, number, attention, convolution, experts);

        add(
                box(Strings.get(
                        "architecture.input",
                        network.melBins(),
                        String.format(Locale.ROOT, "%.0f", 1000 * manifest.stepSeconds()))),
                0,
                0,
                COLUMNS,
                1);
        for (int layer = 0; layer < network.layers(); layer++) {
            Label name = new Label(Strings.get("timeline.layer", layer + 1));
            name.getStyleClass().addAll("faint", "figures");
            add(name, 1, layer + 1);
            add(part(Strings.get("architecture.attention", network.heads())), 2, layer + 1);
            if (network.convKernel() > 0) {
                add(part(Strings.get("architecture.convolution", network.convKernel())), 3, layer + 1);
            }
            add(experts(network.experts().get(layer)), 4, layer + 1);
        }
        routers(network);
        String tokens = Integer.toString(network.vocabulary());
        add(
                box(
                        network.phones() == 0
                                ? Strings.get("architecture.output", network.width(), tokens)
                                : Strings.get("architecture.output.phones", network.width(), tokens, network.phones())),
                0,
                network.layers() + 1,
                COLUMNS,
                1);
        setAccessibleRole(AccessibleRole.TEXT);
        setAccessibleText(Strings.get(
                "architecture.accessible", network.layers(), network.formatExperts(), network.routerGroups()));
    }

    /** A bar beside each run of layers with one router. */
    private void routers(Architecture network) {
        for (int from = 0, to; from < network.layers(); from = to) {
            int group = network.routerGroup(from);
            for (to = from + 1; to < network.layers() && network.routerGroup(to) == group; to++) {}
            if (group >= 0) {
                int layers = to - from;
                Label name = new Label(
                        layers > 2 ? Strings.get("architecture.router", group + 1) : Integer.toString(group + 1));
                name.setRotate(layers > 2 ? -90 : 0);
                name.setMinWidth(Region.USE_PREF_SIZE);
                StackPane bar = new StackPane(new Group(name));
                bar.getStyleClass().add("architecture-router");
                bar.setMaxHeight(Double.MAX_VALUE);
                add(bar, 0, from + 1, 1, layers);
            }
        }
    }

    private static HBox experts(int number) {
        HBox row = new HBox(3);
        row.setAlignment(Pos.CENTER_LEFT);
        for (int expert = 0; expert < Math.min(number, MAX_EXPERTS); expert++) {
            Label square = new Label(number == 1 ? Strings.get("architecture.dense") : Integer.toString(expert + 1));
            square.getStyleClass().add(number == 1 ? "architecture-part" : "architecture-expert");
            if (number > 1) {
                square.setStyle(String.format(
                        Locale.ROOT,
                        "-fx-background-color: %s; -fx-text-fill: #%06x;",
                        Palette.hex(expert),
                        Palette.inkOn(Palette.of(expert)) & 0xffffff));
            }
            row.getChildren().add(square);
        }
        if (number > MAX_EXPERTS) {
            row.getChildren().add(new Label(Strings.get("architecture.more", number - MAX_EXPERTS)));
        }
        return row;
    }

    private static Label part(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("architecture-part");
        return label;
    }

    private static Label box(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("architecture-box");
        label.setMaxWidth(Double.MAX_VALUE);
        return label;
    }
}
