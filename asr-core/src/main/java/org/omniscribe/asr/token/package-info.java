/**
 * Tokens of byte-level byte-pair encoding: text to numbers and back.
 *
 * <p>Uses nothing of this project. Used by {@code asr.attention}.
 */
package org.omniscribe.asr.token;
