/**
 * What all parts of the window share: texts, settings, places, threads, the model in use, icons and fonts.
 *
 * <p>Uses {@code asr}, {@code asr.io} and {@code asr.transcript}. Used by {@code app}.
 */
package org.omniscribe.app.desktop.base;
