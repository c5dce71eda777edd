/**
 * {@code omniscribe data}: the corpora of the benchmarks.
 *
 * <p>Uses {@code app.command}, {@code datasets}, {@code datasets.corpora} and {@code datasets.download}. Used by
 * {@code app}, where the program starts.
 */
package org.omniscribe.app.cli.data;
