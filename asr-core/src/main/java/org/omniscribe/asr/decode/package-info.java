/**
 * From token probabilities to timed words.
 *
 * <p>Uses {@code asr.io}, {@code asr.model} and {@code asr.transcript}. Used by the commands, {@code app}, most of the
 * library, {@code eval} and {@code export}.
 */
package org.omniscribe.asr.decode;
