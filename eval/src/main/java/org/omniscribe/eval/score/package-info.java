/**
 * Alignment of recognised with spoken words, and the rates counted from it.
 *
 * <p>Uses {@code asr.io} and {@code eval.text}. Used by the commands, {@code app}, {@code eval} and {@code export}.
 */
package org.omniscribe.eval.score;
