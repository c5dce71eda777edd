/** Tokens of byte-level byte-pair encoding: text to numbers and back. */
package org.omniscribe.asr.token;
