/**
 * From samples to the log-mel frames an acoustic model reads.
 *
 * <p>Uses {@code asr.io}. Used by the commands, the window, most of the library and {@code export}.
 */
package org.omniscribe.asr.feature;
