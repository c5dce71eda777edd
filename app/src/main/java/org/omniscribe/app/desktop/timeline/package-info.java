/**
 * What a recording looks like over time: waveform, spectrogram, words and the experts of every layer, one above the
 * other.
 *
 * <p>{@link org.omniscribe.app.desktop.timeline.Timeline} holds the data, {@link
 * org.omniscribe.app.desktop.timeline.Viewport} says which seconds are seen, {@link
 * org.omniscribe.app.desktop.timeline.TimelinePainter} draws those alone, and {@link
 * org.omniscribe.app.desktop.timeline.TimelineView} is the control.
 */
package org.omniscribe.app.desktop.timeline;
