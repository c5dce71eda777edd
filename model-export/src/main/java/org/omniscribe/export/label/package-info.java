/**
 * Transcripts of recognisers made into training data: what is likely to be right is kept.
 *
 * <p>Uses {@code asr}, {@code asr.audio}, {@code asr.io}, {@code asr.transcript}, {@code eval.score} and {@code
 * eval.text}. Used by the commands, {@code app.option} and {@code app.spark}.
 */
package org.omniscribe.export.label;
