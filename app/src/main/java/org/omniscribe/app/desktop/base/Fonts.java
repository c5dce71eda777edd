package org.omniscribe.app.desktop.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import javafx.scene.text.Font;

/** The window's typeface, Inter, which is the same on all systems. */
public final class Fonts {
    /** The family that style sheets name. */
    public static final String FAMILY = "Inter";

    private static final String FOLDER = "/com/formdev/flatlaf/fonts/inter/";

    private Fonts() {}

    /** Makes the typeface known to style sheets. */
    public static void load() {
        for (String style : new String[] {"Regular", "SemiBold", "Bold", "Italic"}) {
            try (InputStream in = Fonts.class.getResourceAsStream(FOLDER + "Inter-" + style + ".otf")) {
                Font.loadFont(in, 0);
            } catch (IOException e) {
                throw new UncheckedIOException("the typeface that comes with the program cannot be read", e);
            }
        }
    }

    /** The typeface in a size. */
    public static Font of(double size) {
        return Font.font(FAMILY, size);
    }
}
