/**
 * What can be chosen.
 *
 * <p>Uses {@code app.desktop.base} and {@code asr.transcript}. Used by {@code app.desktop}.
 */
package org.omniscribe.app.desktop.settings;
