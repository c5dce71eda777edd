/**
 * Trains language models on text.
 *
 * <p>Uses {@code asr.decode}, {@code asr.io}, {@code datasets} and {@code eval.text}. Used by the commands.
 */
package org.omniscribe.export.lm;
