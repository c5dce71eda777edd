/**
 * Corpora as lists of utterances.
 *
 * <p>Uses {@code asr.audio}, {@code asr.io} and {@code datasets.download}. Used by the commands, {@code app.experts},
 * {@code datasets.corpora}, {@code eval.report}, {@code eval.run}, {@code export.lm} and {@code export.train}.
 */
package org.omniscribe.datasets;
