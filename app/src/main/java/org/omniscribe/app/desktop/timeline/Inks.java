package org.omniscribe.app.desktop.timeline;

import org.omniscribe.app.desktop.base.Settings.Theme;

/**
 * The colours of a timeline but those of experts, as opaque ARGB.
 *
 * @param paper behind everything
 * @param line between lanes
 * @param text of words and numbers
 * @param faint of labels, and of words that are not certain
 * @param wave of the waveform
 * @param loud of the spectrogram where it is loudest
 * @param accent of the place that is played
 * @param mark behind words that a filter finds
 * @param doubt below words of low confidence
 */
record Inks(int paper, int line, int text, int faint, int wave, int loud, int accent, int mark, int doubt) {
    private static final Inks LIGHT = new Inks(
            0xffffffff, 0xffe4e7ec, 0xff1d2433, 0xff6b7485, 0xff7a88a3, 0xff1f2d4d, 0xffc2255c, 0xffffe3a3, 0xffc77700);
    private static final Inks DARK = new Inks(
            0xff1b1e26, 0xff2e333e, 0xffe8eaf0, 0xff98a1b3, 0xff8c9ab8, 0xffe9edf7, 0xffff6b9d, 0xff5c4a12, 0xffe8a33d);

    /** Those of a theme. */
    static Inks of(Theme theme) {
        return theme == Theme.DARK ? DARK : LIGHT;
    }
}
