/**
 * A transcript that is read, heard, searched, corrected and exported.
 *
 * <p>Uses {@code app.desktop.base}, {@code app.desktop.sound}, {@code app.desktop.timeline}, {@code asr.audio}, {@code
 * asr.io}, {@code asr.routing} and {@code asr.transcript}. Used by {@code app.desktop}, {@code app.desktop.experts}
 * and {@code app.desktop.live}.
 */
package org.omniscribe.app.desktop.document;
