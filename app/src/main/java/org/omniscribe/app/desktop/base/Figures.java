package org.omniscribe.app.desktop.base;

import java.util.Locale;

/** Numbers as people read them. */
public final class Figures {
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;

    private Figures() {}

    /** A place in a recording: 0:07, 12:05, 1:02:03. */
    public static String clock(double seconds) {
        long whole = (long) Math.floor(Math.max(0, seconds));
        return whole < HOUR
                ? String.format(Locale.ROOT, "%d:%02d", whole / MINUTE, whole % MINUTE)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / HOUR, whole / MINUTE % MINUTE, whole % MINUTE);
    }

    /** A place in a recording to the hundredth of a second: 0:07.25. */
    public static String exactClock(double seconds) {
        long hundredths = Math.round(Math.max(0, seconds) * 100);
        return clock(hundredths / 100) + String.format(Locale.ROOT, ".%02d", hundredths % 100);
    }

    /** How long something is or takes: 4.9 s, 2 min 5 s, 1 h 2 min. */
    public static String duration(double seconds) {
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", Math.max(0, seconds));
        }
        long whole = Math.round(seconds);
        if (whole < MINUTE) {
            return whole + " s";
        }
        if (whole < HOUR) {
            return whole / MINUTE + " min" + (whole % MINUTE == 0 ? "" : " " + whole % MINUTE + " s");
        }
        return whole / HOUR + " h" + (whole / MINUTE % MINUTE == 0 ? "" : " " + whole / MINUTE % MINUTE + " min");
    }

    /** A fraction as a percentage without decimals. */
    public static String percent(double fraction) {
        return Math.round(100 * fraction) + " %";
    }

    /** A size in decimal units: 812 B, 3.4 kB, 31.0 MB. */
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
