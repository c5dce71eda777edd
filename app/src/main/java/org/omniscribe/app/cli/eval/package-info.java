/**
 * Commands that count errors: {@code eval}, {@code score}.
 *
 * <p>Uses {@code app}, most of the library, {@code datasets} and {@code eval}. Used by {@code app}, where the program
 * starts.
 */
package org.omniscribe.app.cli.eval;
