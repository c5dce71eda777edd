/**
 * The weights of a search for words, fitted to recordings whose words are known.
 *
 * <p>Uses {@code asr.decode}, {@code asr.model}, {@code asr.transcript}, {@code eval.score} and {@code eval.text}.
 * Used by the commands.
 */
package org.omniscribe.eval.tune;
