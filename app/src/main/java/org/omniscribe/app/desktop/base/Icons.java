package org.omniscribe.app.desktop.base;

import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;

/** Icons of one family, and buttons that bear them. */
public final class Icons {
    private static final int SIZE = 16;

    private Icons() {}

    /** An icon in the size of buttons; its colour is the style sheet's. */
    public static FontIcon of(Ikon ikon) {
        return of(ikon, SIZE);
    }

    /** An icon in some size in pixels. */
    public static FontIcon of(Ikon ikon, int size) {
        FontIcon icon = new FontIcon(ikon);
        icon.setIconSize(size);
        icon.getStyleClass().add("icon");
        return icon;
    }

    /**
     * A button with an icon and a text.
     *
     * @param key the text's key
     */
    public static Button button(Ikon ikon, String key, Runnable action) {
        Button button = new Button(Strings.get(key), of(ikon));
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setOnAction(event -> action.run());
        return button;
    }

    /**
     * A button with an icon alone; its text is what a pointer and a screen reader are told.
     *
     * @param key the text's key
     */
    public static Button iconButton(Ikon ikon, String key, Runnable action) {
        Button button = bare(new Button(), ikon, key);
        button.setOnAction(event -> action.run());
        return button;
    }

    /** A button with an icon that stays pressed. */
    public static ToggleButton iconToggle(Ikon ikon, String key) {
        return bare(new ToggleButton(), ikon, key);
    }

    /** Gives a button another icon and text. */
    public static void change(ButtonBase button, Ikon ikon, String key) {
        String text = Strings.get(key);
        ((FontIcon) button.getGraphic()).setIconCode(ikon);
        button.setAccessibleText(text);
        if (button.getTooltip() != null) {
            button.getTooltip().setText(text);
        }
        if (button.getContentDisplay() != ContentDisplay.GRAPHIC_ONLY) {
            button.setText(text);
        }
    }

    private static <B extends ButtonBase> B bare(B button, Ikon ikon, String key) {
        String text = Strings.get(key);
        button.setGraphic(of(ikon));
        button.setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
        button.setAccessibleText(text);
        button.setTooltip(new Tooltip(text));
        button.getStyleClass().add("bare");
        return button;
    }
}
