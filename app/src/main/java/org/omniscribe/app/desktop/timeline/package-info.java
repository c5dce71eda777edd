/**
 * What a recording looks like over time: waveform, spectrogram, words and the experts of every layer, one above the
 * other.
 *
 * <p>{@link org.omniscribe.app.desktop.timeline.Timeline} holds the data, {@link
 * org.omniscribe.app.desktop.timeline.Viewport} says which seconds are seen, {@link
 * org.omniscribe.app.desktop.timeline.TimelinePainter} draws those alone, and {@link
 * org.omniscribe.app.desktop.timeline.TimelineView} is the control.
 *
 * <p>Uses {@code app.desktop.base}, {@code asr.audio}, {@code asr.feature}, {@code asr.routing} and {@code
 * asr.transcript}. Used by {@code app.desktop}, {@code app.desktop.document}, {@code app.desktop.experts}, {@code
 * app.desktop.live} and {@code app.desktop.models}.
 */
package org.omniscribe.app.desktop.timeline;
