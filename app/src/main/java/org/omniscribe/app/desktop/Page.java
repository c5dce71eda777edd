package org.omniscribe.app.desktop;

import java.util.Locale;
import org.kordamp.ikonli.feather.Feather;
import org.omniscribe.app.desktop.base.Strings;

/** The pages of the window, in the order of their shortcuts. */
enum Page {
    LIVE(Feather.MIC),
    FILES(Feather.FILE_TEXT),
    EXPERTS(Feather.GRID),
    MODELS(Feather.BOX),
    BENCHMARKS(Feather.BAR_CHART_2),
    SETTINGS(Feather.SETTINGS);

    private final Feather icon;

    Page(Feather icon) {
        this.icon = icon;
    }

    Feather icon() {
        return icon;
    }

    /** What people call it. */
    String title() {
        return Strings.get("page." + name().toLowerCase(Locale.ROOT));
    }
}
