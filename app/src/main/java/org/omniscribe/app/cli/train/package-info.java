/**
 * Commands that train networks, and make what they are trained on: {@code train}, {@code experiment}, {@code pseudo-label}.
 *
 * <p>Uses {@code app}, most of the library and {@code export}. Used by {@code app}, where the program starts.
 */
package org.omniscribe.app.cli.train;
