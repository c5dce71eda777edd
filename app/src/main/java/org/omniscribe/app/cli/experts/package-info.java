/**
 * {@code omniscribe experts}: what the experts of a model do, and models with fewer of them.
 *
 * <p>Uses {@code app}, most of the library, {@code datasets}, {@code eval} and {@code export}. Used by {@code app},
 * where the program starts.
 */
package org.omniscribe.app.cli.experts;
