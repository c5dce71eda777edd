package org.omniscribe.app.desktop.timeline;

import java.util.ArrayList;
import java.util.List;

/**
 * Which seconds of a recording are seen. Zooms and scrolls within the recording, and follows its end where that is
 * wanted. Used by the window's thread alone.
 */
public final class Viewport {
    /** The fewest seconds that fill the width. */
    static final double MIN_SECONDS = 0.5;

    /** Seconds that fill the width at first. */
    static final double STANDARD = 20;

    private final List<Runnable> listeners = new ArrayList<>();
    private double from;
    private double span = STANDARD;
    private double duration;
    private boolean following;
    private boolean whole;

    /** Tells every change. */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    /** The first second seen; 0 or more. */
    public double from() {
        return from;
    }

    /** How many seconds are seen. */
    public double span() {
        return span;
    }

    /** Behind the last second seen. */
    public double to() {
        return from + span;
    }

    /** Whether the end of the recording stays in sight as it grows. */
    public boolean following() {
        return following;
    }

    /** Follows the end of the recording, or no longer. */
    public void follow(boolean value) {
        following = value;
        place(from, span);
    }

    /** The recording has this many seconds now. */
    public void setDuration(double seconds) {
        duration = seconds;
        place(from, whole ? Math.max(MIN_SECONDS, seconds) : span);
    }

    /** Shows the beginning of another recording: all of it if it is short. */
    public void begin(double seconds) {
        following = false;
        whole = false;
        duration = seconds;
        place(0, seconds == 0 ? STANDARD : Math.max(MIN_SECONDS, Math.min(STANDARD, seconds)));
    }

    /** Shows all of it, also as it grows. */
    public void showAll() {
        place(0, Math.max(MIN_SECONDS, duration));
        whole = true;
    }

    /**
     * Shows less or more.
     *
     * @param factor above 1 shows less
     * @param at the second that stays where it is
     */
    public void zoom(double factor, double at) {
        whole = false;
        double next = Math.max(MIN_SECONDS, Math.min(span / factor, Math.max(STANDARD, duration)));
        place(at - (at - from) * next / span, next);
    }

    /** Scrolls, which ends following unless the end is reached. */
    public void scroll(double seconds) {
        whole = false;
        double end = Math.max(0, duration - span);
        following = following && from + seconds >= end;
        place(from + seconds, span);
    }

    /** Brings a second into sight if it is not, a tenth of the width from the left. */
    public void reveal(double second) {
        if (second < from || second > to()) {
            place(second - span / 10, span);
        }
    }

    private void place(double start, double width) {
        double end = Math.max(0, duration - width);
        double oldFrom = from;
        double oldSpan = span;
        span = width;
        from = following ? end : Math.max(0, Math.min(start, end));
        if (from != oldFrom || span != oldSpan) {
            List.copyOf(listeners).forEach(Runnable::run);
        }
    }
}
