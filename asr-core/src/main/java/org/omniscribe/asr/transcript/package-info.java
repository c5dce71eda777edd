/**
 * What was said and when, and the file forms of it.
 *
 * <p>Uses {@code asr.io} and {@code asr.routing}. Used by {@code app}, the commands, the window, most of the library,
 * {@code eval} and {@code export}.
 */
package org.omniscribe.asr.transcript;
