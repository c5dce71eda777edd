/**
 * Options that several commands share, each a mix-in of picocli's.
 *
 * <p>Uses most of the library, {@code eval} and {@code export}. Used by the commands, {@code app.serve} and {@code
 * app.spark}.
 */
package org.omniscribe.app.option;
