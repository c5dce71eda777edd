/**
 * Reports of error rates that {@code omniscribe eval --json} has written.
 *
 * <p>Uses {@code app.desktop.base} and {@code asr.io}. Used by {@code app.desktop}.
 */
package org.omniscribe.app.desktop.benchmarks;
