/**
 * {@code omniscribe lm}: language models.
 *
 * <p>Uses {@code app.command}, {@code asr.decode}, {@code asr.io} and {@code export.lm}. Used by {@code app}, where
 * the program starts.
 */
package org.omniscribe.app.cli.lm;
