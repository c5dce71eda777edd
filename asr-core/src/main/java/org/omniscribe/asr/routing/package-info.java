/**
 * Which expert handled which step, and measures of it.
 *
 * <p>Uses nothing of this project. Used by the window, {@code app}, most of the library, {@code eval} and {@code
 * export}.
 */
package org.omniscribe.asr.routing;
