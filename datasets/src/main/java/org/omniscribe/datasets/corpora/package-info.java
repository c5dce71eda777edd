/**
 * The ten benchmarks, a class a corpus, each in its original layout.
 *
 * <p>Uses {@code asr.io}, {@code datasets} and {@code datasets.download}. Used by the commands.
 */
package org.omniscribe.datasets.corpora;
