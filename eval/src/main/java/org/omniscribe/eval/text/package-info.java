/**
 * Normalisers: what of a text counts when it is compared with another.
 *
 * <p>Uses nothing of this project. Used by the commands, {@code app}, {@code eval} and {@code export}.
 */
package org.omniscribe.eval.text;
