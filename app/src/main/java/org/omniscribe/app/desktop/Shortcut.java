package org.omniscribe.app.desktop;

import java.util.Locale;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import org.omniscribe.app.desktop.base.Strings;

/** What the keyboard can do everywhere in the window. */
enum Shortcut {
    LIVE(KeyCode.DIGIT1, true),
    FILES(KeyCode.DIGIT2, true),
    EXPERTS(KeyCode.DIGIT3, true),
    MODELS(KeyCode.DIGIT4, true),
    BENCHMARKS(KeyCode.DIGIT5, true),
    SETTINGS(KeyCode.COMMA, true),
    RECORD(KeyCode.R, true),
    PAUSE(KeyCode.P, true),
    CAPTIONS(KeyCode.T, true),
    ADD(KeyCode.O, true),
    PLAY(KeyCode.SPACE, true),
    BACK(KeyCode.LEFT, true),
    FORWARD(KeyCode.RIGHT, true),
    FIND(KeyCode.F, true),
    EXPORT(KeyCode.S, true),
    UNDO(KeyCode.Z, true),
    LARGER(KeyCode.PLUS, true),
    SMALLER(KeyCode.MINUS, true),
    THEME(KeyCode.D, true),
    HELP(KeyCode.F1, false);

    private final KeyCombination keys;

    Shortcut(KeyCode code, boolean shortcut) {
        keys = shortcut ? new KeyCodeCombination(code, KeyCombination.SHORTCUT_DOWN) : new KeyCodeCombination(code);
    }

    /** The keys. */
    KeyCombination keys() {
        return keys;
    }

    /** What they do. */
    String description() {
        return Strings.get("shortcut." + name().toLowerCase(Locale.ROOT));
    }
}
