/**
 * Tokens of byte-level byte-pair encoding: text to numbers and back.
 *
 * <p>Uses {@code asr.io}. Used by {@code asr.attention}, {@code export.onnx} and {@code export.train}.
 */
package org.omniscribe.asr.token;
