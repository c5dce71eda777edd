package org.omniscribe.app.desktop;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.omniscribe.app.desktop.base.Icons;
import org.omniscribe.app.desktop.base.Strings;

/** All shortcuts on a sheet above the window. */
final class ShortcutSheet extends StackPane {
    private static final String[][] LOCAL = {
        {"F2", "shortcut.edit"},
        {"Enter", "shortcut.enter"},
        {"Esc", "shortcut.escape"},
        {"+  −  0", "shortcut.zoom"},
        {"←  →", "shortcut.scroll"},
    };

    ShortcutSheet() {
        getStyleClass().add("veil");
        Label title = new Label(Strings.get("shortcuts.title"));
        title.getStyleClass().add("page-title");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox head = new HBox(title, gap, Icons.iconButton(Feather.X, "shortcuts.close", () -> setVisible(false)));
        head.setAlignment(Pos.CENTER_LEFT);
        GridPane keys = new GridPane();
        keys.setHgap(14);
        keys.setVgap(9);
        Shortcut[] all = Shortcut.values();
        int half = (all.length + LOCAL.length + 1) / 2;
        for (int i = 0; i < all.length + LOCAL.length; i++) {
            boolean global = i < all.length;
            Label key = new Label(global ? all[i].keys().getDisplayText() : LOCAL[i - all.length][0]);
            key.getStyleClass().add("key");
            Label what = new Label(global ? all[i].description() : Strings.get(LOCAL[i - all.length][1]));
            int column = i < half ? 0 : 3;
            keys.add(key, column, i % half);
            keys.add(what, column + 1, i % half);
        }
        Region between = new Region();
        between.setMinWidth(24);
        keys.add(between, 2, 0);
        VBox sheet = new VBox(20, head, keys);
        sheet.getStyleClass().add("shortcut-sheet");
        sheet.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        getChildren().add(sheet);
        setOnMouseClicked(event -> setVisible(false));
        setVisible(false);
    }
}
