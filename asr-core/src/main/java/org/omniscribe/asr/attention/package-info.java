/**
 * Decoding by attention: texts of windows of speech, written token by token by an encoder's companion (Whisper).
 *
 * <p>Uses {@code asr.decode}, {@code asr.io}, {@code asr.model}, {@code asr.token} and {@code asr.transcript}. Used by
 * {@code export.onnx}.
 */
package org.omniscribe.asr.attention;
