/**
 * Which expert works when, in which layer and on which words.
 *
 * <p>Uses {@code app.desktop.base}, {@code app.desktop.document}, {@code app.desktop.timeline}, {@code asr.io} and
 * {@code asr.transcript}. Used by {@code app.desktop}.
 */
package org.omniscribe.app.desktop.experts;
