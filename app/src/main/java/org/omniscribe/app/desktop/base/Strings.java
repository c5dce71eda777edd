package org.omniscribe.app.desktop.base;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** All texts of the window, from one bundle, {@code strings.properties}, which a translation replaces. */
public final class Strings {
    /** The bundle's base name. */
    static final String BUNDLE = "org.omniscribe.app.desktop.strings";

    private static final ResourceBundle TEXTS = ResourceBundle.getBundle(BUNDLE);

    private Strings() {}

    /**
     * A text.
     *
     * @param key its name in the bundle
     * @param values what stands for {0}, {1} … as {@link MessageFormat} says
     * @throws java.util.MissingResourceException if the bundle lacks it
     */
    public static String get(String key, Object... values) {
        return new MessageFormat(TEXTS.getString(key), Locale.ROOT).format(values);
    }
}
