/**
 * Model bundles and the networks in them.
 *
 * <p>Uses {@code asr.feature}, {@code asr.io} and {@code asr.routing}. Used by {@code app}, the commands, the window,
 * most of the library, {@code eval} and {@code export}.
 */
package org.omniscribe.asr.model;
