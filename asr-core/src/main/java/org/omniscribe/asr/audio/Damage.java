package org.omniscribe.asr.audio;

import java.util.Locale;

/** Keeps count of the pieces of a recording that could not be decoded and tells about them without a flood of warnings. */
final class Damage {
    /** After so many bad pieces, and no good one before, nothing is to be hoped for. */
    private static final int HOPELESS = 50;

    private final Input in;
    private final String pieces;
    private long good;
    private long bad;

    /**
     * @param pieces what the pieces are called, in the plural, such as "packets"
     */
    Damage(Input in, String pieces) {
        this.in = in;
        this.pieces = pieces;
    }

    void good() {
        good++;
    }

    /** Counts a bad piece and warns of the first; an exception where all have been bad. */
    void bad(double seconds, Throwable cause) {
        bad++;
        if (good == 0 && bad >= HOPELESS) {
            throw hopeless(cause);
        }
        if (bad == 1) {
            in.warn("damaged data at " + time(seconds) + ", replaced by silence");
        }
    }

    /** Ends the count: how many there were in all, or an exception if there was nothing else. */
    void end() {
        if (good == 0 && bad > 0) {
            throw hopeless(null);
        }
        if (bad > 1) {
            in.warn(bad + " damaged " + pieces + " in all were replaced by silence");
        }
    }

    static String time(double seconds) {
        return String.format(Locale.ROOT, "%.2f s", seconds);
    }

    private AudioException hopeless(Throwable cause) {
        return in.damagedAt(-1, "none of its first " + pieces + " can be decoded (" + bad + " tried)", cause);
    }
}
