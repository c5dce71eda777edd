/**
 * Writes down what an evaluation found.
 *
 * <p>Uses {@code asr.audio}, {@code asr.io}, {@code asr.transcript}, {@code datasets}, {@code eval.run}, {@code
 * eval.score} and {@code eval.text}. Used by the commands and {@code app.experts}.
 */
package org.omniscribe.eval.report;
