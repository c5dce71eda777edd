/**
 * A dense encoder becomes the start of an Omni-router network (sparse upcycling: Komatsuzaki et al. 2022, arXiv 2212.05055).
 * Uses the parameters and names of {@code export.checkpoint}; {@code export.train} goes on from what comes out.
 *
 * <p>Uses {@code asr.feature}, {@code asr.io}, {@code asr.model} and {@code export.checkpoint}. Used by the commands
 * and {@code export.train}.
 */
package org.omniscribe.export.upcycle;
